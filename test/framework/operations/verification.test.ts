import { test } from "uvu";
import * as assert from "uvu/assert";
import { DIGEST_LOOKUP } from "../../../framework/model/images.js";
import type { ReleaseRecord } from "../../../framework/model/state-file.js";
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

/** Newest first. */
async function recordsOf(world: Durable): Promise<(ReleaseRecord | null | undefined)[]> {
  const backend = backendOf(world);
  const state = await stateOf(world);
  const records = await Promise.all((await listReleases(backend.store)).map((serial) => state && getRelease(backend, state, serial)));
  return records.reverse();
}

/** Status and digest of each release, newest first. */
async function releases(world: Durable): Promise<string[]> {
  return (await recordsOf(world)).map((record) => `${record?.status} ${record?.images?.[IMAGE]}`);
}

/** Status of each release, newest first, and whether it is of a part. */
async function statuses(world: Durable): Promise<string[]> {
  return (await recordsOf(world)).map((record) => `${record?.status}${record?.partial ? ", part" : ""}`);
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

const two = assembly([resource("g/api", { size: 1, kind: "a" }), resource("h/web", { size: 1, kind: "a" })]);
const part = { components: ["g/api"], services: ["g"], urns: [] };

test("a run of the whole stack does not end the release of a run of a part that was killed while it verified, but one of its own", async () => {
  const world = emptyWorld();
  const { crashes } = await crashesOf(world, { ...job, assembly: two, selection: part }, () => true);
  const killed = crashes.find((crash) => crash.point === "verify:after")?.world as Durable;
  const again = await runIn(killed, { ...job, assembly: two });
  assert.is(again.exitCode, 0, JSON.stringify(again));
  assert.equal(await statuses(killed), ["good", "verifying, part"]);
});

test("what a killed run made and a run of a part took up is verified before that run's release is good", async () => {
  const { crashes } = await crashesOf(emptyWorld(), { ...job, assembly: two }, () => true);
  const seen: string[] = [];
  for (const { point, world } of crashes) {
    let verified = 0;
    const verify = () => {
      verified += 1;
      return [];
    };
    await runIn(world, { ...job, assembly: two, selection: part, verify });
    const good = (await statuses(world)).filter((status) => status === "good, part").length;
    if (good > verified) seen.push(point);
  }
  assert.equal(seen, []);
});

test.run();
