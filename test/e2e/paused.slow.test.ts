import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka, startPanka } from "../support/cli.js";
import { stackHead } from "../support/stack-text.js";

const files = {
  "panka.config.yaml": "version: 1\nenvironments:\n  development: { provider: local }\n",
  "stack.yaml": `${stackHead("paused")}${[1, 2, 3]
    .map(
      (n) => `---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: t${n} }
spec: { ${n > 1 ? `dependsOn: [t${n - 1}]` : "displayName: first"} }
`,
    )
    .join("")}`,
};

/** The gate looks at the lock after a gap of more than 60 s. */
const GAP_MS = 62_000;
/** How soon the run ends once it goes on, ms, on a machine that is not busy. */
const END_MS = 5_000;

test("a run that was stopped (SIGSTOP) while a successor deployed ends within 5 s of SIGCONT and writes nothing into the state", async () => {
  if (process.platform === "win32") return console.log("SKIP a stopped run: no SIGSTOP here");
  await inFolder(files, async (folder) => {
    const stacks = join(folder, ".panka", "stacks", "paused", "development");
    const journal = join(stacks, "journal", "0000000001");
    const old = startPanka(folder, ["deploy", "--yes"], { PANKA_LOCAL_LATENCY_MS: "1500" });
    process.once("exit", () => old.child.kill("SIGKILL"));
    while (!existsSync(journal) || readdirSync(journal).length === 0) await new Promise((r) => setTimeout(r, 20));
    old.child.kill("SIGSTOP");
    const stopped = performance.now();
    const [lock] = jsonOf(await panka(folder, ["state", "locks", "--json"])).result;
    const unlocked = await panka(folder, ["unlock", "--lock-id", lock.lockId, "--force", "--yes"]);
    assert.is(unlocked.code, 0, unlocked.stderr);
    const began = performance.now();
    const successor = await panka(folder, ["deploy", "--yes"]);
    assert.is(successor.code, 0, successor.stderr);
    // What a whole deploy takes here, so that a busy machine is not taken for a slow run.
    const usual = performance.now() - began;
    const versions = () => readdirSync(stacks).filter((f) => /^state\.\d+\.json$/.test(f));
    const before = { state: readFileSync(join(stacks, "state.json"), "utf8"), versions: versions() };
    await new Promise((r) => setTimeout(r, Math.max(0, GAP_MS - (performance.now() - stopped))));
    const from = performance.now();
    old.child.kill("SIGCONT");
    const end = await old.done;
    const ms = performance.now() - from;
    assert.is(end.code, 1, end.stdout + end.stderr);
    assert.match(end.stderr, /taken over/);
    assert.ok(ms < END_MS + usual, `${Math.round(ms)} ms; a deploy took ${Math.round(usual)} ms`);
    assert.is(readFileSync(join(stacks, "state.json"), "utf8"), before.state);
    assert.equal(versions(), before.versions);
    const again = await panka(folder, ["deploy", "--yes"]);
    assert.is(again.code, 0, again.stderr);
    const { resources } = JSON.parse(readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8"));
    assert.is(Object.keys(resources).length, 3);
  });
});

test.run();
