import { test } from "uvu";
import * as assert from "uvu/assert";
import { adopt, type AdoptRequest, type AdoptResult } from "../../../framework/engine/adopt.js";
import type { Props } from "../../../framework/model/provider.js";
import type { ResourceSpec } from "../../../framework/model/resource.js";
import type { Value } from "../../../framework/model/values.js";
import { assembly, ref, resource, urnOf, World } from "../../support/engine-world.js";
import { LEAF, memorySchemas, NODE, THING } from "../../support/memory-provider.js";

/** Puts something into the cloud that no run has made. */
function there(world: World, id: string, inputs: Props, type = THING): void {
  world.provider.things.set(id, { id, type, inputs, revision: 1, state: "ready" });
}

function adopting(world: World, resources: ResourceSpec[], wanted: [string, string?][], more: Partial<AdoptRequest> = {}) {
  return adopt({
    state: world.state,
    assembly: assembly(resources),
    schemas: memorySchemas,
    provider: world.provider,
    wanted: new Map(wanted.map(([urn, id]) => [urn, id])),
    force: false,
    assetPath: (sha) => sha,
    ...more,
  });
}

const codes = (result: AdoptResult): string[] => result.problems.map((p) => p.code);

test("what is found is recorded as the code says where the provider sees no difference, and as found where it does", async () => {
  const world = new World();
  there(world, "t-1", { name: "old-name", kind: "box", size: 3, note: "kept by nobody" });
  const spec = resource("api/box", { kind: "box", size: 4 });
  const result = await adopting(world, [spec], [[spec.urn, "old-name"]]);
  assert.equal(result.problems, []);
  const entry = result.state.resources[spec.urn];
  assert.equal(entry?.inputs, { name: "old-name", kind: "box", size: 3, note: "kept by nobody" }, "no tags: there are none");
  assert.equal([entry?.id, entry?.generation, entry?.status], ["t-1", 0, "ok"]);

  world.state = result.state;
  const plan = await world.makePlan(assembly([spec]));
  const [change] = plan.changes;
  assert.is(change?.action, "update", "its name stays, so nothing is replaced");
  assert.equal(
    change?.properties.map((p) => [p.path, p.before, p.path === "tags" ? undefined : p.after]),
    [
      ["note", "kept by nobody", undefined],
      ["size", 3, 4],
      ["tags", undefined, undefined],
    ],
  );
});

test("what was adopted is deployed, is then the same, and is destroyed; a replacement of it has a name of Panka's", async () => {
  const world = new World();
  there(world, "t-1", { name: "old-name", kind: "box" });
  const spec = resource("api/box", { kind: "box" });
  world.state = (await adopting(world, [spec], [[spec.urn, "t-1"]])).state;
  assert.ok((await world.deploy(assembly([spec]))).ok);
  assert.is(world.provider.things.size, 1);
  assert.is(world.provider.things.get("t-1")?.inputs["name"], "old-name");
  assert.equal((await world.makePlan(assembly([spec]))).summary.same, 1);

  const other = resource("api/box", { kind: "crate" });
  assert.ok((await world.deploy(assembly([other]))).ok);
  const [made] = [...world.provider.things.values()];
  assert.is(world.provider.things.size, 1);
  assert.match(String(made?.inputs["name"]), /^shop-dev-api-box-[a-z2-7]{8}$/);
  assert.ok((await world.deploy(assembly([]))).ok);
  assert.is(world.provider.things.size, 0);
});

test("ids that follow from what was adopted before are computed; a name that Panka would make is none", async () => {
  const world = new World();
  there(world, "t-1", { name: "base" });
  there(world, "l-1", { name: "base", note: "belongs to base" }, LEAF);
  const base = resource("api/base");
  const leaf = resource(
    "api/base/rule",
    { note: ref("api/base", "name") },
    { type: LEAF, probe: { class: "A", importId: ref("api/base", "name") } },
  );
  const named = resource("api/base/other");
  const tagged = resource("api/base/node", {}, { type: NODE });
  const wanted: [string, string?][] = [[leaf.urn], [named.urn], [tagged.urn], [base.urn, "t-1"]];
  const result = await adopting(world, [base, leaf, named, tagged], wanted);
  assert.equal(result.problems, []);
  const of = Object.fromEntries(result.adoptions.map((a) => [a.urn, a]));
  assert.equal([of[base.urn]?.id, of[base.urn]?.given], ["t-1", true]);
  assert.equal([of[leaf.urn]?.id, of[leaf.urn]?.importId, of[leaf.urn]?.given], ["l-1", "base", false]);
  for (const { urn } of [named, tagged]) assert.equal([of[urn]?.id, of[urn]?.importId], [undefined, undefined], urn);
  assert.equal(Object.keys(result.state.resources).sort(), [base.urn, leaf.urn].sort());
  assert.equal(result.state.resources[leaf.urn]?.dependsOn, [base.urn]);
});

test("a name that the code gives is an id, and so is the answer of a look-up", async () => {
  const world = new World();
  there(world, "t-1", { name: "mine" });
  there(world, "t-2", { name: "looked-up" });
  world.provider.lookups["test:find"] = { value: "t-2" };
  const mine = resource("api/mine", { name: "mine" });
  const lookup = { token: "test:find", args: {} as Value, output: "value" };
  const looked = resource("api/looked", {}, { probe: { class: "C", lookup } });
  const none = resource("api/none", {}, { probe: { class: "C", lookup: { ...lookup, token: "test:nothing" } } });
  const result = await adopting(world, [mine, looked, none], [[mine.urn], [looked.urn], [none.urn]]);
  assert.equal(result.problems, []);
  assert.equal(
    result.adoptions.map((a) => [a.component, a.importId, a.id]),
    [
      ["api/looked", "t-2", "t-2"],
      ["api/mine", "mine", "t-1"],
      ["api/none", undefined, undefined],
    ],
  );
});

test("what is not there, is recorded elsewhere, or carries another's tags is a problem, and all of them are named", async () => {
  const world = new World();
  there(world, "t-1", { name: "one" });
  there(world, "t-2", { name: "two", tags: { "panka:lineage": "another", "panka:urn": "urn:theirs" } });
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => resource(`api/${name}`)) as [
    ResourceSpec,
    ResourceSpec,
    ResourceSpec,
    ResourceSpec,
  ];
  const result = await adopting(
    world,
    [a, b, c, d],
    [
      [a.urn, "t-1"],
      [b.urn, "one"],
      [c.urn, "t-2"],
      [d.urn, "nowhere"],
    ],
  );
  assert.equal(codes(result), ["taken", "of-another", "not-found"]);
  assert.match(result.problems[0]?.message ?? "", /t-1 is recorded as .*api\/a/);
  assert.match(result.problems[1]?.message ?? "", /carries the tags of urn:theirs/);
  assert.match(result.problems[2]?.message ?? "", /no test:index\/thing:Thing with the import id nowhere/);
  const forced = await adopting(world, [c], [[c.urn, "t-2"]], { force: true });
  assert.equal(codes(forced), []);
  assert.is(forced.state.resources[c.urn]?.id, "t-2");
});

test("what carries the tags of this state is found by them; with force also what a lost state recorded", async () => {
  const world = new World();
  const [mine, theirs] = [resource("api/mine", {}, { type: NODE }), resource("api/theirs", {}, { type: NODE })];
  there(world, "n-1", { tags: { "panka:lineage": world.state.lineage, "panka:urn": mine.urn } }, NODE);
  there(world, "n-2", { tags: { "panka:lineage": "lost", "panka:urn": theirs.urn } }, NODE);
  const wanted: [string][] = [[mine.urn], [theirs.urn]];
  const ids = (result: AdoptResult) => result.adoptions.map((a) => a.id);
  assert.equal(ids(await adopting(world, [mine, theirs], wanted)), ["n-1", undefined]);
  assert.equal(ids(await adopting(world, [mine, theirs], wanted, { force: true })), ["n-1", "n-2"]);
});

test("a resource of another Pulumi package is not supported yet, and said", async () => {
  const world = new World();
  const pet = resource("api/pet", {}, { options: { engine: "pulumi" } });
  assert.equal(codes(await adopting(world, [pet], [[pet.urn, "pet-1"]])), ["not-supported"]);
  assert.equal((await adopting(world, [pet], [[pet.urn]])).problems, []);
});

test("secrets of the code and of the schema are marked in what is recorded", async () => {
  const world = new World();
  there(world, "t-1", { name: "one", password: "found-password", note: "found-note-text" });
  const spec = resource("api/a", { note: { $secret: ref("api/b", "arn") } as unknown as Value });
  const other = resource("api/b");
  there(world, "t-2", { name: "two" });
  const result = await adopting(
    world,
    [spec, other],
    [
      [spec.urn, "t-1"],
      [other.urn, "t-2"],
    ],
  );
  const entry = result.state.resources[spec.urn];
  for (const path of ["inputs.note", "inputs.password", "outputs.note", "outputs.password"])
    assert.ok(entry?.secretPaths.includes(path), `${path} of ${entry?.secretPaths}`);
  assert.not.match(JSON.stringify(result.adoptions) + JSON.stringify(result.problems), /found-password|found-note/);
});

test("the guard that the code asks for is recorded, and the key of what waits for its deletion stays free", async () => {
  const world = new World();
  there(world, "t-1", { name: "one" });
  const spec = resource("api/a", {}, { options: { protect: true } });
  const old = (await adopting(world, [spec], [[spec.urn, "t-1"]])).state.resources[spec.urn];
  assert.is(old?.protect, true);
  there(world, "t-2", { name: "two" });
  world.state = {
    ...world.state,
    resources: { [`${spec.urn}#3`]: { ...(old as NonNullable<typeof old>), generation: 3, status: "deleting" } },
  };
  const again = await adopting(world, [spec], [[spec.urn, "t-2"]]);
  assert.equal(again.problems, []);
  assert.is(again.state.resources[spec.urn]?.generation, 4);
  assert.is(urnOf("api/a"), spec.urn);
});

test.run();
