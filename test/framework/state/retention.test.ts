import { test } from "uvu";
import * as assert from "uvu/assert";
import { memoryLocker, memoryLockTable } from "../../../framework/lock/memory.js";
import type { StateFile } from "../../../framework/model/state-file.js";
import { isStoreError, StoreError } from "../../../framework/model/state-store.js";
import { emptyState, encodeState } from "../../../framework/state/codec.js";
import { historyKey, journalKey } from "../../../framework/state/keys.js";
import { memoryStore } from "../../../framework/state/memory.js";
import { dropOld, KEEP_MS } from "../../../framework/state/retention.js";
import { jumpClock, realRandom as random } from "../../support/world.js";

const bytes = new TextEncoder().encode("{}");

function world() {
  const clock = jumpClock();
  const store = memoryStore();
  const locker = memoryLocker({ table: memoryLockTable(), clock, random });
  const state = emptyState("l", "embedded", { name: "local", account: "", region: "", endpoint: "" });
  const keep = async (serial: number, ageMs: number): Promise<void> => {
    const committedAt = new Date(clock.now() - ageMs).toISOString();
    const old: StateFile = { ...state, serial, fence: 1, committedAt };
    await store.put(historyKey(serial, 1), await encodeState(old, { path: "shop/dev" }), { ifNoneMatch: true });
  };
  return { deps: { clock, store, locker, path: "shop/dev" }, store, state, keep };
}

test("journals that are folded in are dropped; what was written after a seal, and what is unsealed, stays", async () => {
  const { deps, store, state } = world();
  for (const [fence, seq] of [
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [3, 1],
  ] as const)
    await store.put(journalKey(fence, seq), bytes, { ifNoneMatch: true });
  await dropOld(deps, { ...state, sealed: { fence: 2, lastSeq: 1 }, seals: { 1: 2, 2: 1 } });
  assert.equal(await store.list("journal/"), [journalKey(1, 3), journalKey(3, 1)]);
});

test("where one deletion fails the others are over when it returns: nothing goes on after the lock is let go", async () => {
  const { deps, store, state } = world();
  for (const seq of [1, 2, 3]) await store.put(journalKey(1, seq), bytes, { ifNoneMatch: true });
  const remove = store.delete;
  store.delete = async (key) => {
    if (key === journalKey(1, 1)) throw new StoreError("denied", "no");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await remove.call(store, key);
  };
  const error = await dropOld(deps, { ...state, sealed: { fence: 1, lastSeq: 3 }, seals: { 1: 3 } }).catch((e) => e);
  assert.ok(isStoreError(error, "denied"));
  assert.equal(await store.list("journal/"), [journalKey(1, 1)]);
});

test("states older than 90 days are dropped, but never one of the newest 20", async () => {
  const { deps, store, state, keep } = world();
  for (let serial = 1; serial <= 22; serial++) await keep(serial, KEEP_MS + 1_000);
  await dropOld(deps, state);
  assert.equal((await store.list("history/")).length, 20);
  await dropOld(deps, state);
  assert.equal((await store.list("history/"))[0], historyKey(3, 1));
});

test("a state of less than 90 days is kept, however many there are", async () => {
  const { deps, store, state, keep } = world();
  for (let serial = 1; serial <= 30; serial++) await keep(serial, KEEP_MS - 1_000);
  await dropOld(deps, state);
  assert.is((await store.list("history/")).length, 30);
});

test.run();
