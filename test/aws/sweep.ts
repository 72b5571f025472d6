/** Removes what runs of the scenarios made: their stacks as their states record them, then the back end, which is the only memory of them. */
import { homedir } from "node:os";
import type { S3Client } from "@aws-sdk/client-s3";
import { createAwsProvider } from "../../framework/providers/aws/index.js";
import { systemClock } from "../support/plugin.js";
import { ROOT } from "../support/source-tree.js";
import { bucketPrefix, openSandbox, type Sandbox, TAG } from "./sandbox.js";

/** AWS's own list of tagged things shows deleted ones for a while, seconds. An emulator's does not. */
const LIST_LAG = 300;
/** Longer than the time after which a silent holder's lock is taken over (12 minutes). */
const WAIT = "15m";

/** Sweeps one run. Returns what could not be removed; bucket and table then stay, if a stack did. */
export async function sweep(s: Sandbox): Promise<string[]> {
  const s3 = await s3Client(s);
  try {
    const left: string[] = [];
    s.write({});
    for (const stack of await stacksOf(s3, s)) {
      const problem = (error: Error): unknown => left.push(`stack ${stack} (its state is in ${s.bucket}): ${error.message}`);
      await s.run(["destroy", "--yes", "--stack", stack, "--wait", WAIT]).catch(problem);
    }
    if (left.length > 0) return left;
    await removeTable(s).catch((error) => left.push(`table ${s.table}: ${(error as Error).message}`));
    await removeBucket(s3, s.bucket).catch((error) => left.push(`bucket ${s.bucket}: ${(error as Error).message}`));
    return [...left, ...(await tagged(s))];
  } finally {
    s3.destroy();
    s.close();
  }
}

/** Sweeps all runs that left a bucket in the account. Returns what could not be removed. */
export async function sweepAll(account: string, region: string, say: (line: string) => void): Promise<string[]> {
  const s3 = await s3Client({ region, endpoint: process.env.AWS_ENDPOINT_URL });
  const { ListBucketsCommand } = await import("@aws-sdk/client-s3");
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({ Prefix: bucketPrefix(account), BucketRegion: region }));
  s3.destroy();
  const left: string[] = [];
  for (const { Name = "" } of Buckets) {
    if (!Name.startsWith(bucketPrefix(account))) continue;
    const id = Name.slice(bucketPrefix(account).length);
    const found = await sweep(openSandbox({ id, account, region }));
    say(`${found.length === 0 ? "swept" : "LEFT "} ${id}`);
    left.push(...found);
  }
  return left;
}

async function s3Client({ region, endpoint }: Pick<Sandbox, "region" | "endpoint">): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  return new S3Client({ region, forcePathStyle: endpoint !== undefined });
}

/** Names of the stacks that have a state or a journal in the bucket. */
async function stacksOf(s3: S3Client, { bucket }: Sandbox): Promise<string[]> {
  const { ListObjectsV2Command, NoSuchBucket } = await import("@aws-sdk/client-s3");
  const list = s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "stacks/", Delimiter: "/" }));
  const { CommonPrefixes = [] } = await list.catch((error) => {
    if (error instanceof NoSuchBucket) return { CommonPrefixes: [] };
    throw error;
  });
  return CommonPrefixes.map(({ Prefix = "" }) => Prefix.split("/")[1] ?? "");
}

async function removeTable(s: Sandbox): Promise<void> {
  const { DeleteTableCommand, DynamoDBClient, ResourceNotFoundException } = await import("@aws-sdk/client-dynamodb");
  const client = new DynamoDBClient({ region: s.region });
  try {
    await client.send(new DeleteTableCommand({ TableName: s.table }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  } finally {
    client.destroy();
  }
}

/** Deletes a bucket with all versions of all objects in it. */
async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  const { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, NoSuchBucket } = await import("@aws-sdk/client-s3");
  try {
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) break;
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
      if (Errors[0]) throw new Error(`${Errors[0].Key}: ${Errors[0].Message}`);
    }
    await client.send(new DeleteBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof NoSuchBucket)) throw error;
  }
}

/** Deletes secrets that wait out their time for recovery. */
async function forgetSecrets(arns: string[], region: string): Promise<void> {
  if (arns.length === 0) return;
  const { DeleteSecretCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({ region });
  for (const SecretId of arns) await client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  client.destroy();
}

/** What the cloud still lists under the run's tag. Not of ECS: deleted clusters, services and task definitions stay listed there, as INACTIVE. */
async function tagged({ id, region, endpoint }: Sandbox): Promise<string[]> {
  const provider = createAwsProvider({
    ...{ region, env: process.env, home: homedir(), packageRoot: ROOT, clock: systemClock },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  try {
    const list = async (): Promise<string[]> =>
      (await provider.tagged({ [TAG]: id })).map((one) => one.id).filter((arn) => !arn.includes(":ecs:"));
    const secrets = (await list()).filter((arn) => arn.includes(":secretsmanager:"));
    await forgetSecrets(secrets, region);
    const until = performance.now() + (endpoint === undefined ? LIST_LAG * 1000 : 0);
    for (;;) {
      const found = await list();
      if (found.length === 0 || performance.now() > until) return found.map((arn) => `${arn}, which carries ${TAG}=${id}`);
      await systemClock.sleep(15_000);
    }
  } finally {
    await provider.close();
  }
}
