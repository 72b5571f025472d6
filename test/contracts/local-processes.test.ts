import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { localStore } from "../../framework/state/local.js";
import { ROOT } from "../support/source-tree.js";
import { realRandom as random, withFolder } from "../support/world.js";

const run = promisify(execFile);
const CONTENDER = join(ROOT, "test/support/local-contender.ts");
/** Each round waits for about ten writes to be durable; a folder in memory where there is one, since nothing is cut off here. */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** 1,000 rounds, in ten stacks: the versions of a state stay as empty files, and each look lists them. */
const STACKS = 10;
const ROUNDS = 100;

test("two processes on the local back end, 1,000 rounds: no update is lost, no fence comes twice, each process's fences rise", async () => {
  await withFolder(async (folder) => {
    const folders = Array.from({ length: STACKS }, (_, i) => join(folder, String(i)));
    // Their file calls follow one another, so more threads would only wake for nothing.
    const env = { ...process.env, UV_THREADPOOL_SIZE: "1" };
    const contender = () => run(process.execPath, ["--import", "tsx", CONTENDER, String(ROUNDS), ...folders], { cwd: ROOT, env });
    const outputs = await Promise.all([contender(), contender()]);
    const processes = outputs.map((o) => JSON.parse(o.stdout) as number[][]);
    for (const [i, at] of folders.entries()) {
      const found = await localStore({ folder: at, random }).get("state.json");
      assert.is(new TextDecoder().decode(found?.bytes), String(ROUNDS));
      const fences = processes.map((own) => own[i] as number[]);
      assert.is(fences.flat().length, ROUNDS, "an update was lost");
      assert.is(new Set(fences.flat()).size, ROUNDS);
      for (const own of fences)
        assert.equal(
          own,
          own.toSorted((a, b) => a - b),
        );
    }
    const shares = processes.map((own) => own.flat().length);
    assert.ok(Math.min(...shares) > 50, `both took part: ${shares.join(", ")}`);
  }, PLACE);
});

test.run();
