import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../framework/base/errors.js";
import { dynamodbLocker } from "../../framework/lock/dynamodb.js";
import { tableClient } from "../../framework/lock/dynamodb-client.js";
import { lockKey, sideKey } from "../../framework/lock/dynamodb-keys.js";
import { cipherFrom } from "../../framework/state/cipher-source.js";
import { s3Client, s3Store } from "../../framework/state/s3.js";
import type { LockInfo, Locker } from "../../framework/model/locker.js";
import { hasMoto, type Moto, startMoto } from "../support/moto.js";
import { metadata, realClock as clock, realRandom as random } from "../support/world.js";
import { approvalContract } from "./approvals.js";
import { journalContract } from "./journal.js";
import { lockerContract } from "./locker.js";
import { releaseContract } from "./releases.js";
import { storeContract } from "./state-store.js";

const aws = suite("s3 and dynamodb on the emulator");
const region = "us-east-1";
/** AWS_ENDPOINT_URL names another endpoint than the emulator that the tests start; what they make there has a name of its own. */
const given = process.env.AWS_ENDPOINT_URL;
const own = given ? `-${Date.now().toString(36)}` : "";
const bucket = `panka-contract${own}`;
const table = `panka-state-locks${own}`;
/** Id of the KMS key. */
let key: string;
let moto: Pick<Moto, "endpoint" | "env" | "stop">;
const reach = () => ({ region, endpoint: moto.endpoint });
const store = (prefix = "stacks/shop/dev/") => s3Store({ bucket, prefix, random, ...reach() });
const place = { stack: "shop", environment: "dev", bucket };
/** What a test may reach into: the one call that sends a transaction. */
type Sender = { transact(...args: unknown[]): Promise<void> };

/**
 * The emulator undoes a refused transaction by restoring a copy of all tables, so a refused one can undo another that succeeded meanwhile
 * (moto 5.2.1). Transactions are therefore sent one at a time; reads and decisions of the contenders still interleave.
 */
let sending: Promise<unknown> = Promise.resolve();
function oneAtATime(locker: Locker): Locker {
  const sender = locker as unknown as Sender;
  const send = sender.transact.bind(sender);
  sender.transact = (...args) => {
    const sent = sending.then(() => send(...args));
    sending = sent.catch(() => {});
    return sent;
  };
  return locker;
}
const locker = (more = {}): Locker => oneAtATime(dynamodbLocker({ ...place, table, clock, random, ...reach(), ...more }));

aws.before(async () => {
  moto = given ? { endpoint: given, env: {}, stop: async () => {} } : await startMoto();
  Object.assign(process.env, moto.env, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" });
  const s3 = await s3Client(reach());
  const { CreateBucketCommand } = await import("@aws-sdk/client-s3");
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const { KMSClient, CreateKeyCommand } = await import("@aws-sdk/client-kms");
  key = (await new KMSClient(reach()).send(new CreateKeyCommand({}))).KeyMetadata?.KeyId as string;
  const { client } = await tableClient({ table, clock, ...reach() });
  const { CreateTableCommand } = await import("@aws-sdk/client-dynamodb");
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "lockKey", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "lockKey", KeyType: "HASH" }],
    }),
  );
});
aws.after(() => moto.stop());

storeContract(aws, "s3", store);
lockerContract(aws, "dynamodb", locker);
const kms = () => cipherFrom(`awskms://${key}`, { home: "/nowhere", projectRoot: "/nowhere", env: {}, random, aws: reach() });
journalContract(aws, "s3, awskms: key", store, kms);
releaseContract(aws, "s3, awskms: key", store, kms);
approvalContract(aws, "s3, awskms: key", store, kms);

aws("s3: a bucket that is not there is a usage error that names backend create", async () => {
  const none = s3Store({ bucket: "panka-nowhere", prefix: "stacks/a/b/", random, ...reach() });
  try {
    await none.get("state.json");
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.exitCode === 2);
    assert.is(error.next, "panka backend create");
  }
});

aws("dynamodb: the same table for another bucket is a usage error that names both", async () => {
  try {
    await locker({ bucket: "other-bucket" }).readHead();
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.exitCode === 2);
    assert.match(error.message, /panka-contract.*other-bucket/);
  }
});

aws("dynamodb: the lock survives the loss of its item, which the next beat puts back; the fence never repeats", async () => {
  const taken = await locker().acquire("*", metadata());
  assert.ok(taken.ok);
  if (!taken.ok) return;
  const { client } = await tableClient({ table, clock, ...reach() });
  const { DeleteItemCommand, GetItemCommand } = await import("@aws-sdk/client-dynamodb");
  const Key = { lockKey: { S: lockKey(place, "*") } };
  await client.send(new DeleteItemCommand({ TableName: table, Key }));
  assert.not((await locker().acquire("*", metadata())).ok);
  assert.is(await locker().beat(taken.lease), "mine");
  const item = (await client.send(new GetItemCommand({ TableName: table, Key }))).Item;
  assert.is(item?.lockId?.S, taken.lease.lockId);
  assert.is(item?.heartbeatSeq?.N, "1");
  await client.send(new DeleteItemCommand({ TableName: table, Key }));
  await locker().release(taken.lease);
  const next = await locker().acquire("*", metadata());
  assert.ok(next.ok && next.lease.fence === taken.lease.fence + 1);
  if (next.ok) await locker().release(next.lease);
});

aws(
  "dynamodb: a beat puts the item back whatever another scope has raised meanwhile; after a takeover the old holder puts nothing back",
  async () => {
    const { client } = await tableClient({ table, clock, ...reach() });
    const { DeleteItemCommand, GetItemCommand } = await import("@aws-sdk/client-dynamodb");
    const Key = { lockKey: { S: lockKey(place, "users") } };
    const itemOf = async () => (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
    const users = await locker().acquire("users", metadata());
    await client.send(new DeleteItemCommand({ TableName: table, Key }));
    const orders = await locker().acquire("orders", metadata());
    assert.ok(users.ok && orders.ok && orders.lease.fence > users.lease.fence);
    if (!users.ok || !orders.ok) return;
    assert.is(await locker().beat(users.lease), "mine");
    assert.is((await itemOf())?.fence?.N, String(users.lease.fence));
    await client.send(new DeleteItemCommand({ TableName: table, Key }));
    const [lock] = (await locker().list()).locks.filter((l) => l.scope === "users");
    const taken = await locker().takeover(lock as LockInfo, metadata());
    assert.ok(taken.ok && taken.lease.fence > orders.lease.fence);
    if (!taken.ok) return;
    await client.send(new DeleteItemCommand({ TableName: table, Key }));
    assert.is(await locker().beat(users.lease), "lost");
    assert.is(await itemOf(), undefined);
    for (const lease of [taken.lease, orders.lease]) await locker().release(lease);
    assert.equal((await locker().list()).locks, []);
  },
);

aws("dynamodb: a beat that was carried out and not answered, five times over, keeps the lock", async () => {
  const taken = await locker().acquire("*", metadata());
  assert.ok(taken.ok);
  if (!taken.ok) return;
  const mine = locker() as Locker & Sender;
  const send = mine.transact.bind(mine);
  mine.transact = async (...args) => {
    for (let sent = 0; sent < 5; sent++) await send(...args);
    throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
  };
  assert.match(String(await mine.beat(taken.lease).catch((error) => error)), /mine|socket hang up/);
  assert.is((await locker().list()).locks[0]?.lockId, taken.lease.lockId);
  assert.is(await locker().beat(taken.lease), "mine");
  await locker().release(taken.lease);
});

aws("dynamodb: an acquire whose reply is lost is read back as one's own, and leaves one lock", async () => {
  const mine = locker() as Locker & Sender;
  const send = mine.transact.bind(mine);
  mine.transact = async (...args) => {
    await send(...args);
    throw Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
  };
  const result = await mine.acquire("*", metadata());
  assert.ok(result.ok);
  assert.is((await locker().list()).locks.length, 1);
  if (result.ok) await mine.release(result.lease);
  assert.equal((await locker().list()).locks, []);
});

aws("dynamodb: keys carry a hash of bucket and prefix where a prefix is set", async () => {
  const other = { ...place, prefix: "team-a/" };
  assert.is(lockKey(place, "*"), "stack:shop:env:dev");
  assert.is(lockKey(place, "users"), "stack:shop:env:dev:service:users");
  assert.is(lockKey(place, "users/api"), "stack:shop:env:dev:component:users/api");
  assert.match(lockKey(other, "*"), /^stack:shop:env:dev:backend:[0-9a-f]{12}$/);
  assert.match(sideKey("head", other), /^head#shop\/dev:backend:[0-9a-f]{12}$/);
});

if (given || hasMoto()) aws.run();
else {
  console.log("SKIP s3 and dynamodb contracts: moto_server is not on PATH");
  const none = suite("no emulator");
  none("the drivers are made without it", () =>
    assert.match(dynamodbLocker({ ...place, table, region, clock, random }).location, /panka-state-locks/),
  );
  none.run();
}
