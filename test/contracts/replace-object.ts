import type { StateStore } from "../../framework/model/state-store.js";

/** Puts other bytes in an object's place, as whoever may write to the store could. */
export async function replaceObject(store: StateStore, key: string, bytes: Uint8Array): Promise<void> {
  const found = await store.get(key);
  await store.put(key, bytes, found ? { ifMatch: found.tag } : { ifNoneMatch: true });
}
