/** What a back end must be, part by part, and what of it is there. Reads only. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { S3Client } from "@aws-sdk/client-s3";
import { messageOf } from "../base/errors.js";
import { s3Client } from "../state/s3.js";
import { clientOptions } from "../model/client-options.js";
import type { BackendPlace } from "./backend-create.js";

/** One part: the thing itself comes first, its settings after it. */
export interface BackendPart {
  part: string;
  ok: boolean;
  /** The service's words where it could not be asked. */
  problem?: string;
}

/** All parts of a back end. */
export async function checkBackend(place: BackendPlace): Promise<BackendPart[]> {
  const [dynamodb, kms] = await Promise.all([import("@aws-sdk/client-dynamodb"), import("@aws-sdk/client-kms")]);
  const s3 = await s3Client(place);
  const table = new dynamodb.DynamoDBClient({ ...(await clientOptions(place)), maxAttempts: 4 });
  const keys = new kms.KMSClient({ ...(await clientOptions(place)), maxAttempts: 4 });
  try {
    return [
      ...(await bucketParts(s3, place.bucket)),
      ...(await tableParts(table, place.table)),
      ...(place.keyAlias ? await keyParts(keys, place.keyAlias) : []),
    ];
  } finally {
    for (const client of [s3, table, keys]) client.destroy();
  }
}

/** Names of errors that say that a thing or setting is not there. */
const ABSENT =
  /NotFound|NoSuchBucket|NoSuchPublicAccessBlock|NoSuchLifecycleConfiguration|ServerSideEncryptionConfigurationNotFound|ResourceNotFound|^404$/;

async function part(name: string, ask: () => Promise<boolean>): Promise<BackendPart> {
  try {
    return { part: name, ok: await ask() };
  } catch (error) {
    const { name: kind, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    if (ABSENT.test(kind ?? "") || $metadata?.httpStatusCode === 404) return { part: name, ok: false };
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

/** The bucket and its settings. */
export async function bucketParts(client: S3Client, Bucket: string): Promise<BackendPart[]> {
  const sdk = await import("@aws-sdk/client-s3");
  const blocked = (c: { [name: string]: unknown } = {}): boolean =>
    ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"].every((k) => c[k] === true);
  const first = await part(`bucket ${Bucket}`, async () => Boolean(await client.send(new sdk.HeadBucketCommand({ Bucket }))));
  const settings: [string, () => Promise<boolean>][] = [
    ["bucket: versioning", async () => (await client.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status === "Enabled"],
    [
      "bucket: encryption",
      async () =>
        Boolean((await client.send(new sdk.GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules?.length),
    ],
    [
      "bucket: no public access",
      async () => blocked({ ...(await client.send(new sdk.GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration }),
    ],
    [
      "bucket: old versions expire",
      async () => {
        const { Rules = [] } = await client.send(new sdk.GetBucketLifecycleConfigurationCommand({ Bucket }));
        return Rules.some((r) => r.Status === "Enabled" && r.NoncurrentVersionExpiration);
      },
    ],
  ];
  return first.ok ? [first, ...(await all(settings))] : [first, ...settings.map(([name]) => ({ part: name, ok: false }))];
}

/** The table and its settings. */
export async function tableParts(client: DynamoDBClient, TableName: string): Promise<BackendPart[]> {
  const sdk = await import("@aws-sdk/client-dynamodb");
  const first = await part(`table ${TableName}`, async () => {
    const { Table } = await client.send(new sdk.DescribeTableCommand({ TableName }));
    const [key] = Table?.KeySchema ?? [];
    if (key?.AttributeName !== "lockKey") throw new Error("its key is not lockKey: it is not a lock table");
    return true;
  });
  const settings: [string, () => Promise<boolean>][] = [
    [
      "table: time to live",
      async () => {
        const { TimeToLiveDescription: ttl } = await client.send(new sdk.DescribeTimeToLiveCommand({ TableName }));
        return ttl?.AttributeName === "expiresAt" && /^ENABL/.test(ttl.TimeToLiveStatus ?? "");
      },
    ],
    [
      "table: point-in-time recovery",
      async () => {
        const { ContinuousBackupsDescription: backups } = await client.send(new sdk.DescribeContinuousBackupsCommand({ TableName }));
        return backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === "ENABLED";
      },
    ],
  ];
  return first.ok ? [first, ...(await all(settings))] : [first, ...settings.map(([name]) => ({ part: name, ok: false }))];
}

/** The key, by its alias. */
export async function keyParts(client: KMSClient, alias: string): Promise<BackendPart[]> {
  const { DescribeKeyCommand } = await import("@aws-sdk/client-kms");
  return [
    await part(`key ${alias}`, async () => (await client.send(new DescribeKeyCommand({ KeyId: alias }))).KeyMetadata?.Enabled === true),
  ];
}

function all(settings: [string, () => Promise<boolean>][]): Promise<BackendPart[]> {
  return Promise.all(settings.map(([name, ask]) => part(name, ask)));
}
