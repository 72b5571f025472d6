import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { hashJson } from "../../framework/base/json.js";
import { ROOT } from "../support/source-tree.js";
import { CONFIG, project, QUEUE } from "./project.js";
import { run } from "./world.js";

const test = suite("rollback");
const GOLDEN = join(ROOT, "test/golden/release/version-1.json");

test("rollback deploys the last good release again as a new serial, and undo takes that back; no files of the stack are needed", async () => {
  const cwd = project();
  assert.is((await run(["rollback", "--yes"], { cwd })).code, 1);
  const timeout = async (): Promise<unknown> => {
    const state = JSON.parse((await run(["state", "pull", "--stack", "tiny"], { cwd })).stdout);
    return Object.values<any>(state.resources).find((r) => r.type.includes("sqs"))?.inputs.visibilityTimeoutSeconds;
  };
  const first = await run(["deploy", "--yes", "--json"], { cwd });
  const serial = first.lines().at(-1).serial;
  const file = join(cwd, "stack.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("visibilityTimeout: 60", "visibilityTimeout: 90"));
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  assert.is(await timeout(), 90);

  const unasked = await run(["rollback"], { cwd });
  assert.is(unasked.code, 5, unasked.stderr);
  const back = await run(["rollback", "--yes", "--json"], { cwd });
  assert.is(back.code, 0, back.stdout);
  assert.is(await timeout(), 60);
  assert.ok(back.lines().at(-1).serial > serial);
  const [newest] = (await run(["history", "--json"], { cwd })).json().result;
  assert.is(newest.operation, "rollback");
  const undone = await run(["undo", "--yes"], { cwd });
  assert.is(undone.code, 0, undone.stderr);
  assert.is(await timeout(), 90);

  rmSync(file);
  const away = await run(["rollback", String(serial), "--stack", "tiny", "--yes"], { cwd });
  assert.is(away.code, 0, away.stderr);
  assert.is(await timeout(), 60);
  const none = await run(["rollback", "999", "--stack", "tiny", "--yes"], { cwd });
  assert.is(none.code, 2);
  assert.match(none.stderr, /there is no release of it/);
});

/** The release objects of the project, oldest first. */
function releasesOf(cwd: string): string[] {
  const folder = join(cwd, ".panka/stacks/tiny/development/releases");
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

test("a release that was edited, swapped, cut or put there in clear is refused with the next command, and the others go on", async () => {
  const cwd = project();
  const file = join(cwd, "stack.yaml");
  for (const seconds of [60, 90, 120]) {
    writeFileSync(file, readFileSync(file, "utf8").replace(/visibilityTimeout: \d+/, `visibilityTimeout: ${seconds}`));
    assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  }
  const [first = "", second = ""] = releasesOf(cwd);
  const whole = readFileSync(second, "utf8");
  assert.match(whole, /^\{"sealed":"[^"]+","version":2\}\n$/);
  const serial = String(Number(/\d+/.exec(basename(second))?.[0]));
  const clear = JSON.stringify({ ...JSON.parse(readFileSync(GOLDEN, "utf8")), serial: Number(serial) });
  const wrong: [string, string, RegExp][] = [
    ["edited", `${whole.slice(0, 60)}${whole[60] === "A" ? "B" : "A"}${whole.slice(61)}`, /was changed/],
    ["swapped", readFileSync(first, "utf8"), /moved from another place/],
    ["cut", whole.slice(0, 200), /can't be read/],
    ["in clear", clear, /it is not encrypted/],
  ];
  const before = readFileSync(join(cwd, ".panka/stacks/tiny/development/state.json"), "utf8");
  for (const [how, text, said] of wrong) {
    writeFileSync(second, text);
    for (const args of [
      ["rollback", "--yes"],
      ["rollback", serial, "--yes"],
    ]) {
      const refused = await run(args, { cwd });
      assert.is(refused.code, 1, how);
      assert.match(refused.stderr, said, how);
      assert.match(refused.stderr, /next: .*panka history/, how);
    }
    const listed = await run(["history", "--json"], { cwd });
    assert.is(listed.code, 1, how);
    const { ok, result, diagnostics } = listed.json();
    assert.equal([ok, result.length, diagnostics.length], [false, 2, 1], how);
    assert.match((await run(["history"], { cwd })).stderr, said, how);
    assert.is((await run(["state", "history", "--json"], { cwd })).json().result.length, 3, how);
  }
  assert.is(readFileSync(join(cwd, ".panka/stacks/tiny/development/state.json"), "utf8"), before);
  const back = await run(["rollback", String(Number(/\d+/.exec(basename(first))?.[0])), "--yes"], { cwd });
  assert.is(back.code, 0, back.stderr);
});

test("a stack without a key keeps its releases in clear; one of another stack in their place is refused", async () => {
  const cwd = project({ "stack.yaml": QUEUE, "panka.config.yaml": `${CONFIG}backend: { type: local, encryption: "env:NO_KEY" }\n` });
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  const [first = ""] = releasesOf(cwd);
  const record = JSON.parse(readFileSync(first, "utf8"));
  assert.is(record.version, 1);
  const edit = async (more: object, said: RegExp) => {
    writeFileSync(first, JSON.stringify({ ...record, ...more }));
    const refused = await run(["rollback", String(record.serial), "--yes"], { cwd });
    assert.is(refused.code, 1);
    assert.match(refused.stderr, said);
  };
  await edit({ assembly: { ...record.assembly, region: "eu-west-1" } }, /its hash differs/);
  const other = { ...record.assembly, stack: "other" };
  await edit({ assembly: other, assemblyHash: hashJson(other) }, /is of other in development, not of tiny in development/);
});

test.run();
