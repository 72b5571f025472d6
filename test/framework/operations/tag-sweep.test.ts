import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../../framework/base/diagnostics.js";
import { ProviderError } from "../../../framework/model/provider.js";
import { sweepTags } from "../../../framework/operations/tag-sweep.js";
import type { EventSink } from "../../../framework/model/events.js";
import { emptyWorld, runIn } from "../../support/crash-world.js";
import { assembly, resource, World } from "../../support/engine-world.js";
import { NODE } from "../../support/memory-provider.js";

/** Three resources that are deployed; the second is found by tags only. */
async function deployed(): Promise<World> {
  const world = new World();
  await world.deploy(assembly([resource("app/a"), resource("app/b", {}, { type: NODE }), resource("app/c")]));
  return world;
}

/** What the sweep warns of. */
async function warnings(world: World): Promise<Diagnostic[]> {
  const said: Diagnostic[] = [];
  await sweepTags(world.provider, world.state, (e) => e.type === "diagnostic" && said.push(e.diagnostic));
  return said;
}

test("with one resource per URN nothing is said, and one call is all it takes", async () => {
  const world = await deployed();
  let calls = 0;
  const { tagged } = world.provider;
  world.provider.tagged = (tags) => {
    calls += 1;
    return tagged.call(world.provider, tags);
  };
  world.provider.findByTags = () => assert.unreachable() as never;
  assert.equal(await warnings(world), []);
  assert.is(calls, 1);
});

test("a run that made something looks, and says what it found", async () => {
  const codes: string[] = [];
  const durable = emptyWorld();
  const stack = (...names: string[]) => assembly(names.map((name) => resource(name, {}, { type: NODE })));
  const emit: EventSink = (e) => void (e.type === "diagnostic" && codes.push(e.diagnostic.code));
  await runIn(durable, { operation: "deploy", assembly: stack("app/a"), emit });
  assert.equal(codes, []);
  const [thing] = durable.cloud.things.values();
  assert.ok(thing);
  durable.cloud.things.set("id-stray", { ...thing, id: "id-stray" });
  await runIn(durable, { operation: "deploy", assembly: stack("app/a", "app/b"), emit });
  assert.equal(codes, ["doubled"]);
});

test("two live resources with one URN are reported with the one that the state does not know", async () => {
  const world = await deployed();
  const [id, thing] = [...world.provider.things].find(([, t]) => t.type === NODE) ?? ["", undefined];
  assert.ok(thing);
  world.provider.things.set("id-stray", { ...thing, id: "id-stray" });
  const [only, ...more] = await warnings(world);
  assert.equal(more, []);
  assert.is(only?.code, "doubled");
  assert.is(only?.path, "app/b");
  assert.match(only?.message ?? "", /2 resources carry its URN; id-stray is not in the state/);
  assert.not.match(only?.message ?? "", new RegExp(`${id} is not`));
});

test("what the cloud's list still shows of a deleted resource, and resources of another lineage, are not reported", async () => {
  const world = await deployed();
  const { tagged } = world.provider;
  world.provider.tagged = async (tags) => {
    const all = await tagged.call(world.provider, tags);
    return [...all, ...all.map((one) => ({ ...one, id: `${one.id}-deleted` }))];
  };
  assert.equal(await warnings(world), []);
});

test("a sweep that is refused is said as a warning and fails nothing", async () => {
  const world = await deployed();
  world.provider.tagged = async () => {
    throw new ProviderError("denied", "tag:GetResources is not allowed");
  };
  assert.equal(
    (await warnings(world)).map((w) => `${w.severity} ${w.code}`),
    ["warning not-swept"],
  );
});

test.run();
