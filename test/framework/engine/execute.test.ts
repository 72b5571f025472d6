import { test } from "uvu";
import * as assert from "uvu/assert";
import { assembly, ref, resource, urnOf, World } from "../../support/engine-world.js";
import { NODE } from "../../support/memory-provider.js";

const keysOf = (world: World): string[] => Object.keys(world.state.resources).sort();
const calls = (world: World): string[] => world.provider.calls.filter((c) => !c.startsWith("plan")).map((c) => c.replace(/urn:.*::/, ""));

test("what is needed is made first, and references get the real outputs", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b", { size: 1 })], {
    "s/b": { arn: ref("s/b", "arn") },
  });
  const result = await world.deploy(target);
  assert.ok(result.ok);
  assert.equal(calls(world), ["create s/b", "create s/a"]);
  const b = world.state.resources[urnOf("s/b")];
  assert.is(world.state.resources[urnOf("s/a")]?.inputs["parent"], b?.outputs["arn"]);
  assert.equal(result.state.outputs, { "s/b": { arn: b?.outputs["arn"] } });
  assert.equal(world.audit(), []);
});

test("a second deploy asks nobody and does nothing", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b")]);
  await world.deploy(target);
  world.provider.calls.length = 0;
  const result = await world.deploy(target);
  assert.ok(result.ok);
  assert.equal(world.provider.calls, []);
  assert.is(world.plan?.summary.same, 2);
  assert.equal(world.plan?.steps, []);
});

test("a replacement is made before the old one goes, and its users move over in between", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b", { kind: "x" })]));
  const old = world.state.resources[urnOf("s/b")]?.id as string;
  world.provider.calls.length = 0;
  const result = await world.deploy(assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b", { kind: "y" })]));
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.equal(calls(world), ["create s/b", "update s/a", "delete s/b"]);
  assert.not.ok(world.provider.things.has(old));
  assert.is(world.state.resources[urnOf("s/b")]?.generation, 1);
  assert.equal(keysOf(world), [urnOf("s/a"), urnOf("s/b")].sort());
  assert.equal(world.audit(), []);
});

test("a failed user keeps the old generation alive; the next run finishes the job", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b", { kind: "x" })]));
  const target = assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b", { kind: "y" })]);
  world.provider.trouble = (op) => (op === "update" ? "refuse" : undefined);
  const broken = await world.deploy(target);
  assert.not.ok(broken.ok);
  assert.equal(
    broken.failed.map((f) => f.component),
    ["s/a"],
  );
  assert.ok(keysOf(world).includes(`${urnOf("s/b")}#0`));
  assert.equal(world.audit(), []);
  world.provider.trouble = () => undefined;
  const result = await world.deploy(target);
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.is(world.provider.things.size, 2);
  assert.equal(world.audit(), []);
});

test("with delete-first the old chain goes from its users down, then the new one is made", async () => {
  const world = new World();
  const chain = (kind: string): ReturnType<typeof assembly> =>
    assembly([
      resource("s/a", { anchor: ref("s/b", "arn", NODE) }, { type: NODE }),
      resource("s/b", { kind }, { type: NODE, options: { deleteBeforeReplace: true } }),
    ]);
  await world.deploy(chain("x"));
  world.provider.calls.length = 0;
  const result = await world.deploy(chain("y"));
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.equal(calls(world), ["delete s/a", "delete s/b", "create s/b", "create s/a"]);
  assert.equal(world.audit(), []);
});

test("what left the code is deleted last, users before what they use", async () => {
  const world = new World();
  await world.deploy(
    assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b", { parent: ref("s/c", "arn") }), resource("s/c")]),
  );
  world.provider.calls.length = 0;
  const result = await world.deploy(assembly([resource("s/new")]));
  assert.ok(result.ok);
  assert.equal(calls(world), ["create s/new", "delete s/a", "delete s/b", "delete s/c"]);
  assert.equal(world.audit(), []);
});

test("destroy deletes everything and leaves an empty state", async () => {
  const world = new World();
  const target = assembly([resource("s/a", { parent: ref("s/b", "arn") }), resource("s/b")]);
  await world.deploy(target);
  const result = await world.deploy(target, {}, { destroy: true });
  assert.ok(result.ok);
  assert.equal(result.state.resources, {});
  assert.equal(result.state.outputs, {});
  assert.is(world.provider.things.size, 0);
});

test("what may stay in the cloud is only dropped from the state", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", {}, { options: { retainOnDelete: true } })]));
  await world.deploy(assembly([]));
  assert.equal(world.state.resources, {});
  assert.is(world.provider.things.size, 1);
});

test("after a failure the users are skipped and named, the rest is finished", async () => {
  const world = new World();
  world.provider.trouble = (op, urn) => (op === "create" && urn === urnOf("s/b") ? "refuse" : undefined);
  const result = await world.deploy(
    assembly([
      resource("s/a", { parent: ref("s/b", "arn") }),
      resource("s/top", { parent: ref("s/a", "arn") }),
      resource("s/b"),
      resource("s/c"),
    ]),
  );
  assert.not.ok(result.ok);
  assert.equal(
    result.failed.map((f) => [f.component, f.code]),
    [["s/b", "denied"]],
  );
  assert.equal(
    result.skipped.map((s) => [s.component, s.message]),
    [
      ["s/a", "s/b failed"],
      ["s/top", "s/a was skipped"],
    ],
  );
  assert.equal(keysOf(world), [urnOf("s/c")]);
  assert.equal(world.audit(), []);
});

test("a half-made resource is recorded as such and mended by the next run", async () => {
  const world = new World();
  world.provider.trouble = (op) => (op === "create" ? "partial" : undefined);
  const target = assembly([resource("s/a", { size: 4 })]);
  assert.not.ok((await world.deploy(target)).ok);
  assert.is(world.state.resources[urnOf("s/a")]?.status, "partial");
  assert.equal(world.audit(), []);
  world.provider.trouble = () => undefined;
  const result = await world.deploy(target);
  assert.ok(result.ok);
  assert.is(world.plan?.summary.update, 1);
  assert.match(world.plan?.changes[0]?.reasons[0] ?? "", /half-made/);
  assert.is(world.state.resources[urnOf("s/a")]?.status, "ok");
  assert.is(world.state.resources[urnOf("s/a")]?.outputs["size"], 4);
});

for (const trouble of ["lost-after", "lost-before"] as const) {
  for (const type of [undefined, NODE]) {
    test(`a create whose reply is lost (${trouble}, ${type ?? "named"}) is probed at once and made exactly once`, async () => {
      const world = new World();
      world.provider.settleMs = 60_000;
      let lost = false;
      world.provider.trouble = (op) => {
        if (op !== "create" || lost) return undefined;
        lost = true;
        return trouble;
      };
      const result = await world.deploy(assembly([resource("s/a", { size: 1 }, type ? { type } : {})]));
      assert.ok(result.ok, JSON.stringify(result.failed));
      assert.is(world.provider.things.size, 1);
      assert.equal(world.audit(), []);
      assert.is(Object.values(world.state.resources)[0]?.status, "ok");
    });
  }
}

test("an update or delete whose reply is lost is read back", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", { size: 1 }), resource("s/b")]));
  const seen = new Set<string>();
  world.provider.trouble = (op) => {
    if (seen.has(op)) return undefined;
    seen.add(op);
    return op === "delete" ? "lost-after" : "lost-before";
  };
  const result = await world.deploy(assembly([resource("s/a", { size: 2 })]));
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.equal(seen, new Set(["update", "delete"]));
  assert.is(world.state.resources[urnOf("s/a")]?.outputs["size"], 2);
  assert.equal(world.audit(), []);
});

test("throttled calls are tried again with fewer at once", async () => {
  const world = new World();
  const tried = new Map<string, number>();
  world.provider.pause = () => new Promise((resolve) => setImmediate(resolve));
  world.provider.trouble = (_op, urn) => {
    tried.set(urn, (tried.get(urn) ?? 0) + 1);
    return (tried.get(urn) ?? 0) <= 2 ? "throttle" : undefined;
  };
  const result = await world.deploy(assembly(Array.from({ length: 40 }, (_, i) => resource(`s/t${i}`))), { parallel: 16 });
  assert.ok(result.ok);
  assert.is(world.provider.things.size, 40);
  assert.ok(world.provider.mostAtOnce <= 16);
});

test("a shut gate lets what is in flight finish and starts nothing more", async () => {
  const world = new World();
  world.provider.pause = async (_op, urn) => {
    if (urn === urnOf("s/a")) world.gate.shut("stopped by SIGINT");
    await new Promise((resolve) => setImmediate(resolve));
  };
  const result = await world.deploy(assembly([resource("s/a"), resource("s/b", { parent: ref("s/a", "arn") }), resource("s/c")]), {
    parallel: 1,
  });
  assert.ok(result.interrupted);
  assert.equal(result.failed, []);
  assert.equal(keysOf(world), [urnOf("s/a")]);
  assert.equal(
    result.skipped.map((s) => s.component),
    ["s/c", "s/b"],
  );
  assert.equal(world.audit(), []);
});

test("a second stop waits for nothing; what is in flight stays an open intent", async () => {
  const world = new World();
  const stop = new AbortController();
  world.provider.pause = () => {
    stop.abort();
    return new Promise(() => {});
  };
  const result = await world.deploy(assembly([resource("s/a")]), { signal: stop.signal });
  assert.ok(result.interrupted);
  assert.is(world.journal.entries.length, 1);
  assert.is(world.journal.entries[0]?.done, undefined);
  assert.ok(world.journal.closed);
});

test("a journal that can't be written stops the run before the call", async () => {
  const world = new World();
  const target = assembly([resource("s/a")]);
  const plan = await world.makePlan(target);
  world.provider.calls.length = 0;
  const run = world.run(plan, target);
  world.journal.intent = () => Promise.reject(new Error("no space left"));
  const result = await run;
  assert.ok(result.interrupted);
  assert.equal(world.provider.calls, []);
  assert.match(result.skipped[0]?.message ?? "", /no space left/);
});

test("actions run after create, are recorded, and run again where they failed", async () => {
  const world = new World();
  const target = assembly([resource("s/a", {}, { actions: [{ name: "fill", args: { of: ref("s/a", "arn") } }] })]);
  const ran: unknown[] = [];
  let fail = true;
  const actions = {
    fill: async ({ args }: { args: { [key: string]: unknown } }) => {
      ran.push(args["of"]);
      if (fail) throw new (await import("../../../framework/base/errors.js")).PankaError("no", "not now");
    },
  };
  assert.not.ok((await world.deploy(target, { actions })).ok);
  assert.is(world.state.resources[urnOf("s/a")]?.status, "ok");
  fail = false;
  assert.ok((await world.deploy(target, { actions })).ok);
  assert.equal(world.state.resources[urnOf("s/a")]?.actionsDone, ["fill"]);
  assert.equal(ran, [world.state.resources[urnOf("s/a")]?.outputs["arn"], world.state.resources[urnOf("s/a")]?.outputs["arn"]]);
  await world.deploy(target, { actions });
  assert.is(ran.length, 2);
});

test("new options of an unchanged resource are recorded without a call", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a")]));
  world.provider.calls.length = 0;
  const result = await world.deploy(assembly([resource("s/a", {}, { options: { protect: true } })]));
  assert.ok(result.ok);
  assert.equal(world.provider.calls, []);
  assert.is(world.state.resources[urnOf("s/a")]?.protect, true);
});

test("a renamed component with an alias keeps its resource", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a"), resource("s/b", { parent: ref("s/a", "arn") })]));
  const id = world.state.resources[urnOf("s/a")]?.id;
  const target = assembly([
    resource("s/a2", {}, { options: { aliases: [urnOf("s/a")] } }),
    resource("s/b", { parent: ref("s/a2", "arn") }),
  ]);
  const result = await world.deploy(target);
  assert.ok(result.ok, JSON.stringify(result.failed));
  assert.is(world.state.resources[urnOf("s/a2")]?.id, id);
  assert.equal(world.state.resources[urnOf("s/b")]?.dependsOn, [urnOf("s/a2")]);
  assert.is(world.provider.things.size, 2);
});

test("a replacement feared for an unknown value is not carried out when the value stays", async () => {
  const world = new World();
  const build = (size: number): ReturnType<typeof assembly> =>
    assembly([resource("s/a", { anchor: { $text: ["v", ref("s/b", "parent")] } }), resource("s/b", { size, parent: "p" })]);
  await world.deploy(build(1));
  const id = world.state.resources[urnOf("s/a")]?.id;
  await world.deploy(build(2));
  assert.is(world.state.resources[urnOf("s/a")]?.id, id);
  assert.equal(world.audit(), []);
});

test("the state is folded at most every 10 s while things are made", async () => {
  const world = new World();
  let folds = 0;
  world.provider.pause = async () => {
    world.clock.time += 4000;
  };
  const target = assembly(Array.from({ length: 10 }, (_, i) => resource(`s/t${i}`)));
  await world.deploy(target, {
    parallel: 1,
    fold: async (state) => {
      folds += 1;
      assert.ok(Object.keys(state.resources).length < 10);
    },
  });
  assert.is(folds, 3);
});

test("what is replaced is saved in its old place or its new one, never in both", async () => {
  const world = new World();
  await world.deploy(assembly([resource("s/a", { kind: "a" }), resource("s/b", { kind: "a" })]));
  world.provider.pause = async () => {
    world.clock.time += 11_000;
  };
  const saved: string[][] = [];
  await world.deploy(assembly([resource("s/a", { kind: "b" }), resource("s/b", { kind: "b" })]), {
    fold: async ({ resources }) => void saved.push(Object.values(resources).map((r) => r.id)),
  });
  assert.ok(saved.length > 0);
  for (const ids of saved) assert.is(new Set(ids).size, ids.length, ids.join(" "));
});

test("secrets that come back in outputs are marked as such", async () => {
  const world = new World();
  world.provider.lookups["test:secret"] = { secret: "hunter2hunter2" };
  const secret: Value = { $secret: { $lookup: { token: "test:secret", args: {}, output: "secret" } } };
  await world.deploy(assembly([resource("s/a", { note: secret })]));
  const a = world.state.resources[urnOf("s/a")];
  assert.is(a?.inputs["note"], "hunter2hunter2");
  assert.equal(a?.secretPaths, ["inputs.note", "outputs.note"]);
  assert.not.match(JSON.stringify(world.journal.entries.map((e) => e.intent.inputsHash)), /hunter2/);
  assert.not.match(JSON.stringify([world.plan?.changes, world.plan?.lookups, world.state.lookups, world.events]), /hunter2/);
});

import type { Value } from "../../../framework/model/values.js";

test.run();
