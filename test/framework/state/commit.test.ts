import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { memoryLocker, memoryLockTable } from "../../../framework/lock/memory.js";
import { noFault } from "../../../framework/model/faults.js";
import type { Lease } from "../../../framework/model/locker.js";
import { type StateStore, StoreError, type StoreFailure } from "../../../framework/model/state-store.js";
import { barrier } from "../../../framework/state/barrier.js";
import { commit } from "../../../framework/state/commit.js";
import type { StoredState, WriteDeps } from "../../../framework/state/deps.js";
import { memoryStore } from "../../../framework/state/memory.js";
import { readState } from "../../../framework/state/read.js";
import { jumpClock, metadata, realRandom as random } from "../../support/world.js";

const facts = { engine: "embedded" as const, provider: { name: "local", account: "", region: "us-east-1", endpoint: "" } };

/** A stack with one holder behind its barrier, and a store whose writes of state.json can be made to fail. */
async function holder() {
  const clock = jumpClock();
  const inner = memoryStore();
  const locker = memoryLocker({ table: memoryLockTable(), clock, random });
  /** Per write of state.json: the failure, and whether the write took effect all the same. */
  const faults: { failure: StoreFailure; applied: boolean; after?: () => Promise<unknown> }[] = [];
  const store: StateStore = {
    ...inner,
    async put(key, bytes, condition) {
      const fault = key === "state.json" ? faults.shift() : undefined;
      const tag = !fault || fault.applied ? await inner.put(key, bytes, condition) : "";
      if (!fault) return tag;
      await fault.after?.();
      throw new StoreError(fault.failure, "injected");
    },
  };
  const deps: WriteDeps = { store, locker, clock, random, fault: noFault, path: "shop/dev" };
  const take = async (): Promise<{ lease: Lease; base: StoredState }> => {
    const [held] = (await locker.list()).locks;
    const got = held ? await locker.takeover(held, metadata()) : await locker.acquire("*", metadata());
    if (!got.ok) throw new Error("not taken");
    const passed = await barrier({ ...deps, store: inner }, got.lease, facts);
    if (passed.outcome !== "passed") throw new Error("not passed");
    return { lease: got.lease, base: passed.stored };
  };
  const first = await take();
  const mine = { ...first.base.state, outputs: { "a/b": { x: 1 } } };
  return { deps, faults, inner, take, ...first, mine };
}

test("a commit writes history, state and head with one content, serial by serial", async () => {
  const h = await holder();
  const result = await commit(h.deps, { ...h, history: true });
  assert.is(result.outcome, "committed");
  const state = await h.inner.get("state.json");
  const history = await h.inner.get("history/0000000002-0000000001.json");
  assert.equal(history?.bytes, state?.bytes);
  assert.is((await h.deps.locker.readHead())?.serial, 2);
  assert.equal((await readState(h.deps))?.state.outputs, { "a/b": { x: 1 } });
});

for (const failure of ["unknown", "conflict", "throttled", "unavailable"] as const) {
  for (const applied of [false, true]) {
    test(`a write that fails as ${failure} and ${applied ? "took" : "did not take"} effect ends as one commit`, async () => {
      const h = await holder();
      h.faults.push({ failure, applied }, { failure, applied: false });
      const result = await commit(h.deps, { ...h, history: true });
      assert.is(result.outcome, "committed");
      const read = await readState(h.deps);
      assert.is(read?.state.serial, 2);
      assert.equal(await h.inner.list("history/"), ["history/0000000002-0000000001.json"]);
      assert.equal(read?.state.outputs, { "a/b": { x: 1 } });
    });
  }
}

test("after a newer holder's barrier a commit is lost, and nothing of it is written", async () => {
  const h = await holder();
  await h.take();
  const before = await h.inner.get("state.json");
  const result = await commit(h.deps, { ...h, history: false });
  assert.equal(result, { outcome: "lost", fence: 2 });
  assert.equal(await h.inner.get("state.json"), before);
});

test("a state brought back to old content refuses a writer that still waits", async () => {
  const h = await holder();
  const waiting = h.base;
  const newer = await h.take();
  const changed = { ...newer.base.state, outputs: { "a/b": { x: 2 } } };
  const first = await commit(h.deps, { ...newer, mine: changed, history: true });
  assert.ok(first.outcome === "committed");
  const back = await commit(h.deps, { lease: newer.lease, base: first.stored, mine: waiting.state, history: true });
  assert.ok(back.outcome === "committed");
  assert.equal(back.mine.outputs, waiting.state.outputs);
  assert.not.equal(back.stored.tag, waiting.tag, "old content has a new tag");
  assert.equal(await commit(h.deps, { ...h, base: waiting, history: false }), { outcome: "lost", fence: 2 });
});

test("a commit that landed unanswered under a newer barrier is known as committed, and nothing more is written", async () => {
  const h = await holder();
  h.faults.push({ failure: "unknown", applied: true, after: () => h.take() });
  const result = await commit(h.deps, { ...h, history: false });
  assert.ok(result.outcome === "committed" && result.fenced);
  const before = await h.inner.get("state.json");
  const again = await commit(h.deps, { ...h, base: result.stored, history: false });
  assert.equal(again, { outcome: "lost", fence: 2 }, "what it read back gives it no right to the newer holder's state");
  assert.equal(await h.inner.get("state.json"), before);
});

test("an unanswered commit under a newer commit of the same scope is unknown, never lost", async () => {
  const h = await holder();
  const newer = async (): Promise<void> => {
    const next = await h.take();
    await commit({ ...h.deps, store: h.inner }, { ...next, mine: next.base.state, history: false });
  };
  h.faults.push({ failure: "unknown", applied: true, after: newer });
  assert.is((await commit(h.deps, { ...h, history: false })).outcome, "unknown");
});

test("a state object that was deleted stops the commit, and a new run does not begin a new lineage over it", async () => {
  const h = await holder();
  await h.inner.delete("state.json");
  for (const run of [() => commit(h.deps, { ...h, history: false }), () => h.take()]) {
    try {
      await run();
      assert.unreachable();
    } catch (error) {
      assert.ok(isPankaError(error) && ["state-deleted", "damaged-state"].includes(error.code));
    }
  }
  assert.is(await h.inner.get("state.json"), null);
});

test("a store that is down longer than the patience is an error, not a loss", async () => {
  const h = await holder();
  for (let i = 0; i < 200; i++) h.faults.push({ failure: "unavailable", applied: false });
  try {
    await commit(h.deps, { ...h, history: false, patienceMs: 60_000 });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, StoreError);
  }
});

test("a barrier whose reply was lost is found again and raises the serial once", async () => {
  const h = await holder();
  const [held] = (await (h.deps.locker as ReturnType<typeof memoryLocker>).list()).locks;
  const got = await (h.deps.locker as ReturnType<typeof memoryLocker>).takeover(held!, metadata());
  assert.ok(got.ok);
  if (!got.ok) return;
  h.faults.push({ failure: "unknown", applied: true });
  const result = await barrier(h.deps, got.lease, facts);
  assert.ok(result.outcome === "passed" && result.stored.state.serial === 2);
  assert.is((await h.deps.locker.readHead())?.serial, 2);
});

test("a state behind its head, or of another hash, is refused after three readings, naming what can be restored", async () => {
  const h = await holder();
  await commit(h.deps, { ...h, history: true });
  const object = await h.inner.get("state.json");
  const text = new TextDecoder().decode(object?.bytes);
  for (const bad of [text.replace('"serial":2', '"serial":1'), text.replace('"x":1', '"x":2'), text.slice(0, -40)]) {
    const tag = (await h.inner.get("state.json"))?.tag ?? "";
    await h.inner.put("state.json", new TextEncoder().encode(bad), { ifMatch: tag });
    const start = h.deps.clock.monotonic();
    try {
      await readState(h.deps);
      assert.unreachable();
    } catch (error) {
      assert.ok(isPankaError(error) && error.code === "damaged-state");
      assert.match(error.message, /can be restored: serial 2/);
    }
    assert.is(h.deps.clock.monotonic() - start, 5_000);
  }
});

test("a head that a crash left behind is repaired by the next holder", async () => {
  const h = await holder();
  const locker = h.deps.locker;
  const crash = { ...h.deps, locker: { ...locker, advanceHead: () => Promise.reject(new Error("killed")) } };
  await commit(crash, { ...h, history: true }).catch(() => {});
  assert.is((await locker.readHead())?.serial, 1);
  assert.is((await readState(h.deps))?.state.serial, 2);
  await h.take();
  assert.is((await locker.readHead())?.serial, 3);
});

test.run();
