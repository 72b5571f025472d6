import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Finished, inFolder, panka, type Running, startPanka, jsonOf } from "../support/cli.js";
import { stackHead } from "../support/stack-text.js";

/** Topics in pairs, the second after the first: some are in flight while others have not begun. */
const files = {
  "panka.config.yaml": "version: 1\nenvironments:\n  development: { provider: local }\n",
  "stack.yaml": `${stackHead("signalled")}${["a", "b", "c"]
    .map(
      (n) => `---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: ${n}1 }
---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: ${n}2 }
spec: { dependsOn: [${n}1] }
`,
    )
    .join("")}`,
};
const DEPLOY = ["deploy", "--yes"];
/** What CI runners leave between the second signal and their kill, ms, with some for a slow machine. */
const AT_ONCE = 7_000;

/** Runs of random signals here; `npm run crash` makes 500. */
const RUNS = Number(process.env.PANKA_SIGNAL_RUNS ?? 4);

const stacks = (folder: string): string => join(folder, ".panka", "stacks", "signalled", "development");

/** Waits until the run has a durable intent. */
async function underWay(folder: string, run: Running): Promise<void> {
  const journal = join(stacks(folder), "journal");
  while (!existsSync(journal) || !readdirSync(journal, { recursive: true }).some((f) => String(f).endsWith(".json"))) {
    assert.is(run.child.exitCode, null, "the run ended before it began");
    await new Promise((r) => setTimeout(r, 20));
  }
}

const cloudOf = (folder: string): { resources: object } => JSON.parse(readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8"));

/** Waits until a call is in flight: the cloud makes what it was asked for (the fault `hold`). */
async function inFlight(folder: string, run: Running): Promise<void> {
  const file = join(folder, ".panka", "local-cloud.json");
  while (!existsSync(file) || Object.keys(cloudOf(folder).resources).length === 0) {
    assert.is(run.child.exitCode, null, "the run ended before a call was sent");
    await new Promise((r) => setTimeout(r, 20));
  }
}

/** The state as the command shows it: at rest it is sealed. */
async function stateOf(folder: string): Promise<{ resources: object }> {
  const { result } = jsonOf(await panka(folder, ["state", "show", "--json"]));
  return result.state ?? result;
}

/** The next deploy succeeds, and cloud and state say the same. */
async function converges(folder: string, why: string): Promise<void> {
  const again = await panka(folder, DEPLOY);
  assert.is(again.code, 0, `${why}\n${again.stdout}\n${again.stderr}`);
  const { resources } = cloudOf(folder);
  const state = await stateOf(folder);
  const ids = (all: object) => (Object.values(all) as { id: string }[]).map((r) => r.id).sort();
  assert.equal(ids(resources), ids(state.resources), why);
  assert.is(ids(resources).length, 6, why);
}

const isHeld = (folder: string): boolean => existsSync(join(stacks(folder), "lock"));

async function timed(run: Running, signals: NodeJS.Signals[]): Promise<{ end: Finished; ms: number }> {
  for (const [n, signal] of signals.entries()) {
    if (n > 0) await new Promise((r) => setTimeout(r, 300));
    run.child.kill(signal);
  }
  const from = performance.now();
  const end = await run.done;
  return { end, ms: performance.now() - from };
}

test("the first signal finishes what is in flight, saves, frees the lock and says what is left", async () => {
  await inFolder(files, async (folder) => {
    const held = { op: "create", times: 0, hold: 3000 };
    const run = startPanka(folder, DEPLOY, { PANKA_LOCAL_FAULTS: JSON.stringify(held) });
    await inFlight(folder, run);
    const { end } = await timed(run, ["SIGTERM"]);
    assert.is(end.code, 143, end.stdout + end.stderr);
    assert.match(end.stdout + end.stderr, /was stopped; what was done is saved/);
    const state = await stateOf(folder);
    // One to three were asked for when the signal came; none of the second of a pair was.
    const done = Object.keys(state.resources).length;
    assert.ok(done >= 1 && done <= 3, `${done} done`);
    assert.not(isHeld(folder));
    await converges(folder, "after one signal");
  });
});

test("the second signal waits for nothing: journal and lock are let go within 7 s, and the next run settles what was in flight", async () => {
  await inFolder(files, async (folder) => {
    const run = startPanka(folder, DEPLOY, { PANKA_LOCAL_LATENCY_MS: "15000" });
    await underWay(folder, run);
    const { end, ms } = await timed(run, ["SIGINT", "SIGINT"]);
    assert.is(end.code, 130, end.stdout + end.stderr);
    assert.ok(ms < AT_ONCE, `${Math.round(ms)} ms`);
    assert.not(isHeld(folder));
    await converges(folder, "after two signals");
  });
});

test("the third signal ends the process at once; the next run recovers", async () => {
  await inFolder(files, async (folder) => {
    const run = startPanka(folder, DEPLOY, { PANKA_LOCAL_LATENCY_MS: "15000" });
    await underWay(folder, run);
    run.child.kill("SIGINT");
    run.child.kill("SIGTERM");
    run.child.kill("SIGINT");
    const end = await run.done;
    assert.ok(end.code === 130 || end.code === 143, `${end.code} ${end.signal}`);
    await converges(folder, "after three signals");
  });
});

test("a signal while waiting for the lock ends the wait; the holder goes on", async () => {
  await inFolder(files, async (folder) => {
    const holder = startPanka(folder, DEPLOY, { PANKA_LOCAL_LATENCY_MS: "4000" });
    await underWay(folder, holder);
    const waiter = startPanka(folder, [...DEPLOY, "--wait", "10m"]);
    const waits = new Promise<void>((resolve) =>
      waiter.child.stderr?.on("data", (d) => /Waiting for the lock/.test(String(d)) && resolve()),
    );
    await waits;
    const { end, ms } = await timed(waiter, ["SIGINT"]);
    assert.is(end.code, 130, end.stdout + end.stderr);
    assert.match(end.stderr, /stopped by SIGINT; nothing was changed/);
    assert.ok(ms < AT_ONCE);
    assert.is((await holder.done).code, 0);
    await converges(folder, "after a cut wait");
  });
});

test(`one to three signals at random moments, ${RUNS} runs: never a loss, and after one or two the lock is free`, async () => {
  let seed = 20_260_101;
  const chance = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  await inFolder(files, async (folder) => {
    for (let n = 0; n < RUNS; n++) {
      rmSync(join(folder, ".panka"), { recursive: true, force: true });
      const run = startPanka(folder, DEPLOY, { PANKA_LOCAL_LATENCY_MS: "200" });
      const count = 1 + chance(3);
      for (let i = 0; i < count; i++) {
        await new Promise((r) => setTimeout(r, chance(1200)));
        run.child.kill(chance(2) ? "SIGINT" : "SIGTERM");
      }
      const end = await run.done;
      const why = `run ${n}: ${count} signals, exit ${end.code}/${end.signal}`;
      if (count < 3 && end.signal === null) assert.not(isHeld(folder), `${why}\n${end.stderr}`);
      await converges(folder, why);
    }
  });
});

test.run();
