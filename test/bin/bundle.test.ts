import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { panka, startPanka } from "../support/cli.js";

const it = suite<{ folder: string; cache: string; output: string }>("kept code");

it.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "panka-kept-"));
  context.cache = join(context.folder, "cache", "panka", "code");
});
it.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

/** Runs a quick command; its output, if it succeeded and said nothing on stderr. */
async function run(folder: string, cache = join(folder, "cache")): Promise<string> {
  const done = await panka(folder, ["version"], { XDG_CACHE_HOME: cache });
  assert.is(done.code, 0, done.stderr);
  assert.is(done.stderr, "");
  return done.stdout;
}

/** The one file there: its path, and what tells whether it was written anew. */
function kept(cache: string): { path: string; inode: number } {
  const names = readdirSync(cache);
  assert.is(names.length, 1, names.join());
  const path = join(cache, names[0] as string);
  return { path, inode: statSync(path).ino };
}

it("the first run of a command keeps its code for this user alone, and the next one takes it", async ({ folder, cache }) => {
  const output = await run(folder);
  const first = kept(cache);
  assert.is(statSync(cache).mode & 0o777, 0o700);
  assert.is(statSync(first.path).mode & 0o777, 0o600);
  assert.is(await run(folder), output);
  assert.is(kept(cache).inode, first.inode);
});

it("code that is damaged, cut off, of another V8 or writable by others is not run but written anew", async ({ folder, cache }) => {
  const output = await run(folder);
  const { path } = kept(cache);
  const whole = readFileSync(path);
  const code = whole.subarray(20);
  const sum = (bytes: Buffer) => createHash("sha1").update(bytes).digest();
  const damaged = Buffer.from(whole);
  damaged.writeUInt8(damaged.readUInt8(5000) ^ 1, 5000);
  const otherVersion = Buffer.from(code);
  otherVersion.writeUInt8(otherVersion.readUInt8(4) ^ 1, 4);
  for (const bytes of [
    damaged,
    whole.subarray(0, 90_000),
    Buffer.alloc(0),
    Buffer.concat([sum(otherVersion), otherVersion]),
    Buffer.concat([sum(code.subarray(0, 9000)), code.subarray(0, 9000)]),
  ]) {
    writeFileSync(path, bytes);
    const { inode } = kept(cache);
    assert.is(await run(folder), output);
    const after = kept(cache);
    assert.is.not(after.inode, inode);
    assert.equal(sum(readFileSync(after.path).subarray(20)), readFileSync(after.path).subarray(0, 20));
  }
  chmodSync(path, 0o666);
  const { inode } = kept(cache);
  assert.is(await run(folder), output);
  assert.is.not(kept(cache).inode, inode);
});

it("code is kept by runs that succeed, and renewed after a day", async ({ folder, cache }) => {
  const env = { XDG_CACHE_HOME: join(folder, "cache") };
  assert.is((await panka(folder, ["synth"], env)).code, 2);
  assert.equal(readdirSync(cache), []);
  await run(folder);
  const { path, inode } = kept(cache);
  const lastWeek = new Date(Date.now() - 7 * 24 * 60 * 60 * 1000);
  utimesSync(path, lastWeek, lastWeek);
  await run(folder);
  assert.is.not(kept(cache).inode, inode);
});

it("a folder that others can write to, or that can't be made, is left alone", async ({ folder, cache }) => {
  mkdirSync(cache, { recursive: true });
  chmodSync(cache, 0o777);
  const output = await run(folder);
  assert.equal(readdirSync(cache), []);
  assert.is(await run(folder, "/dev/null/cache"), output);
});

it("runs that begin at once all succeed, and leave one whole file", async ({ folder, cache }) => {
  const env = { XDG_CACHE_HOME: join(folder, "cache") };
  const all = await Promise.all([1, 2, 3].map(() => startPanka(folder, ["version"], env).done));
  assert.equal(
    all.map((done) => [done.code, done.stdout === all[0]?.stdout]),
    all.map(() => [0, true]),
  );
  const { inode } = kept(cache);
  await run(folder);
  assert.is(kept(cache).inode, inode);
});

it("no more than forty files stay", async ({ folder, cache }) => {
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  for (let i = 0; i < 50; i++) writeFileSync(join(cache, `old-${i}.bin`), "");
  await run(folder);
  const names = readdirSync(cache);
  assert.is(names.length, 40);
  assert.ok(names.some((name) => name.startsWith("version-")));
});

it.run();
