/** The fakes of the simulation keep the rules that the real back ends keep. */
import { test } from "uvu";
import { dynamodbLocker } from "../../framework/lock/dynamodb.js";
import { s3Store } from "../../framework/state/s3.js";
import { bucketClientOf } from "../simulation/bucket.js";
import { BUCKET, Place, TABLE } from "../simulation/place.js";
import { EPOCH, type Host, type SimProcess } from "../simulation/process.js";
import { tableClientOf } from "../simulation/table.js";
import { World } from "../simulation/world.js";
import { lockerContract } from "./locker.js";
import { storeContract } from "./state-store.js";

const REGION = "here";
let over = false;

/** A world whose virtual time goes on by itself, and a process in it. */
function running(seed: number): { world: World; process: SimProcess } {
  const world = new World(seed, 1);
  const step = async (): Promise<void> => {
    if (over) return;
    for (let moved = true; moved; ) moved = await world.scheduler.step();
    setImmediate(step);
  };
  void step();
  return { world, process: (world.hosts[0] as Host).start("contract", world.chance.fork()) };
}

const store = running(1);
storeContract(test, "simulated S3", () =>
  s3Store({
    bucket: BUCKET,
    prefix: new Place().prefix,
    region: REGION,
    random: store.process.chance,
    connect: async () => bucketClientOf(store.world.bucket, store.world.network, store.process.main),
  }),
);

const locks = running(2);
lockerContract(
  test,
  "simulated DynamoDB",
  () =>
    dynamodbLocker({
      table: TABLE,
      region: REGION,
      stack: "shop",
      environment: "dev",
      bucket: BUCKET,
      clock: locks.process.main.clock,
      random: locks.process.chance,
      connect: async () => tableClientOf(locks.world.table, locks.world.network, locks.process.main),
    }),
  () => EPOCH + locks.world.scheduler.time,
);

test.after(() => {
  over = true;
});

test.run();
