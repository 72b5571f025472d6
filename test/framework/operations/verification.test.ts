import { test } from "uvu";
import * as assert from "uvu/assert";
import { DIGEST_LOOKUP } from "../../../framework/model/images.js";
import { getRelease, listReleases } from "../../../framework/state/releases.js";
import { backendOf, type CrashJob, crashesOf, type Durable, emptyWorld, runIn, stateOf } from "../../support/crash-world.js";
import { assembly, resource } from "../../support/engine-world.js";

const IMAGE = "shop/api:1";
const job: CrashJob = {
  operation: "deploy",
  assembly: assembly([
    resource("g/api", { size: 1, kind: "a", note: { $lookup: { token: DIGEST_LOOKUP, args: { image: IMAGE }, output: "value" } } }),
  ]),
  verify: () => [],
};

function pointTo(world: Durable, digest: string): void {
  world.cloud.lookups[DIGEST_LOOKUP] = { image: IMAGE, digest, value: digest };
}

/** Status and digest of each release, newest first. */
async function releases(world: Durable): Promise<string[]> {
  const backend = backendOf(world);
  const state = await stateOf(world);
  const records = await Promise.all((await listReleases(backend.store)).map((serial) => state && getRelease(backend, state, serial)));
  return records.reverse().map((record) => `${record?.status} ${record?.images?.[IMAGE]}`);
}

test("a run after one that was killed while it verified ends that release, or, where a refresh finds that a tag has moved, one of its own", async () => {
  for (const [now, wanted] of [
    ["sha256:a", ["good sha256:a"]],
    ["sha256:b", ["good sha256:b", "verifying sha256:a"]],
  ] as const) {
    const world = emptyWorld();
    pointTo(world, "sha256:a");
    const { crashes } = await crashesOf(world, job, () => true);
    const killed = crashes.find((crash) => crash.point === "verify:after")?.world as Durable;
    assert.equal(await releases(killed), ["verifying sha256:a"]);
    pointTo(killed, now);
    const again = await runIn(killed, { ...job, refresh: true });
    assert.is(again.exitCode, 0, JSON.stringify(again));
    assert.equal(await releases(killed), wanted);
  }
});

test.run();
