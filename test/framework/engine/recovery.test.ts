import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Assembly } from "../../../framework/model/assembly.js";
import type { JournalEntry } from "../../../framework/model/journal.js";
import { ProviderError } from "../../../framework/model/provider.js";
import { assembly, emptyState, ref, resource, urnOf, World } from "../../support/engine-world.js";
import { LEAF, NODE } from "../../support/memory-provider.js";

/** A stack with a named one, one found by tags, and users of both. */
function stack(kind: string, size: number, more = true): Assembly {
  const parts = [
    resource("s/base", { kind, size }),
    resource("s/node", { kind, parent: ref("s/base", "arn") }, { type: NODE }),
    resource("s/first", { kind }, { options: { deleteBeforeReplace: true } }),
    resource("s/act", { size }, { actions: [{ name: "fill", args: {} }] }),
  ];
  return assembly(more ? [...parts, resource("s/user", { size, parent: ref("s/node", "arn", NODE) })] : parts);
}

const actions = { fill: async () => {} };

/** Kills a run at its n-th fault point, recovers, deploys again; the cloud and the state must agree after both. Returns where it died. */
async function killAndRecover(before: Assembly | undefined, target: Assembly, n: number): Promise<string | undefined> {
  const world = new World();
  if (before) await world.deploy(before, { actions });
  const folded = world.state;
  const where = await world.deployAndDie(target, n);
  if (where === undefined) return undefined;
  await new Promise((resolve) => setImmediate(resolve));
  world.state = folded;
  const entries = structuredClone(world.journal.entries);
  const first = await world.recover(entries);
  assert.equal(first.problems, [], where);
  assert.equal(world.audit(), [], `after recovery from ${where}`);
  const once = world.state;
  await world.recover(entries);
  assert.equal(world.state, once, `recovery twice after ${where}`);
  const result = await world.deploy(target, { actions });
  assert.ok(result.ok, `${where}: ${JSON.stringify(result.failed)}`);
  assert.equal(world.audit(), [], `after the next deploy, killed at ${where}`);
  const wanted = target.resources.map((r) => r.urn).sort();
  assert.equal(Object.keys(world.state.resources).sort(), wanted, where);
  assert.is(world.provider.things.size, wanted.length, where);
  const quiet = await world.makePlan(target);
  assert.equal(quiet.steps, [], `nothing is left to do after ${where}`);
  return where;
}

for (const [name, before, target, least] of [
  ["create", undefined, stack("x", 1), 25],
  ["update", stack("x", 1), stack("x", 2), 15],
  ["replace", stack("x", 1), stack("y", 1), 35],
  ["delete", stack("x", 1), stack("x", 1, false), 5],
  ["destroy", stack("x", 1), assembly([]), 25],
] as const) {
  test(`kill -9 at any journal step of a ${name} orphans, doubles and loses nothing`, async () => {
    const points = new Set<string>();
    let count = 0;
    for (let n = 0; ; n++) {
      const where = await killAndRecover(before, target, n);
      if (where === undefined) break;
      points.add(where.split(" ")[0] as string);
      count += 1;
    }
    assert.ok(count >= least, `only ${count} points were reached`);
    assert.is(points.size, 5, [...points].join(", "));
  });
}

/** An entry of a journal whose outcome is not known. */
function open(op: JournalEntry["intent"]["op"], where: string, more: Partial<JournalEntry["intent"]> = {}): JournalEntry {
  const urn = urnOf(where, more.type);
  const intent = { seq: 1, urn, key: urn, op, type: "test:index/thing:Thing", generation: 0, probe: { class: "A" as const } };
  return { fence: 1, seq: 1, intent: { ...intent, inputsHash: "", dependsOn: [], protect: false, at: 1_700_000_000_000, ...more } };
}

test("an instance killed while it is created is waited for, and the next plan asks whether it is whole", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { size: 3 })]);
  await world.deploy(target);
  const [thing] = world.provider.things.values();
  if (!thing) throw new Error("nothing was made");
  thing.state = "creating";
  thing.inputs = { name: thing.inputs["name"] as string };
  const { intent } = world.journal.entries[0] as JournalEntry;
  world.state = emptyState();
  await world.recover([{ fence: 1, seq: 1, intent }]);
  assert.is(thing.state, "ready");
  assert.is(world.state.resources[urnOf("s/a")]?.status, "partial");
  const result = await world.deploy(target);
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.is(world.provider.things.get(thing.id)?.inputs["size"], 3);
  assert.is(world.state.resources[urnOf("s/a")]?.status, "ok");
});

test("a thing of another stack with the same name is never adopted", async () => {
  const world = new World();
  const other = { name: "taken", tags: { "panka:lineage": "another", "panka:urn": urnOf("s/a") } };
  world.provider.things.set("x", { id: "x", type: "test:index/thing:Thing", inputs: other, revision: 1, state: "ready" });
  await world.recover([open("create", "s/a", { probe: { class: "A", importId: "taken", name: "taken" } })]);
  assert.equal(world.state.resources, {});
});

test("a named thing that was killed before it got its tags is found by its name", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { size: 1 }, { probe: { class: "B" } })]);
  await world.deploy(target);
  const [thing] = world.provider.things.values();
  if (!thing) throw new Error("nothing was made");
  thing.inputs = { name: thing.inputs["name"] as string };
  const { intent } = world.journal.entries[0] as JournalEntry;
  world.state = emptyState();
  await world.recover([{ fence: 1, seq: 1, intent }]);
  assert.equal(world.audit(), []);
  assert.ok((await world.deploy(target)).ok);
  assert.equal(Object.keys(thing.inputs), ["name"]);
  assert.ok(world.provider.things.get(thing.id)?.inputs["tags"]);
});

test("several finds stop the run and are listed", async () => {
  const world = new World();
  const tags = { "panka:lineage": world.state.lineage, "panka:urn": urnOf("s/a", NODE) };
  for (const id of ["x", "y"]) world.provider.things.set(id, { id, type: NODE, inputs: { tags }, revision: 1, state: "ready" });
  const { problems } = await world.recover([open("create", "s/a", { type: NODE, probe: { class: "B" } })]);
  assert.is(problems.length, 1);
  assert.match(problems[0]?.message ?? "", /more than once: x, y/);
  assert.ok(problems[0]?.next);
});

test("what can't be looked for stops the run, when no request for it can arrive any more", async () => {
  const world = new World();
  world.provider.settleMs = 60_000;
  const began = world.clock.time;
  const { problems } = await world.recover([open("create", "s/a", { type: LEAF, probe: { class: "D" } })]);
  assert.equal(
    problems.map((p) => p.code),
    ["unprobeable"],
  );
  assert.match(problems[0]?.next ?? "", /panka deploy --forget 'urn:pulumi:dev::shop::/);
  assert.is(world.clock.time, began + 60_000);
});

test("what the provider has no search for stops the run too, instead of being made twice", async () => {
  const world = new World();
  world.provider.findByTags = async (type) => {
    throw new ProviderError("unsupported", `resources of type ${type} can't be found by tags`);
  };
  const { problems } = await world.recover([open("create", "s/a", { type: NODE, probe: { class: "B" } })]);
  assert.equal(
    problems.map((p) => p.code),
    ["unprobeable"],
  );
});

test("a look-up by tags asks with those of the resource", async () => {
  const world = new World();
  const asked: unknown[] = [];
  world.provider.lookup = async (token, args) => {
    asked.push([token, args]);
    return {};
  };
  const lookup = { token: "test:index/getThing:getThing", args: { name: "a" }, output: "id", tagged: true as const };
  await world.recover([open("create", "s/a", { type: NODE, probe: { class: "C", lookup } })]);
  const tags = { "panka:lineage": world.state.lineage, "panka:urn": urnOf("s/a", NODE) };
  assert.equal(asked[0], ["test:index/getThing:getThing", { name: "a", tags }]);
});

test("what a look-up finds is imported by its answer and what follows it in the import id", async () => {
  const world = new World();
  const imported: string[] = [];
  world.provider.lookup = async () => ({ id: "ns-1" });
  world.provider.import = async ({ importId }) => {
    imported.push(importId);
    return null;
  };
  const lookup = { token: "test:index/getThing:getThing", args: { name: "a" }, output: "id" };
  await world.recover([open("create", "s/a", { type: NODE, probe: { class: "C", lookup, importId: ":vpc-1" } })]);
  assert.equal([...new Set(imported)], ["ns-1:vpc-1"]);
});

test("one that shows late is found within the settle time", async () => {
  const world = new World();
  world.provider.settleMs = 60_000;
  const tags = { "panka:lineage": world.state.lineage, "panka:urn": urnOf("s/a", NODE) };
  const find = world.provider.findByTags.bind(world.provider);
  world.provider.findByTags = async (type, wanted) => (world.clock.time < 1_700_000_030_000 ? [] : find(type, wanted));
  world.provider.things.set("x", { id: "x", type: NODE, inputs: { tags }, revision: 1, state: "ready" });
  await world.recover([open("create", "s/a", { type: NODE, probe: { class: "B" } })]);
  assert.is(world.state.resources[urnOf("s/a", NODE)]?.id, "x");
  assert.ok(world.clock.time >= 1_700_000_030_000);
});

test("of what is found by tags a second one is waited for, its run dead or not: a plugin may have sent the request twice", async () => {
  const world = new World();
  world.provider.settleMs = 60_000;
  const urn = urnOf("s/a", NODE);
  const tags = { "panka:lineage": world.state.lineage, "panka:urn": urn };
  const make = (id: string) => world.provider.things.set(id, { id, type: NODE, inputs: { tags }, revision: 1, state: "ready" });
  make("x");
  const sleep = world.clock.sleep.bind(world.clock);
  world.clock.sleep = async (ms) => {
    await sleep(ms);
    make("y");
  };
  await world.recover([open("create", "s/a", { type: NODE, probe: { class: "B" } })], [], 1);
  assert.equal([world.state.resources[urn]?.id, world.audit()], ["x", []]);
});

test("what two attempts of different generations find at the same time is recorded once, and not deleted", async () => {
  const world = new World();
  const target = assembly([resource("s/a", {}, { type: NODE })]);
  await world.deploy(target);
  const urn = urnOf("s/a", NODE);
  const [thing] = world.provider.things.values();
  world.state = emptyState();
  const attempts = [1, 0].map((generation) => ({
    ...open("create", "s/a", { type: NODE, probe: { class: "B" }, generation }),
    fence: 2 - generation,
  }));
  await world.recover(attempts);
  assert.equal(
    Object.entries(world.state.resources).map(([key, { id, generation }]) => [key, id, generation]),
    [[urn, thing?.id, 1]],
  );
  await world.deploy(target);
  assert.equal(world.audit(), []);
});

test("what has its name before it is made is adopted at once when its run is dead", async () => {
  const world = new World();
  world.provider.settleMs = 60_000;
  await world.deploy(assembly([resource("s/a", {})]));
  const { intent } = world.journal.entries[0] as JournalEntry;
  world.state = emptyState();
  const began = world.clock.time;
  await world.recover([{ fence: 1, seq: 1, intent }], [], 1);
  assert.equal([world.audit(), world.clock.time], [[], began]);
});

test("an interrupted update is read and asked about again, a delete is done again if the thing is there", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", { size: 1 }), resource("s/b")]));
  const a = world.state.resources[urnOf("s/a")];
  const thing = world.provider.things.get(a?.id ?? "");
  if (thing) thing.inputs = { ...thing.inputs, size: 2 };
  await world.recover([open("update", "s/a"), { ...open("delete", "s/b"), seq: 2 }]);
  assert.is(world.state.resources[urnOf("s/a")]?.status, "partial");
  assert.is(world.state.resources[urnOf("s/a")]?.inputs["size"], 1);
  assert.is(world.state.resources[urnOf("s/a")]?.outputs["size"], 2);
  assert.ok(world.state.resources[urnOf("s/b")]);
  world.provider.things.delete(world.state.resources[urnOf("s/b")]?.id ?? "");
  await world.recover([open("delete", "s/b")]);
  assert.is(world.state.resources[urnOf("s/b")], undefined);
});

test("what a late writer made beside its successor is kept as superseded, never lost", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", {}, { type: NODE })]));
  const urn = urnOf("s/a", NODE);
  const late = open("create", "s/a", { type: NODE, probe: { class: "B" } });
  world.provider.things.set("late", { id: "late", type: NODE, inputs: {}, revision: 1, state: "ready" });
  await world.recover([{ ...late, fence: 0, done: { of: 1, id: "late", outputs: {} } }]);
  assert.equal(world.audit(), []);
  assert.equal(Object.keys(world.state.resources), [urn, `${urn}#1000000`]);
});

test("a thing that the journals of several runs tell of in turn is recorded once, however often it is read", async () => {
  const world = new World();
  const target = assembly([resource("s/a", {}, { type: NODE })]);
  await world.deploy(target);
  const urn = urnOf("s/a", NODE);
  const id = world.state.resources[urn]?.id as string;
  const late = open("create", "s/a", { type: NODE, probe: { class: "B" } });
  world.provider.things.set("late", { id: "late", type: NODE, inputs: {}, revision: 1, state: "ready" });
  const told = [
    { ...late, fence: 1, done: { of: 1, id: "late", outputs: {} } },
    { ...late, fence: 2, done: { of: 1, id, outputs: {} } },
  ];
  for (let again = 0; again < 3; again++) {
    await world.recover(told);
    assert.equal(
      Object.values(world.state.resources).map((r) => r.id),
      [id, "late"],
    );
  }
  await world.deploy(target);
  assert.equal([...world.provider.things.keys()], [id]);
});

test("a create that comes to light late changes nothing of what its successors recorded of the same thing", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", { size: 2 })]));
  const before = structuredClone(world.state.resources);
  const late = open("create", "s/a", { inputs: { size: 1 } });
  await world.recover([{ ...late, fence: 0, done: { of: 1, id: before[urnOf("s/a")]?.id as string, outputs: { size: 1 } } }]);
  assert.equal(world.state.resources, before);
});

test("a create that comes to light late, of what nothing is recorded, is looked at: its successor may have adopted and deleted it", async () => {
  const world = new World();
  world.state = { ...world.state, commits: { "*": { fence: 5, nonce: "n" } } };
  const late = [{ ...open("create", "s/a", { inputs: {} }), fence: 3, done: { of: 1, id: "a", outputs: {} } }];
  await world.recover(late);
  assert.equal(world.state.resources, {});
  world.provider.things.set("a", { id: "a", type: open("create", "s/a").intent.type, inputs: {}, revision: 1, state: "ready" });
  await world.recover(late);
  assert.equal([world.state.resources[urnOf("s/a")]?.id, world.state.resources[urnOf("s/a")]?.status], ["a", "partial"]);
});

test("--forget names one attempt: it covers earlier ones at the same, and no later one", async () => {
  const world = new World();
  const attempts = [1, 2, 3].map((fence) => ({ ...open("create", "s/a", { type: LEAF, probe: { class: "D" } }), fence }));
  const { problems } = await world.recover(attempts);
  assert.equal(problems.length, 1);
  const [, urn, step] = /--forget '(.*)@(.*)'/.exec(problems[0]?.next ?? "") ?? [];
  assert.is(step, "3.1");
  assert.equal((await world.recover(attempts, [`${urn}@3.1`])).problems, []);
  assert.equal((await world.recover(attempts, [`${urn}@2.1`])).problems.length, 1);
});

test("an update that comes to light after a later run has committed is not believed: the thing is read", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", { size: 2 })]));
  const { id = "" } = world.state.resources[urnOf("s/a")] ?? {};
  world.state = { ...world.state, commits: { "*": { fence: 5, nonce: "n" } } };
  const late = open("update", "s/a", { id, inputs: { size: 1 } });
  await world.recover([{ ...late, fence: 3, done: { of: 1, id, outputs: { size: 1 } } }]);
  assert.is(world.state.resources[urnOf("s/a")]?.outputs["size"], 2);
  assert.is(world.state.resources[urnOf("s/a")]?.status, "partial");
});

test("a replaced resource that was deleted is not recorded any more, also where nothing is known of its successor", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", {}, { type: LEAF })]));
  const urn = urnOf("s/a", LEAF);
  const id = world.state.resources[urn]?.id as string;
  world.provider.things.delete(id);
  const replaced = open("delete", "s/a", { type: LEAF, key: `${urn}#1`, id });
  const { generation } = world.state.resources[urn] as { generation: number };
  await world.recover([{ ...replaced, intent: { ...replaced.intent, generation } }]);
  assert.equal(world.state.resources, {});
});

test("what a late writer's open create made beside its successor is found and kept for deletion; what stands is left as it is", async () => {
  const world = new World();
  const target = assembly([resource("s/a", {}, { type: NODE })]);
  await world.deploy(target);
  const urn = urnOf("s/a", NODE);
  const first = world.state.resources[urn];
  world.provider.settleMs = 60_000;
  const tags = { "panka:lineage": world.state.lineage, "panka:urn": urn };
  const sleep = world.clock.sleep.bind(world.clock);
  world.clock.sleep = async (ms) => {
    await sleep(ms);
    world.provider.things.set("late", { id: "late", type: NODE, inputs: { tags }, revision: 1, state: "ready" });
  };
  await world.recover([{ ...open("create", "s/a", { type: NODE, probe: { class: "B" } }), fence: 0 }]);
  assert.equal(world.audit(), []);
  assert.equal(world.state.resources[urn], first);
  await world.deploy(target);
  assert.not(world.provider.things.has("late"));
});

test("what a late writer did to a resource that was deleted and made anew since is not taken for the new one", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", {}, { type: NODE })]));
  const before = structuredClone(world.state.resources);
  const late = (op: "delete" | "update" | "action", more: object): JournalEntry => {
    const entry = open(op, "s/a", { type: NODE, id: "old", ...(op === "action" ? { action: "fill" } : {}) });
    return { ...entry, fence: 0, done: { of: 1, ...more } };
  };
  await world.recover([late("delete", { id: "old" }), late("update", { id: "old", outputs: { size: 9 } }), late("action", {})]);
  assert.equal(world.state.resources, before);
  await world.recover([{ ...open("update", "s/gone", { id: "old" }), done: { of: 1, id: "old", outputs: {} } }]);
  assert.equal(world.state.resources, before, "nor is what was deleted since brought back");
});

test("a provider that can't be asked stops the run with an error that says so", async () => {
  const world = new World();
  world.provider.import = () => Promise.reject(new ProviderError("denied", "no credentials"));
  const { problems } = await world.recover([open("create", "s/a", { probe: { class: "A", importId: "n" } })]);
  assert.match(problems[0]?.message ?? "", /no credentials/);
});

test.run();
