import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { type Again, type StateStore, StoreError, type StoredObject } from "../../../framework/model/state-store.js";
import { memoryStore } from "../../../framework/state/memory.js";
import { selfTest } from "../../../framework/state/self-test.js";
import { realRandom } from "../../support/world.js";

type Put = StateStore["put"];

/** A store in memory whose writes go through `put`. */
function storeWith(put: (real: Put, ...args: Parameters<Put>) => ReturnType<Put>): {
  store: StateStore;
  objects: Map<string, StoredObject>;
} {
  const objects = new Map<string, StoredObject>();
  const real = memoryStore(objects);
  return { objects, store: { ...real, put: (...args) => put(real.put.bind(real), ...args) } };
}

/** Ten times. */
const again: Again = async (body) => {
  for (let tried = 1; ; tried++) {
    try {
      return await body();
    } catch (error) {
      if (isPankaError(error) || tried >= 10) throw error;
    }
  }
};

for (const failure of ["throttled", "conflict", "unavailable"] as const) {
  test(`a store that answers ${failure} to two of three writes passes, and nothing is left`, async () => {
    let calls = 0;
    const { store, objects } = storeWith((real, ...args) =>
      calls++ % 3 < 2 ? Promise.reject(new StoreError(failure, "not now")) : real(...args),
    );
    await selfTest(store, realRandom, again);
    assert.is(objects.size, 0);
  });
}

test("a store that carries writes out and does not answer passes", async () => {
  let calls = 0;
  const { store } = storeWith(async (real, ...args) => {
    const tag = await real(...args);
    if (calls++ % 2 === 0) throw new StoreError("unknown", "no answer");
    return tag;
  });
  await selfTest(store, realRandom, again);
});

test("a store that ignores a condition is refused, whatever else it answers", async () => {
  for (const ignored of ["ifMatch", "ifNoneMatch"] as const) {
    let calls = 0;
    const { store, objects } = storeWith((real, key, bytes, condition) => {
      if (calls++ % 2 === 0) return Promise.reject(new StoreError("conflict", "another write is under way"));
      if (!(ignored in condition)) return real(key, bytes, condition);
      const tag = objects.get(key)?.tag;
      return real(key, bytes, tag === undefined ? { ifNoneMatch: true } : { ifMatch: tag });
    });
    const refused = await selfTest(store, realRandom, again).catch((error) => error);
    assert.ok(isPankaError(refused) && refused.code === "unsafe-store", String(refused));
  }
});

test.run();
