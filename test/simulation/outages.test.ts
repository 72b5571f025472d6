import { test } from "uvu";
import * as assert from "uvu/assert";
import { STACK_SCOPE } from "../../framework/model/scopes.js";
import { assembly, ref, resource } from "../support/engine-world.js";
import { NODE } from "../support/memory-provider.js";
import { command } from "./actors.js";
import { type Ending, run } from "./commands.js";
import { actorOf, deployed, finished } from "./figures.js";
import { CALM, type Service } from "./network.js";
import { World } from "./world.js";

const MINUTE = 60_000;
const target = assembly([resource("s/a"), resource("s/b", { parent: ref("s/a", "arn") }), resource("s/c", {}, { type: NODE })]);
const request = { assembly: target, operation: "deploy" as const, scope: STACK_SCOPE };

/** Things of one kind, one after the other. */
function chain(length: number) {
  return assembly(Array.from({ length }, (_, i) => resource(`s/c${i}`, i === 0 ? {} : { parent: ref(`s/c${i - 1}`, "arn") })));
}

/** One deploy; how it ended. */
async function deploy(world: World, what = target): Promise<Ending> {
  const end = await finished(
    world,
    command(actorOf(world), world.hosts[0] as World["hosts"][number], "deploy", (p) => run(world, p, { ...request, assembly: what })),
  );
  assert.ok(end);
  return end as Ending;
}

const locks = (world: World): string[] =>
  Object.keys(world.table.items.get("intents#shop/dev") ?? {}).filter((k) => k.startsWith("scope:"));

for (const fault of ["lost reply", "500, done", "lost request"] as const) {
  test(`the ${fault === "500, done" ? "answer 500 of what was done" : fault} of each call in turn strands no lock and makes no false failure`, async () => {
    for (let lost = 1; ; lost++) {
      const world = new World(lost, 2);
      let calls = 0;
      let what = "";
      world.network.script = (call) => {
        calls += 1;
        if (calls === lost) what = call.what;
        return calls === lost ? fault : undefined;
      };
      const end = await deploy(world);
      if (what === "") return assert.ok(lost > 30, `${lost} calls`);
      // What was not answered may be refused with nothing done; what says done must be done.
      if (end.kind !== "done") assert.match(what, /selftest|lookup/, `${what}: ${end.kind}`);
      assert.equal(locks(world), [], `${what}: the lock is free`);
      await finished(world, deployed(world, 1, request));
      assert.is(world.cloud.memory.things.size, 3, what);
    }
  });
}

/** A deploy of some 13 minutes, with a service that refuses everything from its second minute on. */
async function during(service: Service, minutes: number): Promise<{ world: World; end: Ending }> {
  const world = new World(1, 2);
  world.cloud.readyMs = MINUTE;
  const from = 2 * MINUTE;
  world.network.script = (call) => {
    const at = world.scheduler.time;
    return call.service === service && at > from && at < from + minutes * MINUTE ? "throttled" : undefined;
  };
  return { world, end: await deploy(world, chain(13)) };
}

test("DynamoDB throttled for 8 minutes is survived", async () => {
  const { world, end } = await during("dynamodb", 8);
  assert.is(end.kind, "done");
  assert.equal(locks(world), []);
});

test("DynamoDB throttled for 15 minutes stops the run cleanly: no new step after 10 minutes, and the next run goes on", async () => {
  const { world, end } = await during("dynamodb", 15);
  assert.is(end.kind, "failed");
  assert.ok(world.cloud.memory.things.size < 13);
  world.network.script = () => undefined;
  await finished(world, deployed(world, 1, { ...request, assembly: chain(13), wait: "20m" }));
  assert.is(world.cloud.memory.things.size, 13);
});

test("409 storms: every third write is refused as conflicting, and the history stays linear", async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const world = new World(seed, 2);
    world.network.rates.s3 = { ...CALM, conflict: 0.35 };
    const end = await deploy(world);
    assert.is(end.kind, "done", `seed ${seed}`);
    await finished(world, deployed(world, 1, request));
    assert.ok((world.counts.all.get("fault: s3 409") ?? 0) > 3);
    assert.is(world.checker.serials.size, Math.max(...world.checker.serials.keys()));
  }
});

test("S3 that answers 500 and 503 to 30 % of calls, slowly: the deploy completes with one commit per serial", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const world = new World(seed, 2);
    const rates = { ...CALM, lostReply: 0.05, error500: 0.15, error503: 0.15, conflict: 0.05, slow: 0.6 };
    world.network.rates.s3 = rates;
    const end = await deploy(world);
    assert.is(end.kind, "done", `seed ${seed}: ${(end.error as Error | undefined)?.message}`);
    assert.is(world.cloud.memory.things.size, 3);
    assert.is(world.checker.serials.size, Math.max(...world.checker.serials.keys()));
  }
});

test.run();
