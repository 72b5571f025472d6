import { test } from "uvu";
import * as assert from "uvu/assert";
import { assembly, resource, urnOf, World } from "../../support/engine-world.js";
import type { MutatingCall } from "../../support/memory-provider.js";

const SETTLE_MS = 60_000;

/** A world in which the first call of a kind is lost before it is carried out. */
function losing(op: MutatingCall): World {
  const world = new World();
  world.provider.settleMs = SETTLE_MS;
  let lost = false;
  world.provider.trouble = (called) => {
    if (called !== op || lost) return undefined;
    lost = true;
    return "lost-before";
  };
  return world;
}

test("a run that sent a call again ends only when the first request can't arrive any more", async () => {
  const world = losing("create");
  const began = world.clock.time;
  const result = await world.deploy(assembly([resource("s/a")]));
  assert.ok(result.ok);
  assert.ok(world.clock.time - began >= SETTLE_MS);
  assert.equal(
    world.journal.entries.map((e) => e.done?.error),
    ["sent again", undefined],
  );
});

test("a run that lost no reply waits for nothing", async () => {
  const world = new World();
  world.provider.settleMs = SETTLE_MS;
  const began = world.clock.time;
  await world.deploy(assembly([resource("s/a")]));
  assert.is(world.clock.time, began);
});

test("a run whose gate shuts does not wait: the intent stays open, and the next run waits before it goes on", async () => {
  const world = losing("create");
  const sleep = world.clock.sleep.bind(world.clock);
  world.clock.sleep = (ms) => {
    world.gate.shut("SIGTERM was received");
    return sleep(ms);
  };
  await world.deploy(assembly([resource("s/a")]));
  assert.is(world.journal.entries[0]?.done, undefined);
  world.clock.sleep = sleep;
  const began = world.clock.time;
  const { problems } = await world.recover();
  assert.equal(problems, []);
  assert.ok(world.clock.time - began >= SETTLE_MS);
  assert.is(world.state.resources[urnOf("s/a")]?.status, "ok");
});

for (const [op, arrives] of [
  ["delete", "was deleted"],
  ["update", "was read again after an interrupted update"],
] as const) {
  test(`recovery waits for a ${op} that is still on its way before it says what stands`, async () => {
    const world = new World();
    await world.deploy(assembly([resource("s/a", { size: 1 })]));
    const id = world.state.resources[urnOf("s/a")]?.id as string;
    world.provider.settleMs = SETTLE_MS;
    const target = op === "delete" ? assembly([]) : assembly([resource("s/a", { size: 2 })]);
    await world.deployAndDie(target, 1);
    const sleep = world.clock.sleep.bind(world.clock);
    let slept = 0;
    world.clock.sleep = async (ms) => {
      await sleep(ms);
      slept += ms;
      if (slept < 20_000) return;
      const thing = world.provider.things.get(id);
      if (op === "delete") world.provider.things.delete(id);
      else if (thing) world.provider.things.set(id, { ...thing, inputs: { ...thing.inputs, size: 2 } });
    };
    await world.recover();
    assert.equal(
      world.events.flatMap((e) => (e.type === "recovered" ? [e.message] : [])),
      [arrives],
    );
    assert.equal(world.audit(), []);
    if (op === "update") assert.is(world.state.resources[urnOf("s/a")]?.outputs["size"], 2);
  });
}

test.run();
