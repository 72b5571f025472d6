import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../../framework/base/json.js";
import { isPankaError } from "../../../framework/base/errors.js";
import type { Diagnostic } from "../../../framework/base/diagnostics.js";
import type { Change } from "../../../framework/model/plan.js";
import type { Value } from "../../../framework/model/values.js";
import { checkGuards } from "../../../framework/plan/guards.js";
import { assembly, ref, resource, urnOf, World } from "../../support/engine-world.js";
import { NODE } from "../../support/memory-provider.js";

const changeOf = (changes: readonly Change[], component: string): Change => {
  const found = changes.find((c) => c.component === component);
  if (!found) throw new Error(`no change of ${component}`);
  return found;
};

async function problemsOf(promise: Promise<unknown>): Promise<Diagnostic[]> {
  try {
    await promise;
  } catch (error) {
    if (isPankaError(error)) return error.diagnostics;
    throw error;
  }
  throw new Error("no problem was found");
}

test("a first plan shows names and lineage as (new), unknown, and has the hash that a filled plan has", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { size: 1 }), resource("s/b", { note: { $text: ["of ", ref("s/a", "name")] } })]);
  const bare = await world.makePlan(target, { state: null });
  const name = changeOf(bare.changes, "s/a").properties.find((p) => p.path === "name");
  assert.equal(name, { path: "name", secret: false, unknown: true, replaces: false, after: "shop-dev-s-a-(new)" });
  assert.is(changeOf(bare.changes, "s/b").properties.find((p) => p.path === "note")?.after, "of shop-dev-s-a-(new)");
  assert.not.match(JSON.stringify(bare.changes), /00000000-0000/);
  const filled = await world.makePlan(target, { serial: 0 });
  assert.match(JSON.stringify(filled.changes), /shop-dev-s-a-[a-z2-7]{8}/);
  assert.is(filled.planHash, bare.planHash);
  const other = await world.makePlan(assembly([resource("s/a", { size: 2 }), ...target.resources.slice(1)]), { serial: 0 });
  assert.is.not(other.planHash, bare.planHash);
});

test("equal input gives equal bytes, whatever the order of the answers", async () => {
  const target = assembly([
    ...Array.from({ length: 20 }, (_, i) => resource(`s/t${i}`, { parent: ref("s/base", "arn") })),
    resource("s/base"),
  ]);
  const plans = await Promise.all(
    [1, 7, 32].map(async (parallel) => {
      const world = new World();
      const ask = world.provider.plan.bind(world.provider);
      world.provider.plan = async (call) => {
        await new Promise((resolve) => setTimeout(resolve, (call.urn.length * 7) % 5));
        return ask(call);
      };
      return JSON.stringify(await world.makePlan(target, { parallel }));
    }),
  );
  assert.is(plans[0], plans[1]);
  assert.is(plans[1], plans[2]);
});

test("each difference is shown by property, with structure inside JSON, and says what forces a replacement", async () => {
  const world = new World();
  const build = (kind: string, size: number, action: string): ReturnType<typeof assembly> =>
    assembly([
      resource("s/a", { kind, size, policy: { $json: { Version: "1", Statement: [{ Effect: "Allow", Action: [action, "b"] }] } } }),
    ]);
  await world.deploy(build("x", 1, "a"));
  const inPlace = await world.makePlan(build("x", 2, "c"));
  assert.equal(changeOf(inPlace.changes, "s/a"), {
    urn: urnOf("s/a"),
    component: "s/a",
    type: "test:index/thing:Thing",
    action: "update",
    reasons: ["policy.Statement[0].Action[0] and size changed"],
    properties: [
      { path: "policy.Statement[0].Action[0]", secret: false, unknown: false, replaces: false, before: "a", after: "c" },
      { path: "size", secret: false, unknown: false, replaces: false, before: 1, after: 2 },
    ],
  });
  const anew = changeOf((await world.makePlan(build("y", 1, "a"))).changes, "s/a");
  assert.is(anew.action, "replace");
  assert.equal(anew.reasons, ["kind changed and can't be changed in place"]);
  assert.equal(
    anew.properties.map((p) => [p.path, p.replaces]),
    [["kind", true]],
  );
});

test("a replaced resource's users see unknown outputs, and the new generation has a new name", async () => {
  const world = new World();
  const build = (kind: string): ReturnType<typeof assembly> =>
    assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b", { kind }), resource("s/c", { note: ref("s/b", "kind") })]);
  await world.deploy(build("x"));
  const plan = await world.makePlan(build("y"));
  assert.equal(plan.summary, { create: 0, update: 2, replace: 1, delete: 0, same: 0 });
  assert.equal(changeOf(plan.changes, "s/a").properties, [
    {
      path: "parent",
      secret: false,
      unknown: true,
      replaces: false,
      before: world.state.resources[urnOf("s/b")]?.outputs["arn"],
      after: null,
    },
  ]);
  assert.is(changeOf(plan.changes, "s/c").properties[0]?.after, "y");
  const step = plan.steps.find((s) => s.change.action === "replace");
  assert.is(step?.generation, 1);
  assert.is(step?.deleteBeforeReplace, false);
});

test("a thing that the user named is deleted before its successor is made", async () => {
  const world = new World();
  const build = (kind: string): ReturnType<typeof assembly> => assembly([resource("s/a", { name: "mine", kind })]);
  await world.deploy(build("x"));
  const plan = await world.makePlan(build("y"));
  assert.is(plan.steps[0]?.deleteBeforeReplace, true);
  assert.match(plan.steps[0]?.change.reasons.join() ?? "", /deleted first, because "name" is given/);
  const result = await world.run(plan, build("y"));
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.equal(world.audit(), []);
});

test("ignored properties keep what was recorded", async () => {
  const world = new World();
  const build = (size: number): ReturnType<typeof assembly> =>
    assembly([resource("s/a", { size, note: "n" }, { options: { ignoreChanges: ["size"] } })]);
  await world.deploy(build(1));
  world.provider.calls.length = 0;
  const plan = await world.makePlan(build(2));
  assert.is(plan.summary.same, 1);
  assert.equal(world.provider.calls, []);
  assert.is(world.state.resources[urnOf("s/a")]?.inputs["size"], 1);
});

test("secret values are shown as such, literal parts beside them in clear", async () => {
  const world = new World();
  world.provider.lookups["test:secret"] = { secret: "hunter2hunter2", value: "plain" };
  const secret: Value = { $secret: { $lookup: { token: "test:secret", args: {}, output: "secret" } } };
  const target = assembly([resource("s/a", { password: secret, note: "n", policy: { $json: { open: 1, closed: secret } } })]);
  await world.deploy(target);
  world.provider.lookups["test:secret"] = { secret: "changed-changed" };
  const plan = await world.makePlan(target);
  const text = JSON.stringify([plan.changes, plan.notices, plan.lookups]);
  assert.not.match(text, /hunter2|changed-changed/);
  assert.equal(
    changeOf(plan.changes, "s/a").properties.map((p) => [p.path, p.before, p.after, p.secret]),
    [
      ["password", "[secret]", "[secret]", true],
      ["policy.closed", "[secret]", "[secret]", true],
    ],
  );
});

test("look-ups are read once, kept in the state, and read again on a refresh or when their arguments change", async () => {
  const world = new World();
  world.provider.lookups["test:zones"] = { names: ["a", "b"] };
  const look = (filter: string): Value => ({ $lookup: { token: "test:zones", args: { filter }, output: "names[1]" } });
  const build = (filter: string): ReturnType<typeof assembly> =>
    assembly([resource("s/a", { note: look(filter) }), resource("s/b", { note: look(filter) })]);
  await world.deploy(build("x"));
  assert.is(world.state.resources[urnOf("s/a")]?.inputs["note"], "b");
  const asked = (): number => world.provider.calls.filter((c) => c.startsWith("lookup")).length;
  assert.is(asked(), 1);
  await world.makePlan(build("x"));
  assert.is(asked(), 1);
  await world.makePlan(build("y"));
  assert.is(asked(), 2);
  await world.makePlan(build("x"), { refreshed: { changed: [], gone: [] } });
  assert.is(asked(), 3);
});

test("a look-up that finds nothing is an error that names the component, beside all other problems", async () => {
  const world = new World();
  const nothing: Value = { $lookup: { token: "test:none", args: {}, output: "id" } };
  const problems = await problemsOf(world.makePlan(assembly([resource("s/a", { note: nothing }), resource("s/b", { parent: nothing })])));
  assert.equal(
    problems.map((p) => [p.path, p.message]),
    [
      ["s/a", "test:none found nothing"],
      ["s/b", "test:none found nothing"],
    ],
  );
});

test("allotted numbers are kept for ever and never given twice", async () => {
  const world = new World();
  const allot = (key: string): Value => ({ $allot: { pool: "rules", key, min: 1, max: 3 } });
  const sized = (keys: string[]): ReturnType<typeof assembly> => assembly(keys.map((k) => resource(`s/${k}`, { size: allot(k) })));
  await world.deploy(sized(["b", "c"]));
  const before = structuredClone(world.state.allotments["rules"]) as { [key: string]: number };
  await world.deploy(sized(["a", "b", "c"]));
  const after = world.state.allotments["rules"] as { [key: string]: number };
  assert.is(after["b"], before["b"]);
  assert.is(after["c"], before["c"]);
  assert.equal(Object.values(after).sort(), [1, 2, 3]);
  const problems = await problemsOf(world.makePlan(sized(["a", "b", "c", "d"])));
  assert.match(problems[0]?.message ?? "", /no number from 1 to 3 is free/);
});

test("every taggable resource carries its URN and the lineage, hashed where the URN is too long", async () => {
  const world = new World();
  const long = `s/${"x".repeat(63)}/${"r".repeat(200)}`;
  await world.deploy(assembly([resource("s/a", { tags: { team: "t" } }, { type: NODE }), resource(long, {}, { type: NODE })]));
  assert.equal(world.state.resources[urnOf("s/a", NODE)]?.inputs["tags"], {
    team: "t",
    "panka:lineage": world.state.lineage,
    "panka:urn": urnOf("s/a", NODE),
  });
  const tags = world.state.resources[urnOf(long, NODE)]?.inputs["tags"] as { [key: string]: Json };
  assert.match(String(tags["panka:urn"]), /^[0-9a-f]{64}$/);
});

test("protected resources are neither deleted nor replaced without leave, also when their line left the code", async () => {
  const world = new World();
  const build = (kind: string): ReturnType<typeof assembly> => assembly([resource("s/a", { kind }, { options: { protect: true } })]);
  await world.deploy(build("x"));
  const gone = await world.makePlan(assembly([]));
  const [refused] = checkGuards(gone, world.state);
  assert.match(refused?.message ?? "", /s\/a is protected, and the plan would delete/);
  assert.match(refused?.next ?? "", /--allow-delete s\/a/);
  assert.equal(checkGuards(gone, world.state, { allowDelete: ["s/a"] }), []);
  assert.equal(checkGuards(gone, world.state, { allowDelete: [urnOf("s/a")] }), []);
  const anew = await world.makePlan(build("y"));
  assert.match(checkGuards(anew, world.state, { allowDelete: ["s/a"] })[0]?.next ?? "", /--allow-replace s\/a/);
  assert.equal(checkGuards(anew, world.state, { allowReplace: ["s/a"] }), []);
  const unguarded = assembly([resource("s/a", { kind: "y" })]);
  assert.is(checkGuards(await world.makePlan(unguarded), world.state).length, 1);
});

test("a selection changes only what it names and lists what it leaves out", async () => {
  const world = new World();
  const build = (size: number): ReturnType<typeof assembly> =>
    assembly([resource("s/a", { size, parent: ref("t/b", "arn") }), resource("t/b", { size }), resource("t/c", { size })]);
  await world.deploy(build(1));
  const plan = await world.makePlan(build(2), { selection: { services: ["s"] } });
  assert.equal(
    plan.changes.map((c) => [c.component, c.action]),
    [["s/a", "update"]],
  );
  assert.equal(plan.leftOut, ["t/b", "t/c"]);
  const result = await world.run(plan, build(2));
  assert.ok(result.ok);
  assert.is(world.state.resources[urnOf("t/b")]?.inputs["size"], 1);
});

test("a selection on an empty state gives one error that names --with-dependencies", async () => {
  const world = new World();
  const target = assembly([
    resource("s/a", { parent: ref("t/b", "arn"), note: ref("t/c", "arn") }),
    resource("s/d", { parent: ref("t/b", "arn") }),
    resource("t/b"),
    resource("t/c"),
  ]);
  const problems = await problemsOf(world.makePlan(target, { selection: { services: ["s"] } }));
  assert.is(problems.length, 1);
  assert.match(problems[0]?.message ?? "", /s\/a needs t\/b, t\/c; s\/d needs t\/b/);
  assert.is(problems[0]?.next, "panka deploy --stack shop --service s -e dev --with-dependencies");
});

test("a selection does not delete what is still used outside of it", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a"), resource("t/b", { parent: ref("s/a", "arn") })]));
  const problems = await problemsOf(world.makePlan(assembly([resource("t/b")]), { selection: { services: ["s"] } }));
  assert.match(problems[0]?.message ?? "", /s\/a would be deleted or replaced, but t\/b/);
  const anew = assembly([resource("s/a", { kind: "y" }), resource("t/b", { parent: ref("s/a", "arn") })]);
  assert.is((await problemsOf(world.makePlan(anew, { selection: { services: ["s"] } })))[0]?.code, "still-used");
});

test("drift that a refresh found is asked about and shown", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { size: 1 }), resource("s/b")]);
  await world.deploy(target);
  const { refreshState } = await import("../../../framework/engine/refresh.js");
  const { memorySchemas } = await import("../../support/memory-provider.js");
  for (const thing of world.provider.things.values()) {
    if (thing.inputs["size"] === 1) thing.inputs = { ...thing.inputs, size: 9 };
    else world.provider.things.delete(thing.id);
  }
  const { state, refreshed } = await refreshState(world.state, world.provider, memorySchemas);
  assert.equal(refreshed, { changed: [urnOf("s/a")], gone: [urnOf("s/b")] });
  const plan = await world.makePlan(target, { state, refreshed });
  assert.equal(plan.summary, { create: 1, update: 1, replace: 0, delete: 0, same: 0 });
  assert.equal(changeOf(plan.changes, "s/a").properties, [
    { path: "size", secret: false, unknown: false, replaces: false, before: 9, after: 1 },
  ]);
});

test("user keys that begin with $ and assets reach the provider as meant", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { code: { $asset: "abc" }, policy: { $json: { $$ref: "x" } }, note: "n" })]);
  const result = await world.deploy(target, { assetPath: async (sha) => `/files/${sha}.zip` });
  assert.ok(result.ok);
  const [thing] = world.provider.things.values();
  assert.is(thing?.inputs["code"], "/files/abc.zip");
  assert.is(thing?.inputs["policy"], '{"$ref":"x"}');
  assert.equal(world.state.resources[urnOf("s/a")]?.inputs["code"], { $asset: "abc" });
  assert.equal((await world.makePlan(target)).steps, []);
});

test("10,000 unchanged resources are planned without asking the provider once; of 1,000 only the changed are shown", async () => {
  const world = new World();
  const build = (count: number, changed: number): ReturnType<typeof assembly> =>
    assembly(
      Array.from({ length: count }, (_, i) =>
        resource(`s/t${i}`, {
          size: i < changed ? 2 : 1,
          tags: { team: "platform", "cost-center": "42" },
          policy: { $json: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["a:b"], Resource: "*" }] } },
          ...(i % 10 === 0 ? {} : { parent: ref(`s/t${i - (i % 10)}`, "arn") }),
        }),
      ),
    );
  await world.deploy(build(10_000, 0));
  const target = build(10_000, 0);
  const asked = world.provider.calls.length;
  const same = await world.makePlan(target, { assemblyHash: "x" });
  assert.is(world.provider.calls.length, asked);
  assert.is(same.summary.same, 10_000);
  const some = await world.makePlan(build(1000, 10), {
    selection: { components: build(1000, 0).resources.map((r) => r.urn.split("::")[3] ?? "") },
  });
  assert.ok(some.summary.update >= 10);
});

test("a policy that the cloud gives back with other blanks is the same; one that says something else is an update", async () => {
  const { refreshState } = await import("../../../framework/engine/refresh.js");
  const { memorySchemas } = await import("../../support/memory-provider.js");
  const world = new World();
  const target = assembly([resource("s/a", { policy: { $json: { max: 3, to: "x" } } })]);
  await world.deploy(target);
  const thing = [...world.provider.things.values()][0];
  for (const [policy, action] of [
    ['{"to": "x", "max": 3}', "same"],
    ['{"to": "x", "max": 4}', "update"],
  ] as const) {
    if (thing) thing.inputs = { ...thing.inputs, policy };
    const { state, refreshed } = await refreshState(world.state, world.provider, memorySchemas);
    assert.equal(refreshed.changed, [urnOf("s/a")]);
    const plan = await world.makePlan(target, { state, refreshed });
    assert.is(changeOf(plan.changes, "s/a").action, action);
  }
});

test.run();
