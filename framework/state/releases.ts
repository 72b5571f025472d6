/** releases/: what each successful run deployed; and assets/: the files that releases name. */
import { canonicalJson, sha256 } from "../base/json.js";
import { PankaError } from "../base/errors.js";
import type { ReleaseRecord } from "../model/state-file.js";
import { isStoreError, type StateStore } from "../model/state-store.js";
import { assetKey, parseReleaseKey, releaseKey } from "./keys.js";

/** Writes a release record; one that stands already for this serial is replaced (its status moves on). */
export async function putRelease(store: StateStore, record: ReleaseRecord): Promise<void> {
  const key = releaseKey(record.serial);
  const bytes = new TextEncoder().encode(`${canonicalJson(record)}\n`);
  try {
    await store.put(key, bytes, { ifNoneMatch: true });
  } catch (error) {
    if (!isStoreError(error, "refused")) throw error;
    const found = await store.get(key);
    if (found && sha256(found.bytes) !== sha256(bytes)) await store.put(key, bytes, { ifMatch: found.tag });
  }
}

/** A release record, or null. */
export async function getRelease(store: StateStore, serial: number): Promise<ReleaseRecord | null> {
  const object = await store.get(releaseKey(serial));
  if (!object) return null;
  const record = JSON.parse(new TextDecoder().decode(object.bytes)) as ReleaseRecord;
  if (record.version === 1) return record;
  throw new PankaError(
    "newer-state",
    `${releaseKey(serial)} at ${store.location} has format version ${String(record.version)}; this Panka reads version 1`,
  );
}

/** Serials of the kept releases, oldest first. */
export async function listReleases(store: StateStore): Promise<number[]> {
  return (await store.list("releases/")).flatMap((key) => parseReleaseKey(key) ?? []);
}

/** Stores an asset under its hash. One that is there already is the same. Returns the hash. */
export async function putAsset(store: StateStore, bytes: Uint8Array): Promise<string> {
  const hash = sha256(bytes);
  await store.put(assetKey(hash), bytes, { ifNoneMatch: true }).catch((error) => {
    if (!isStoreError(error, "refused")) throw error;
  });
  return hash;
}

/** An asset, or null. Throws PankaError `damaged-asset` if its bytes are not those of its name. */
export async function getAsset(store: StateStore, hash: string): Promise<Uint8Array | null> {
  const object = await store.get(assetKey(hash));
  if (object && sha256(object.bytes) !== hash) throw new PankaError("damaged-asset", `${assetKey(hash)} at ${store.location} is damaged`);
  return object?.bytes ?? null;
}
