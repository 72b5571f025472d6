/** Back ends for the benchmarks: S3 and DynamoDB on an emulator, or in memory; encrypted with a key of their own. */
import { dynamodbLocker } from "../../framework/lock/dynamodb.js";
import { memoryLocker, memoryLockTable } from "../../framework/lock/memory.js";
import type { StateStore } from "../../framework/model/state-store.js";
import type { Backend } from "../../framework/operations/backend.js";
import { cipherFrom } from "../../framework/state/cipher-source.js";
import { memoryStore } from "../../framework/state/memory.js";
import { s3Store } from "../../framework/state/s3.js";
import { awsAll } from "../support/moto.js";
import { realClock as clock, realRandom as random } from "../support/world.js";

const BUCKET = "bench";
const TABLE = "bench-locks";
const REGION = "us-east-1";

/** A back end that knows when its last journal object was durable. */
export interface BenchBackend extends Backend {
  /** By performance.now; 0: there was none. */
  lastJournalPut(): number;
}

/** Makes bucket and tables (Panka's, and one as terraform wants it) on an emulator. */
export async function makeStores(endpoint: string): Promise<void> {
  const table = (name: string, key: string): string[] => [
    ...["dynamodb", "create-table", "--table-name", name, "--billing-mode", "PAY_PER_REQUEST"],
    ...["--attribute-definitions", `AttributeName=${key},AttributeType=S`, "--key-schema", `AttributeName=${key},KeyType=HASH`],
  ];
  awsAll(endpoint, [["s3api", "create-bucket", "--bucket", BUCKET], table(TABLE, "lockKey"), table("terraform-locks", "LockID")]);
}

/** S3 and DynamoDB on an emulator, for one stack. */
export function storesOn(endpoint: string, stack: string): BenchBackend {
  const reach = { region: REGION, endpoint };
  const store = s3Store({ bucket: BUCKET, prefix: `stacks/${stack}/dev/`, random, ...reach });
  const locker = dynamodbLocker({ table: TABLE, stack, environment: "dev", bucket: BUCKET, clock, random, ...reach });
  return backend(stack, store, { locker, close: async () => void (await Promise.all([store.close(), locker.close()])) });
}

/** Stores in memory: what is left is the run's own work. */
export function memoryBackend(): BenchBackend {
  return backend("bench", memoryStore(), { locker: memoryLocker({ table: memoryLockTable(), clock, random }), close: async () => {} });
}

function backend(stack: string, store: StateStore, parts: Pick<Backend, "locker" | "close">): BenchBackend {
  const env = { KEY: Buffer.alloc(32, 7).toString("base64") };
  const cipher = cipherFrom("env:KEY", { home: "/", projectRoot: "/", env, random, aws: { region: REGION } });
  let last = 0;
  const put = store.put.bind(store);
  store.put = async (key, bytes, condition) => {
    const tag = await put(key, bytes, condition);
    if (key.startsWith("journal/")) last = performance.now();
    return tag;
  };
  const lockerConfig = { type: "local" as const, folder: "/nowhere" };
  const common = { id: { stack }, store, cipher, clock, path: `${stack}/dev`, region: REGION, lockerConfig };
  return { ...common, heartbeat: { type: "inline" }, ...parts, lastJournalPut: () => last };
}
