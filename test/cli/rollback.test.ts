import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { project } from "./project.js";
import { run } from "./world.js";

const test = suite("rollback");

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

test.run();
