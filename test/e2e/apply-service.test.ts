import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnv, inExample, jsonOf, PANKA, panka } from "../support/cli.js";

const APPLY = ["apply", "--stack", "user-platform", "--service", "user-service", "--environment", "dev"];

/** The serial of the state. */
async function serial(folder: string): Promise<number> {
  const shown = jsonOf(await panka(folder, ["state", "show", "-e", "development", "--json"]));
  return (shown.result.state ?? shown.result).serial;
}

/** Deploys all of user-platform, then changes one field of user-service. */
async function deployedAndChanged(folder: string): Promise<void> {
  const deployed = await panka(folder, ["deploy", "--yes", "-e", "development"]);
  assert.is(deployed.code, 0, deployed.stdout + deployed.stderr);
  const file = join(folder, "stack.ts");
  writeFileSync(file, readFileSync(file, "utf8").replace('displayName: "User events"', 'displayName: "Events of users"'));
}

test("one service is applied on a terminal after a yes", async () => {
  if (!existsSync("/usr/bin/script")) return console.log("SKIP apply on a pseudo-terminal: no script(1)");
  await inExample("user-platform/typescript", async (folder) => {
    await deployedAndChanged(folder);
    const command = [process.execPath, PANKA, ...APPLY].map((a) => `'${a}'`).join(" ");
    const done = spawnSync("/usr/bin/script", ["-qec", command, "/dev/null"], {
      cwd: folder,
      input: "yes\n",
      encoding: "utf8",
      env: cleanEnv(join(folder, ".home")),
    });
    assert.is(done.status, 0, done.stdout);
    assert.match(done.stdout, /user-service\/events/);
    const cloud = readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8");
    assert.match(cloud, /Events of users/);
  });
});

test("without a terminal and without --yes one service is not applied: exit 5, nothing touched", async () => {
  await inExample("user-platform/typescript", async (folder) => {
    await deployedAndChanged(folder);
    const before = await serial(folder);
    const cloud = readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8");
    const refused = await panka(folder, APPLY);
    assert.is(refused.code, 5, refused.stdout + refused.stderr);
    assert.match(refused.stdout + refused.stderr, /--yes/);
    assert.is(readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8"), cloud);
    assert.is(await serial(folder), before);
  });
});

test("on an empty state one service that needs another is one error that names --with-dependencies", async () => {
  await inExample("user-platform/typescript", async (folder) => {
    const refused = await panka(folder, [...APPLY, "--yes"]);
    assert.is(refused.code, 1, refused.stdout + refused.stderr);
    const text = refused.stdout + refused.stderr;
    assert.is(text.split("--with-dependencies").length - 1 >= 1, true, text);
    assert.is((text.match(/ {2}error {2}|^error/gm) ?? []).length, 1, text);
  });
});

test.run();
