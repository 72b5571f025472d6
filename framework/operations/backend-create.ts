/**
 * `panka backend create`: the bucket for states, the table for locks and the key for secret values. Idempotent: what is there
 * and right is left alone; nothing but these three is touched.
 */
import type { S3Client } from "@aws-sdk/client-s3";
import type { Clock } from "../base/clock.js";
import { messageOf, PankaError } from "../base/errors.js";
import { s3Client } from "../state/s3.js";
import { type AwsReach, clientOptions } from "../model/client-options.js";
import { type BackendPart, bucketParts, keyParts, tableParts } from "./backend-check.js";

/** Old versions of state objects are kept this long, days. Current objects never expire. */
export const NONCURRENT_DAYS = 90;
/** Unfinished uploads are dropped after this long, days. */
const UPLOAD_DAYS = 7;

/** What is to be made. */
export interface BackendPlace extends AwsReach {
  bucket: string;
  table: string;
  /** Alias of the key, `alias/panka-state`; undefined with --no-kms. */
  keyAlias: string | undefined;
}

/** What was done to one part. */
export interface BackendStep {
  part: string;
  action: "created" | "changed" | "kept";
}

/** Makes what is missing. Throws PankaError `backend-failed` naming the part and the service's own words. */
export async function createBackend(place: BackendPlace, clock: Clock, say: (line: string) => void): Promise<BackendStep[]> {
  const steps: BackendStep[] = [];
  for (const [name, run] of [
    ["bucket", () => makeBucket(place)],
    ["table", () => makeTable(place, clock)],
    ["key", () => makeKey(place)],
  ] as const) {
    if (name === "key" && !place.keyAlias) continue;
    say(`Checking the ${name}`);
    try {
      steps.push(...(await run()));
    } catch (error) {
      throw new PankaError("backend-failed", `the ${name} could not be made: ${messageOf(error)}`, {
        next: "panka backend check, after mending it; what is made already stays",
        cause: error,
      });
    }
  }
  return steps;
}

function stepsOf(parts: BackendPart[], made: boolean): BackendStep[] {
  return parts.map((p) => ({ part: p.part, action: p.ok ? "kept" : made ? "created" : "changed" }));
}

async function makeBucket(place: BackendPlace): Promise<BackendStep[]> {
  const sdk = await import("@aws-sdk/client-s3");
  const client = await s3Client(place);
  const Bucket = place.bucket;
  try {
    let parts = await bucketParts(client, Bucket);
    const made = parts[0]?.ok === false;
    if (made) {
      const far = place.region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: place.region as "eu-west-1" } };
      await client.send(new sdk.CreateBucketCommand({ Bucket, ...far }));
      parts = [{ part: parts[0]?.part ?? "bucket", ok: false }, ...(await bucketParts(client, Bucket)).slice(1)];
    }
    for (const part of parts) if (!part.ok) await mendBucket(client, Bucket, part.part);
    return stepsOf(parts, made);
  } finally {
    client.destroy();
  }
}

async function mendBucket(client: S3Client, Bucket: string, part: string): Promise<void> {
  const sdk = await import("@aws-sdk/client-s3");
  if (part === "bucket: versioning") {
    await client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  } else if (part === "bucket: encryption") {
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }];
    await client.send(new sdk.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  } else if (part === "bucket: no public access") {
    const all = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
    await client.send(new sdk.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: all }));
  } else if (part === "bucket: old versions expire") {
    // Noncurrent versions and unfinished uploads only: an age rule on current objects would delete the history.
    const rule = {
      ID: "panka-noncurrent",
      Status: "Enabled" as const,
      Filter: { Prefix: "" },
      NoncurrentVersionExpiration: { NoncurrentDays: NONCURRENT_DAYS },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: UPLOAD_DAYS },
    };
    await client.send(new sdk.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }));
  }
}

async function makeTable(place: BackendPlace, clock: Clock): Promise<BackendStep[]> {
  const sdk = await import("@aws-sdk/client-dynamodb");
  const client = new sdk.DynamoDBClient({ ...(await clientOptions(place)), maxAttempts: 4 });
  const TableName = place.table;
  try {
    let parts = await tableParts(client, TableName);
    const made = parts[0]?.ok === false;
    if (made) {
      await client.send(
        new sdk.CreateTableCommand({
          TableName,
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: [{ AttributeName: "lockKey", KeyType: "HASH" }],
          AttributeDefinitions: [{ AttributeName: "lockKey", AttributeType: "S" }],
          Tags: [{ Key: "panka:backend", Value: "locks" }],
        }),
      );
      await untilActive(async () => (await client.send(new sdk.DescribeTableCommand({ TableName }))).Table?.TableStatus, TableName, clock);
      parts = [{ part: parts[0]?.part ?? "table", ok: false }, ...(await tableParts(client, TableName)).slice(1)];
    }
    for (const { part, ok } of parts) {
      if (ok) continue;
      if (part === "table: time to live") {
        const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: true };
        await client.send(new sdk.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      } else if (part === "table: point-in-time recovery") {
        const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
        await client.send(new sdk.UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
      }
    }
    return stepsOf(parts, made);
  } finally {
    client.destroy();
  }
}

async function untilActive(status: () => Promise<string | undefined>, table: string, clock: Clock): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if ((await status()) === "ACTIVE") return;
    await clock.sleep(1_000);
  }
  throw new Error(`the table ${table} was not ready within a minute`);
}

async function makeKey(place: BackendPlace): Promise<BackendStep[]> {
  const sdk = await import("@aws-sdk/client-kms");
  const client = new sdk.KMSClient({ ...(await clientOptions(place)), maxAttempts: 4 });
  const AliasName = place.keyAlias as string;
  try {
    const parts = await keyParts(client, AliasName);
    if (parts[0]?.ok === false) {
      const Description = "Panka: secret values in state";
      const made = await client.send(new sdk.CreateKeyCommand({ Description, Tags: [{ TagKey: "panka:backend", TagValue: "state" }] }));
      const TargetKeyId = made.KeyMetadata?.KeyId as string;
      await client.send(new sdk.EnableKeyRotationCommand({ KeyId: TargetKeyId }));
      await client.send(new sdk.CreateAliasCommand({ AliasName, TargetKeyId }));
    }
    return stepsOf(parts, true);
  } finally {
    client.destroy();
  }
}
