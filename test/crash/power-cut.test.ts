import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Assembly } from "../../framework/model/assembly.js";
import { audit, type CrashJob, type Durable, emptyWorld, runIn } from "../support/crash-world.js";
import { assembly, ref, resource } from "../support/engine-world.js";
import { type MemoryProvider, NODE } from "../support/memory-provider.js";
import { afterCut, type Cut, recorded } from "../support/power-cut.js";
import { withFolder } from "../support/world.js";

/** Every n-th world is tried here; `npm run crash` tries all. */
const STRIDE = process.env.PANKA_CRASH_POINTS === "all" ? 1 : 11;

/** One that is found by name, one below it that is found by its tags only, one beside them. */
const stack = (size: number, kind: string): Assembly =>
  assembly([
    resource("a/parent", { size, kind }),
    resource("a/child", { size, parent: ref("a/parent", "arn") }, { type: NODE }),
    resource("b/other", { size }),
  ]);

const JOBS: { name: string; from: Assembly | undefined; job: CrashJob; wanted: Assembly | undefined }[] = [
  { name: "a create", from: undefined, job: { operation: "deploy", assembly: stack(1, "a") }, wanted: stack(1, "a") },
  {
    name: "an update and a replacement",
    from: stack(1, "a"),
    job: { operation: "deploy", assembly: stack(2, "b") },
    wanted: stack(2, "b"),
  },
  { name: "a destroy", from: stack(1, "a"), job: { operation: "destroy", assembly: stack(1, "a") }, wanted: undefined },
];

/** What a power cut leaves: the disk, and the cloud, which has power. */
interface Left {
  cut: Cut;
  cloud: MemoryProvider;
}

/** The worlds after a cut at any moment of a run, each once. */
async function cutsOf(world: Durable & { folder: string }, job: CrashJob): Promise<Left[]> {
  const moments = await recorded(
    world.folder,
    async () => assert.is((await runIn(world, job)).exitCode, 0),
    () => world.cloud.fork(),
  );
  const left = new Map<string, Left>();
  for (const [i, { cuts }] of moments.entries()) {
    // A call may be carried out at any time up to the next change of the disk.
    for (const { note } of moments.slice(i, i + 2)) {
      const cloud = note as MemoryProvider;
      for (const cut of [cuts.least, cuts.most]) {
        const files = [...cut].map(([path, bytes]) => [path, bytes?.toString("base64")]);
        left.set(JSON.stringify([files, [...cloud.things]]), { cut, cloud });
      }
    }
  }
  return [...left.values()];
}

for (const { name, from, job, wanted } of JOBS) {
  test(`the power is cut at any moment of ${name} on the local back end: the next run leaves nothing orphaned, twice or lost`, async () => {
    await withFolder(async (folder) => {
      const world = { ...emptyWorld(), folder };
      if (from) assert.is((await runIn(world, { operation: "deploy", assembly: from })).exitCode, 0);
      const worlds = await cutsOf(world, job);
      let tried = 0;
      for (const [i, { cut, cloud }] of worlds.entries()) {
        if (i % STRIDE !== 0) continue;
        tried += 1;
        await afterCut(folder, cut, async (at) => {
          const after = { ...emptyWorld(), cloud: cloud.fork(), pid: world.pid, folder: at };
          const again = await runIn(after, job);
          assert.is(again.exitCode, 0, `world ${i}: ${JSON.stringify(again.diagnostics)}`);
          assert.equal(await audit(after, wanted), [], `world ${i}`);
        });
      }
      assert.ok(worlds.length > 80, `${worlds.length} worlds`);
      console.log(`  ${name}: ${worlds.length} worlds, ${tried} tried`);
    });
  });
}

test.run();
