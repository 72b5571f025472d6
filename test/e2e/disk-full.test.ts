import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { stackHead } from "../support/stack-text.js";

const NAME = "a full disk on the local back end";
const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";
const stack = (topics: string[]): string =>
  `${stackHead("full")}${topics.map((name) => `---\napiVersion: components.panka.io/v1\nkind: SNS\nmetadata: { name: ${name} }\n`).join("")}`;

const PAGE = 4096;

/** Fills the disk that `file` is on up to its last page, then gives some pages back. */
function fill(file: string, pagesFree: number): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(PAGE));
  } catch (error) {
    assert.is((error as { code?: string }).code, "ENOSPC");
  }
  truncateSync(file, statSync(file).size - pagesFree * PAGE);
}

/** Runs `body` in a folder that is a disk of 512 KiB; prints a SKIP line where none can be mounted. */
async function onSmallDisk(body: (disk: string) => Promise<void>): Promise<void> {
  await inFolder({}, async (folder) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", disk]).status !== 0)
      return console.log(`SKIP ${NAME}: a tmpfs can't be mounted here (it takes root on Linux)`);
    try {
      await body(disk);
    } finally {
      assert.is(spawnSync("umount", [disk]).status, 0);
    }
  });
}

test("a deploy on a full disk is refused before it starts and says so; state and cloud stay whole, and it works once there is room", async () => {
  await onSmallDisk(async (disk) => {
    const at = (...path: string[]): string => join(disk, ...path);
    // What a command keeps is on the full disk, too.
    const run = (args: string[]) => panka(disk, args, { XDG_CACHE_HOME: undefined });
    writeFileSync(at("panka.config.yaml"), CONFIG);
    writeFileSync(at("stack.yaml"), stack(["one"]));
    const first = await run(["deploy", "--yes"]);
    assert.is(first.code, 0, first.stderr);
    // The lock's barrier may write a new serial; what is recorded stays.
    const recorded = async () => {
      const { resources, outputs } = jsonOf(await run(["state", "show", "--json"])).result;
      return { resources, outputs, cloud: readFileSync(at(".panka", "local-cloud.json"), "utf8") };
    };
    const before = await recorded();
    writeFileSync(at("stack.yaml"), stack(["one", "two"]));
    // Nothing free stops it at the first file; a few pages let it get as far as the lock.
    for (const pages of [0, 3]) {
      fill(at("filler"), pages);
      const refused = await run(["deploy", "--yes"]);
      const said = refused.stdout + refused.stderr;
      assert.is(refused.code, 1, said);
      assert.match(said, /write \S+: ENOSPC: no space left on device|try the folder: ENOSPC: no space left on device/);
      assert.match(said, /make room, then run the same command again/);
      assert.not.match(said, /Created|--verbose/);
      assert.equal(await recorded(), before);
      assert.equal(jsonOf(await run(["state", "locks", "--json"])).result, []);
      rmSync(at("filler"));
    }
    const next = await run(["deploy", "--yes"]);
    assert.is(next.code, 0, next.stdout + next.stderr);
    assert.is(Object.keys((await recorded()).resources).length, 2);
  });
});

test.run();
