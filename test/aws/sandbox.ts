/** A sandbox account: whose it is, and one run's project in it, with a back end of its own. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Finished, panka, writeFiles } from "../support/cli.js";
import { ROOT } from "../support/source-tree.js";

/** All that is made carries this tag, with the run's id as value. */
export const TAG = "panka-test";
/** The environment that all is deployed to; it is of class development, so nothing is protected. */
export const ENVIRONMENT = "cloud";

/** One run's project. Its stacks are called `<id>-<scenario>`. */
export interface Sandbox {
  id: string;
  account: string;
  region: string;
  /** `AWS_ENDPOINT_URL`: an emulator; undefined for AWS itself. */
  endpoint: string | undefined;
  bucket: string;
  table: string;
  /** Puts these files (path: text) in the place of the stack's. */
  write(files: { [path: string]: string }): void;
  /** Puts a copy of an example, without its configuration, in the place of the stack's files; returns its folder. */
  copyExample(name: string): string;
  /** Runs a command; throws with its output unless it exits with `code`. */
  run(args: string[], more?: { code?: number | null; env?: Record<string, string> }): Promise<Finished>;
  /** Removes the folder. */
  close(): void;
}

/** The account of the credentials at hand. Throws the service's own error. */
export async function accountAtHand(region: string): Promise<string | undefined> {
  const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const client = new STSClient({ region });
  try {
    return (await client.send(new GetCallerIdentityCommand({}))).Account;
  } finally {
    client.destroy();
  }
}

/** What the bucket of a run is called. */
export function bucketPrefix(account: string): string {
  return `panka-test-${account}-`;
}

/** The id of a new run: `t` and the time, base 36. */
export function newId(): string {
  return `t${Date.now().toString(36)}`;
}

/** The project of a run, also of one that ended long ago: its name says all. Nothing is made in the account. */
export function openSandbox(place: { id: string; account: string; region: string }): Sandbox {
  const { id, account, region } = place;
  const folder = mkdtempSync(join(tmpdir(), "panka-aws-"));
  const bucket = `${bucketPrefix(account)}${id}`;
  const table = `panka-test-${id}`;
  const config = `version: 1
backend: { type: s3, bucket: ${bucket}, region: ${region}, encryption: "file:key" }
locks: { type: dynamodb, table: ${table}, region: ${region} }
environments:
  ${ENVIRONMENT}: { provider: aws }
`;
  writeFileSync(join(folder, "panka.config.yaml"), config);
  // Of the id, so that a later sweep has it: what it seals are the secrets of stacks that live for minutes.
  writeFileSync(join(folder, "key"), Buffer.alloc(32, id).toString("base64"), { mode: 0o600 });
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("AWS_") || name === "PANKA_SETTLE_MS"));
  const base = { ...own, AWS_REGION: region, HOME: homedir() };
  const stack = join(folder, "stack");
  const clear = (): void => {
    rmSync(stack, { recursive: true, force: true });
    mkdirSync(stack);
  };
  clear();
  return {
    ...{ id, account, region, bucket, table, endpoint: process.env.AWS_ENDPOINT_URL },
    write: (files) => {
      clear();
      writeFiles(stack, files);
    },
    copyExample: (name) => {
      clear();
      cpSync(join(ROOT, "examples", name), stack, { recursive: true });
      rmSync(join(stack, "panka.config.yaml"));
      return stack;
    },
    run: async (args, { code = 0, env = {} } = {}) => {
      const at = readdirSync(stack).length > 0 ? stack : folder;
      const done = await panka(at, [...args, "-e", ENVIRONMENT], { ...base, ...env });
      if (done.code !== code) throw new Error(`panka ${args.join(" ")}: exit ${done.code}, not ${code}\n${done.stdout}${done.stderr}`);
      return done;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes bucket and table by `panka backend create`, and tags them. */
export async function makeBackend(s: Sandbox): Promise<void> {
  await s.run(["backend", "create", "--yes", "--no-kms"]);
  const { S3Client, PutBucketTaggingCommand } = await import("@aws-sdk/client-s3");
  const s3 = new S3Client({ region: s.region, forcePathStyle: s.endpoint !== undefined });
  await s3.send(new PutBucketTaggingCommand({ Bucket: s.bucket, Tagging: { TagSet: [{ Key: TAG, Value: s.id }] } }));
  s3.destroy();
  const { DescribeTableCommand, DynamoDBClient, TagResourceCommand } = await import("@aws-sdk/client-dynamodb");
  const dynamodb = new DynamoDBClient({ region: s.region });
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: s.table }));
  await dynamodb.send(new TagResourceCommand({ ResourceArn: Table?.TableArn, Tags: [{ Key: TAG, Value: s.id }] }));
  dynamodb.destroy();
}
