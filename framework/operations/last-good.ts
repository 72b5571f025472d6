/** Which release a stack goes back to. */
import { jsonEqual } from "../base/json.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { getRelease, listReleases } from "../state/releases.js";
import type { Backend } from "./backend.js";
import type { Carried } from "./carry-out.js";
import { imagesOf } from "./images.js";

/** True for a release that can stand for the whole stack. */
export function standsForAll(release: ReleaseRecord): boolean {
  return release.status === "good" && release.operation !== "destroy" && !release.partial;
}

/** An assembly, and what its tags meant. */
export type Version = Pick<ReleaseRecord, "images"> & { assemblyHash: string | null };

/** What a run has come to. */
export function versionOf({ plan, state }: Pick<Carried, "plan" | "state">): Version {
  return { assemblyHash: plan.assemblyHash, images: imagesOf(state) };
}

/** True if two releases stand for the same. */
export function sameVersion(a: Version, b: Version): boolean {
  return a.assemblyHash === b.assemblyHash && jsonEqual(a.images ?? {}, b.images ?? {});
}

/** The releases that are kept, newest first. Throws like getRelease. */
export async function* newestFirst(
  backend: Pick<Backend, "store" | "path" | "cipher">,
  state: Pick<StateFile, "lineage" | "releasesSealedFrom">,
): AsyncGenerator<ReleaseRecord> {
  for (const serial of (await listReleases(backend.store)).reverse()) {
    const release = await getRelease(backend, state, serial);
    if (release) yield release;
  }
}
