import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Assembly } from "../../framework/model/assembly.js";
import type { Value } from "../../framework/model/values.js";
import { audit, type CrashJob, crashesOf, emptyWorld, fork, runIn, type Durable } from "../support/crash-world.js";
import { assembly, ref, resource } from "../support/engine-world.js";
import { ORDINARY_POINTS, VERIFYING_POINTS } from "../support/kill-points.js";
import { NODE } from "../support/memory-provider.js";

/** Every n-th point is tried here; `npm run crash` tries all. */
const STRIDE = process.env.PANKA_CRASH_POINTS === "all" ? 1 : Number(process.env.PANKA_CRASH_POINTS ?? 40);
const SIZE = 200;

/** 20 groups of 10: a root, two levels below it; half are found by name, half by tags only; some hold a secret. */
function stack(more: { [key: string]: Value }): Assembly {
  const specs = Array.from({ length: SIZE }, (_, i) => {
    const group = Math.floor(i / 10);
    const n = i % 10;
    const type = (at: number) => (at % 2 ? NODE : undefined);
    const parent = n === 0 ? undefined : Math.floor((n - 1) / 3);
    const props: { [key: string]: Value } = { ...more, ...(n === 5 ? { password: { $secret: { $lookup: LOOKUP } } } : {}) };
    if (parent !== undefined) props["parent"] = ref(`g${group}/n${parent}`, "arn", type(parent));
    return resource(`g${group}/n${n}`, props, { ...(type(n) ? { type: type(n) as string } : {}) });
  });
  return assembly(specs);
}

const LOOKUP = { token: "test:index/secret:secret", args: {}, output: "secret" };

const V1 = stack({ size: 1, kind: "a" });
const JOBS: { name: string; from: Assembly | undefined; job: CrashJob; wanted: Assembly | undefined; points: number }[] = [
  { name: "create", from: undefined, job: { operation: "deploy", assembly: V1 }, wanted: V1, points: 1600 },
  {
    name: "update",
    from: V1,
    job: { operation: "deploy", assembly: stack({ size: 2, kind: "a" }) },
    wanted: stack({ size: 2, kind: "a" }),
    points: 1000,
  },
  {
    name: "replace",
    from: V1,
    job: { operation: "deploy", assembly: stack({ size: 1, kind: "b" }) },
    wanted: stack({ size: 1, kind: "b" }),
    points: 2000,
  },
  { name: "destroy", from: V1, job: { operation: "destroy", assembly: V1 }, wanted: undefined, points: 1000 },
];

/** A cloud in which `from` is deployed, with calls that take 0 to 3 turns, by chance of `seed`: the order of what is in flight differs. */
async function before(from: Assembly | undefined, seed: number): Promise<Durable> {
  const world = emptyWorld();
  world.cloud.lookups[LOOKUP.token] = { secret: "hunter2-hunter2" };
  if (from) assert.ok((await runIn(world, { operation: "deploy", assembly: from })).exitCode === 0);
  let n = seed;
  world.cloud.pause = async () => {
    n = (n * 1_103_515_245 + 12_345) % 2_147_483_648;
    for (let i = n % 4; i > 0; i--) await new Promise((resolve) => setImmediate(resolve));
  };
  return world;
}

for (const { name, from, job, wanted, points } of JOBS) {
  test(`killed at any step of a ${name} of ${SIZE} resources, the next run leaves nothing orphaned, twice or lost`, async () => {
    let all = 0;
    let tried = 0;
    const reached = new Set<string>();
    for (let seed = 1; all < points; seed++) {
      const { crashes, passed, result } = await crashesOf(await before(from, seed), job, (i) => (i + seed) % STRIDE === 0);
      assert.is(result.exitCode, 0);
      for (const [point, count] of passed) {
        reached.add(point);
        all += count;
      }
      for (const crash of crashes) {
        tried += 1;
        const again = await runIn(crash.world, job);
        const where = `${crash.point} ${crash.detail} (seed ${seed})`;
        assert.is(again.exitCode, 0, `${where}: ${JSON.stringify(again.diagnostics)}`);
        assert.equal(await audit(crash.world, wanted), [], where);
      }
    }
    assert.equal(
      ORDINARY_POINTS.filter((p) => !reached.has(p)),
      [],
      "points that were never reached",
    );
    assert.ok(tried > 0 && all >= points, `${all} points, ${tried} tried`);
    console.log(`  ${name}: ${all} points passed, ${tried} tried`);
  });
}

test("killed at any step of a run that is verified or rolled back, the next run verifies what stands and ends as the first would have", async () => {
  const small = (size: number) => assembly(Array.from({ length: 6 }, (_, i) => resource(`g${i}/n0`, { size, kind: size > 2 ? "b" : "a" })));
  const good = small(1);
  const passed = new Set<string>();
  for (const passes of [true, false]) {
    const problem = { severity: "error" as const, code: "smoke-test-failed", message: "it does not answer" };
    const job: CrashJob = { operation: "deploy", assembly: small(3), verify: () => (passes ? [] : [problem]) };
    const { crashes, passed: own } = await crashesOf(await before(good, 1), job, () => true);
    for (const point of own.keys()) passed.add(point);
    for (const crash of crashes) {
      const again = await runIn(crash.world, job);
      const where = `${passes ? "good" : "failed"} at ${crash.point} ${crash.detail}: ${again.kind} ${JSON.stringify(again.diagnostics)}`;
      const over = crash.point.startsWith("release:") || again.kind === "no-changes";
      if (!passes && over) continue;
      assert.is(again.exitCode, passes ? 0 : 6, where);
      assert.equal(await audit(crash.world, passes ? job.assembly : good), [], where);
    }
  }
  assert.equal(
    VERIFYING_POINTS.filter((p) => !passed.has(p)),
    [],
  );
});

test("a run that has nothing to recover from a kill changes nothing", async () => {
  const world = await before(V1, 1);
  const calls = world.cloud.calls.filter((c) => !c.startsWith("plan")).length;
  assert.is((await runIn(world, { operation: "deploy", assembly: V1 })).kind, "no-changes");
  assert.is(
    world.cloud.calls.filter((c) => /^(create|update|delete)/.test(c)).length,
    calls - world.cloud.calls.filter((c) => c.startsWith("lookup")).length + 1,
  );
});

test("killed during recovery, five deep, at points chosen by seed, it still converges", async () => {
  const seeds = STRIDE === 1 ? 200 : 12;
  let deepest = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const { job, from, wanted } = JOBS[seed % JOBS.length] as (typeof JOBS)[number];
    let world = await before(from, seed);
    for (let depth = 1; depth <= 5; depth++) {
      const total = depth === 1 ? 600 : 60;
      const at = (seed * 7919 * depth) % total;
      const { crashes } = await crashesOf(fork(world), job, (i) => i === at || i === 3);
      const crash = crashes.at(-1);
      if (!crash) break;
      world = crash.world;
      deepest = Math.max(deepest, depth);
    }
    const last = await runIn(world, job);
    assert.is(last.exitCode, 0, `seed ${seed}: ${JSON.stringify(last.diagnostics)}`);
    assert.equal(await audit(world, wanted), [], `seed ${seed}`);
  }
  assert.is(deepest, 5);
  console.log(`  ${seeds} runs killed five deep`);
});

test.run();
