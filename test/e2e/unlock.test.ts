import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka, startPanka } from "../support/cli.js";
import { stackHead } from "../support/stack-text.js";

const files = {
  "panka.config.yaml": "version: 1\nenvironments:\n  development: { provider: local }\n",
  "stack.yaml": `${stackHead("held")}---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: events }
`,
};

/** The locks of the stack. */
async function locks(folder: string): Promise<any[]> {
  const shown = jsonOf(await panka(folder, ["state", "locks", "--json"])).result;
  return Array.isArray(shown) ? shown : shown.locks;
}

test("a killed run's lock is shown, refuses another id, and is freed by its own", async () => {
  await inFolder(files, async (folder) => {
    const killed = await panka(folder, ["deploy", "--yes"], { PANKA_FAULT: "journal:intent-durable" });
    assert.is(killed.signal, "SIGKILL");
    const [lock] = await locks(folder);
    assert.ok(lock?.lockId);
    const other = await panka(folder, ["unlock", "--lock-id", "00000000-0000-4000-8000-000000000000", "--yes"]);
    assert.is(other.code, 4, other.stdout + other.stderr);
    assert.match(other.stdout + other.stderr, new RegExp(lock.lockId));
    const freed = await panka(folder, ["unlock", "--lock-id", lock.lockId, "--yes"]);
    assert.is(freed.code, 0, freed.stdout + freed.stderr);
    assert.equal(await locks(folder), []);
    assert.is((await panka(folder, ["deploy", "--yes"])).code, 0);
  });
});

test("a live holder is refused without --force; with it the holder writes nothing more and the next deploy settles its work", async () => {
  await inFolder(files, async (folder) => {
    const slow = startPanka(folder, ["deploy", "--yes"], { PANKA_LOCAL_LATENCY_MS: "6000" });
    let held: any[] = [];
    while (held.length === 0) held = await locks(folder);
    const refused = await panka(folder, ["unlock", "--lock-id", held[0].lockId, "--yes"]);
    assert.is(refused.code, 4, refused.stdout + refused.stderr);
    const taking = await panka(folder, ["deploy", "--takeover", "--yes"]);
    assert.is(taking.code, 4, taking.stdout + taking.stderr);
    const forced = await panka(folder, ["unlock", "--lock-id", held[0].lockId, "--force", "--yes"]);
    assert.is(forced.code, 0, forced.stdout + forced.stderr);
    const stale = await slow.done;
    assert.is.not(stale.code, 0, "the old holder must not report success");
    const next = await panka(folder, ["deploy", "--yes"]);
    assert.is(next.code, 0, next.stdout + next.stderr);
    const shown = jsonOf(await panka(folder, ["state", "show", "--json"]));
    assert.is(Object.keys((shown.result.state ?? shown.result).resources).length, 1);
  });
});

test.run();
