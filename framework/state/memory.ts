/** The state store in memory: for tests. Keeps every promise of the contract but durability. */
import { compareText } from "../base/diagnostics.js";
import { StoreError, type StateStore, type StoredObject, type WriteCondition } from "../model/state-store.js";
import { checkKey } from "./keys.js";

/** A new, empty store. Stores made with one `shared` map see the same objects. */
export function memoryStore(shared: Map<string, StoredObject> = new Map()): StateStore {
  let count = shared.size;
  return {
    location: "memory",
    async get(key) {
      checkKey(key);
      const found = shared.get(key);
      return found ? { bytes: found.bytes.slice(), tag: found.tag } : null;
    },
    async put(key: string, bytes: Uint8Array, condition: WriteCondition) {
      checkKey(key);
      const found = shared.get(key);
      if ("ifNoneMatch" in condition) {
        if (found) throw new StoreError("refused", `${key} exists`);
      } else {
        if (!found) throw new StoreError("missing", `${key} does not exist`);
        if (found.tag !== condition.ifMatch) throw new StoreError("refused", `${key} has changed`);
      }
      count += 1;
      const tag = `m${count}-${key.length}-${bytes.length}`;
      shared.set(key, { bytes: bytes.slice(), tag });
      return tag;
    },
    async list(prefix) {
      return [...shared.keys()].filter((k) => k.startsWith(prefix)).sort(compareText);
    },
    async delete(key) {
      shared.delete(key);
    },
    async selfTest() {},
    async close() {},
  };
}
