import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { localStore } from "../../framework/state/local.js";
import { ROOT } from "../support/source-tree.js";
import { realRandom as random, withFolder } from "../support/world.js";

const run = promisify(execFile);

test("two processes on the local back end, 200 rounds: no update is lost, no fence comes twice, each process's fences rise", async () => {
  await withFolder(async (folder) => {
    const contender = () =>
      run(process.execPath, ["--import", "tsx", join(ROOT, "test/support/local-contender.ts"), folder, "100"], { cwd: ROOT });
    const outputs = await Promise.all([contender(), contender()]);
    const fences = outputs.map((o) => JSON.parse(o.stdout) as number[]);
    const found = await localStore({ folder, random }).get("state.json");
    assert.is(new TextDecoder().decode(found?.bytes), "200");
    assert.is(new Set(fences.flat()).size, 200);
    for (const own of fences)
      assert.equal(
        own,
        [...own].sort((a, b) => a - b),
      );
  });
});

test.run();
