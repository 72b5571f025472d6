/** releases/: what each successful run deployed; and assets/: the files that releases name. */
import { PankaError } from "../base/errors.js";
import { sha256 } from "../base/json.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { isStoreError, type StateStore } from "../model/state-store.js";
import type { CodecContext } from "./codec.js";
import { decodeRelease, sealsRelease } from "./release-codec.js";
import { assetKey, parseReleaseKey, releaseKey } from "./keys.js";

/** Writes the bytes of a release record; one that stands already for this serial is replaced (its status moves on). */
export async function putRelease(store: StateStore, serial: number, bytes: Uint8Array): Promise<void> {
  const key = releaseKey(serial);
  try {
    await store.put(key, bytes, { ifNoneMatch: true });
  } catch (error) {
    if (!isStoreError(error, "refused")) throw error;
    const found = await store.get(key);
    if (found && sha256(found.bytes) !== sha256(bytes)) await store.put(key, bytes, { ifMatch: found.tag });
  }
}

/** A release record, or null. `state` tells what it must be bound to, and whether one in clear is believed. Throws like decodeRelease. */
export async function getRelease(
  { store, path, cipher }: CodecContext & { store: StateStore },
  state: Pick<StateFile, "lineage" | "releasesSealedFrom">,
  serial: number,
): Promise<ReleaseRecord | null> {
  const key = releaseKey(serial);
  const object = await store.get(key);
  if (!object) return null;
  const context = { cipher, location: `${key} at ${store.location}`, sealedOnly: sealsRelease(state, serial) };
  return decodeRelease(object.bytes, { path, lineage: state.lineage, serial }, context);
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
  if (!object || sha256(object.bytes) === hash) return object?.bytes ?? null;
  throw new PankaError("damaged-asset", `${assetKey(hash)} at ${store.location} is damaged: it is not the file that was released`, {
    next: "remove the object, then panka deploy from the commit of that release, which stores it again",
  });
}
