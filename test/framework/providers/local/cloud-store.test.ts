import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Clock } from "../../../../framework/base/clock.js";
import { isPankaError } from "../../../../framework/base/errors.js";
import { isProviderError } from "../../../../framework/model/provider.js";
import { loadSchemaIndex } from "../../../../framework/providers/aws/schema-index.js";
import type { CloudFile } from "../../../../framework/providers/local/cloud.js";
import type { LocalFs } from "../../../../framework/providers/local/local-fs.js";
import { createLocalProvider } from "../../../../framework/providers/local/provider.js";

const schemas = loadSchemaIndex("framework/providers/aws/data");
const clock: Clock = { now: Date.now, monotonic: () => performance.now(), sleep: (ms) => new Promise((r) => setTimeout(r, ms)) };
const TOPIC = "aws:sns/topic:Topic";
const test = suite<{ folder: string; file: string }>("local cloud on its file");
test.before.each((ctx) => {
  ctx.folder = mkdtempSync(join(tmpdir(), "panka-cloud-"));
  ctx.file = join(ctx.folder, "local-cloud.json");
});
test.after.each((ctx) => rmSync(ctx.folder, { recursive: true, force: true }));

const open = (file: string, fs?: LocalFs) => createLocalProvider({ file, schemas, region: "us-east-1", clock, ...(fs ? { fs } : {}) });
const topic = (name: string) => ({ urn: `urn:pulumi:dev::s::${TOPIC}::a/${name}`, type: TOPIC, inputs: { name } });
const cloudOf = (file: string) => JSON.parse(readFileSync(file, "utf8")) as CloudFile;
const names = (file: string) =>
  Object.values(cloudOf(file).resources)
    .map((r) => String(r.outputs.name))
    .sort();

/** Starts the writer; resolves with the names it had printed when it ended. `killAfter`: SIGKILL after so many names. */
function write(file: string, prefix: string, count: number, killAfter?: number): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "test/framework/providers/local/cloud-writer.ts", file, prefix, String(count)],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    let text = "";
    child.stdout.on("data", (d) => {
      text += d;
      if (killAfter !== undefined && text.split("\n").length > killAfter) child.kill("SIGKILL");
    });
    child.on("close", () => resolve(text.split("\n").slice(0, -1)));
  });
}

test("two processes write to one file and nothing of either is lost", async ({ file }) => {
  const [a, b] = await Promise.all([write(file, "a", 40), write(file, "b", 40)]);
  assert.is(a.length + b.length, 80);
  assert.equal(names(file), [...a, ...b].sort());
});

test("after kill -9 in the middle of writing, everything that was confirmed is there, the file is whole and the next process goes on", async ({
  file,
  folder,
}) => {
  for (const [i, after] of [1, 9, 17].entries()) {
    const confirmed = await write(file, `k${i}`, 500, after);
    assert.ok(confirmed.length < 500, "the process was killed before it was done");
    const there = new Set(names(file));
    for (const name of confirmed) assert.ok(there.has(name), `${name} was confirmed`);
  }
  await open(file).create(topic("after"));
  assert.ok(names(file).includes("after"));
  assert.equal(
    readdirSync(folder).filter((f) => f.includes(".tmp-") || f.endsWith(".lock")),
    [],
  );
});

test("a lock left by a process that is gone is taken over, also by many at once", async ({ file }) => {
  const dead = spawn(process.execPath, ["-e", ""]);
  await new Promise((r) => dead.on("close", r));
  const where = existsSync("/proc/self/ns/pid")
    ? `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${await promises.readlink("/proc/self/ns/pid")}`
    : "";
  writeFileSync(`${file}.lock`, JSON.stringify({ pid: dead.pid, started: "1", where, nonce: "x" }));
  await Promise.all(Array.from({ length: 5 }, (_, i) => open(file).create(topic(`t${i}`))));
  assert.is(names(file).length, 5);
});

test("a full disk changes nothing, says so, and the next call works", async ({ file }) => {
  let full = false;
  const fs: LocalFs = {
    ...promises,
    open: (async (...args: Parameters<typeof promises.open>) => {
      if (full && args[1] === "wx") throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      return promises.open(...args);
    }) as typeof promises.open,
  };
  const provider = open(file, fs);
  await provider.create(topic("one"));
  full = true;
  const error = await provider.create(topic("two")).catch((e: unknown) => e);
  assert.ok(isProviderError(error, "failed"));
  assert.is((error as { outcome: string }).outcome, "none");
  full = false;
  await provider.create(topic("three"));
  assert.equal(names(file), ["one", "three"]);
});

test("a broken file, or one of a newer program, is refused in one sentence and left as it is", async ({ file, folder }) => {
  mkdirSync(folder, { recursive: true });
  for (const [text, code] of [
    ["{ not json", "local-cloud-broken"],
    ['{"version": 1, "resources": {"x": {}}}', "local-cloud-broken"],
    ['{"version": 99, "resources": {}}', "local-cloud-newer"],
  ] as const) {
    writeFileSync(file, text);
    const error = await open(file)
      .create(topic("x"))
      .catch((e: unknown) => e);
    assert.ok(isPankaError(error), String(error));
    assert.is((error as { code: string }).code, code);
    assert.is(readFileSync(file, "utf8"), text);
  }
});

test("of a thousand creates at 32 side by side none is lost", async ({ file }) => {
  const provider = open(file);
  let next = 0;
  await Promise.all(
    Array.from({ length: 32 }, async () => {
      while (next < 1000) await provider.create(topic(`t${next++}`));
    }),
  );
  assert.is(names(file).length, 1000);
});

test.run();
