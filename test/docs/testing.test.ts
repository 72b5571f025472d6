/** docs/guide/testing.md: its example passes the type checker and runs, with the package as it is built. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnv, inFolder } from "../support/cli.js";
import { ROOT } from "../support/source-tree.js";

const files = Object.fromEntries(
  [...readFileSync(join(ROOT, "docs/guide/testing.md"), "utf8").matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(
    ([, name = "", text = ""]) => [name, text],
  ),
);

test("the example of the guide runs, and records its snapshot", async () => {
  assert.equal(Object.keys(files), ["stack.ts", "stack.test.ts"]);
  await inFolder({ ...files, "package.json": '{ "type": "module" }' }, async (folder) => {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(ROOT, join(folder, "node_modules", "panka"));
    const tsx = join(ROOT, "node_modules", "tsx", "dist", "loader.mjs");
    const args = ["--import", tsx, "--test", "--test-reporter=tap", "stack.test.ts"];
    const done = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", env: cleanEnv(folder) });
    assert.is(done.status, 0, done.stdout + done.stderr);
    assert.match(done.stdout, /# pass 5/);
    assert.ok(existsSync(join(folder, "snapshots/production.json")));
  });
});

test.run();
