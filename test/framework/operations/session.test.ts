import { test } from "uvu";
import * as assert from "uvu/assert";
import { join } from "node:path";
import { isPankaError } from "../../../framework/base/errors.js";
import { localLocker } from "../../../framework/lock/local.js";
import { memoryLocker, memoryLockTable } from "../../../framework/lock/memory.js";
import { noFault } from "../../../framework/model/faults.js";
import { openSession, type SessionOptions } from "../../../framework/operations/session.js";
import { stopGracefully, stopNow } from "../../../framework/operations/session-stop.js";
import type { StoredObject } from "../../../framework/model/state-store.js";
import { cipherFrom } from "../../../framework/state/cipher-source.js";
import { listHistory } from "../../../framework/state/history.js";
import { journalKey } from "../../../framework/state/keys.js";
import { localStore } from "../../../framework/state/local.js";
import { memoryStore } from "../../../framework/state/memory.js";
import { readState } from "../../../framework/state/read.js";
import { ROOT } from "../../support/source-tree.js";
import { metadata, realClock, realRandom, withFolder } from "../../support/world.js";

const world = { clock: realClock, random: realRandom };
const provider = { name: "local", account: "", region: "us-east-1", endpoint: "" };

function options(more: Partial<SessionOptions> = {}): SessionOptions {
  const table = memoryLockTable();
  return {
    store: memoryStore(),
    locker: memoryLocker({ table, ...world }),
    ...world,
    fault: noFault,
    metadata: metadata(),
    emit: () => {},
    provider,
    engine: "embedded",
    path: "shop/dev",
    ...more,
  };
}

const resource = {
  type: "aws:sqs/queue:Queue",
  id: "q-1",
  generation: 0,
  inputs: {},
  outputs: {},
  schemaVersion: 0,
  private: "",
  dependsOn: [],
  protect: false,
  secretPaths: [],
  status: "ok" as const,
};

const intent = (key: string) => ({
  urn: key,
  key,
  op: "create" as const,
  type: "aws:sqs/queue:Queue",
  generation: 0,
  probe: { class: "A" as const },
  inputsHash: "h",
  dependsOn: [],
  protect: false,
});

test("a session on the local back end commits, leaves no lock, and a second one goes on from there", async () => {
  await withFolder(async (root) => {
    const folder = join(root, ".panka/stacks/shop/dev");
    const open = () => options({ store: localStore({ folder, ...world }), locker: localLocker({ folder, ...world }) });
    const first = await openSession({
      ...open(),
      heartbeat: { type: "worker", file: join(ROOT, "framework/lock/heartbeat-worker.ts"), locker: { type: "local", folder } },
    });
    assert.is(first.state.serial, 1);
    assert.is(first.lease.fence, 1);
    assert.match(first.state.lineage, /^[0-9a-f-]{36}$/);
    const seq = await first.journal.intent(intent("u"));
    first.journal.done({ of: seq, id: "q-1" });
    const written = await first.commit({ ...first.state, resources: { u: resource } }, { sealed: true, assemblyHash: "abc" });
    assert.is(written.serial, 2);
    assert.equal(written.sealed, { fence: 1, lastSeq: 2 });
    await first.release();

    const second = await openSession(open());
    assert.is(second.state.serial, 3);
    assert.is(second.lease.fence, 2);
    assert.equal(second.recovery, []);
    assert.is(second.state.lineage, first.state.lineage);
    assert.is(second.state.assemblyHash, "abc");
    await second.release();
    const o = open();
    assert.equal((await o.locker.list()).locks, []);
    assert.equal(await listHistory(o.store), [{ serial: 2, fence: 1 }]);
    const read = await readState(o);
    assert.equal(Object.keys(read?.state.resources ?? {}), ["u"]);
  });
});

test("a held lock is refused with exit 4, naming holder, operation, CI run and the way out", async () => {
  const table = memoryLockTable();
  const held = options({
    locker: memoryLocker({ table, ...world }),
    metadata: metadata({ ciUrl: "https://ci/7", gitCommit: "abcdef0123456789" }),
  });
  const first = await openSession(held);
  try {
    await openSession(options({ locker: memoryLocker({ table, ...world }), store: held.store }));
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error));
    assert.is(error.exitCode, 4);
    assert.match(
      error.message,
      /shop\/dev is held by ana@desk \(process 4242\), for deploy, since .*last beat 0 s ago, https:\/\/ci\/7, commit abcdef012345/,
    );
    assert.match(error.next ?? "", new RegExp(`panka unlock --stack shop -e dev --lock-id ${first.lease.lockId}`));
  }
  await first.release();
});

test("a waiting session gets the lock when it is released", async () => {
  const table = memoryLockTable();
  const store = memoryStore();
  const first = await openSession(options({ locker: memoryLocker({ table, ...world }), store }));
  const said: string[] = [];
  const second = openSession(
    options({
      locker: memoryLocker({ table, ...world }),
      store,
      waitMs: 20_000,
      emit: (e) => e.type === "waiting" && said.push(e.message),
    }),
  );
  await realClock.sleep(100);
  await first.release();
  const opened = await second;
  assert.is(opened.lease.fence, 2);
  assert.match(said.join(), /Waiting for the lock: held by ana@desk/);
  await opened.release();
});

test("the lock of a process that is provably dead on this machine is taken over at once", async () => {
  const table = memoryLockTable();
  const store = memoryStore();
  const dead = await openSession(options({ locker: memoryLocker({ table, ...world }), store }));
  const reads = {
    platform: "linux",
    readFile: (p: string) => (p.endsWith("boot_id") ? "boot-1\n" : undefined),
    readLink: () => "pid:[1]",
    run: () => undefined,
    probe: () => "gone" as const,
  };
  const next = await openSession(options({ locker: memoryLocker({ table, ...world }), store, reads }));
  assert.is(next.lease.fence, 2);
  try {
    await dead.commit(dead.state, { sealed: true, assemblyHash: null });
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "lock-lost");
  }
  assert.ok(dead.gate.isShut);
  await next.release();
  await dead.release();
});

test("what a killed run began is handed to the next one, outcomes included, until it is sealed", async () => {
  const o = options();
  const table = memoryLockTable();
  const killed = await openSession({ ...o, locker: memoryLocker({ table, ...world }) });
  const a = await killed.journal.intent(intent("a"));
  await killed.journal.intent(intent("b"));
  killed.journal.done({ of: a, id: "id-a" });
  await killed.journal.flush();
  const [lock] = (await o.locker.list()).locks.concat((await memoryLocker({ table, ...world }).list()).locks);
  await memoryLocker({ table, ...world }).takeover(lock!, metadata());
  table.locks.clear();

  const next = await openSession({ ...o, locker: memoryLocker({ table, ...world }) });
  assert.equal(
    next.recovery.map((e) => [e.fence, e.seq, e.intent.key, e.done?.id]),
    [
      [1, 1, "a", "id-a"],
      [1, 2, "b", undefined],
    ],
  );
  await next.commit(next.state, { sealed: true, assemblyHash: null });
  await next.release();
  // A zombie's late entry, written after the seal, is found; what was sealed is not.
  await killed.journal.intent(intent("c"));
  const third = await openSession({ ...o, locker: memoryLocker({ table, ...world }) });
  assert.equal(
    third.recovery.map((e) => e.intent.key),
    ["c"],
  );
  await third.release();
  await killed.release();
});

test("what a displaced run still says of its step is found when its journal is read again", async () => {
  const o = options();
  const table = memoryLockTable();
  const displaced = await openSession({ ...o, locker: memoryLocker({ table, ...world }) });
  const step = await displaced.journal.intent(intent("a"));
  const [lock] = (await memoryLocker({ table, ...world }).list()).locks;
  await memoryLocker({ table, ...world }).takeover(lock!, metadata());
  table.locks.clear();
  const next = await openSession({ ...o, locker: memoryLocker({ table, ...world }) });
  assert.not(await next.reread());
  assert.is(next.recovery[0]?.done, undefined);
  displaced.journal.done({ of: step, id: "id-a" });
  await displaced.journal.flush();
  assert.ok(await next.reread());
  assert.is(next.recovery[0]?.done?.id, "id-a");
  await next.release();
  await displaced.release();
});

test("a run that is displaced before it has read the journals of earlier ones does nothing: what they hold was settled and dropped", async () => {
  const o = options();
  const table = memoryLockTable();
  const locker = () => memoryLocker({ table, ...world });
  const killed = await openSession({ ...o, locker: locker() });
  await killed.journal.intent(intent("a"));
  await killed.release();
  const takeOver = async (): Promise<void> => {
    const [lock] = (await locker().list()).locks;
    await locker().takeover(lock!, metadata());
    table.locks.clear();
    const newer = await openSession({ ...o, locker: locker() });
    await newer.commit(newer.state, { sealed: true, assemblyHash: null });
    await newer.release();
  };
  let listed = 0;
  const list: typeof o.store.list = async (prefix) => {
    if (prefix === "journal/" && listed++ === 0) await takeOver();
    return o.store.list(prefix);
  };
  const slow = await openSession({ ...o, store: { ...o.store, list }, locker: locker() }).catch((error) => error);
  assert.ok(isPankaError(slow) && slow.code === "lock-lost", String(slow));
});

test("the journal of a run with a key is encrypted, and from then on one in clear is not believed; without a key it stays in clear", async () => {
  const KEY = Buffer.alloc(32, 7).toString("base64");
  const place = { home: "/nowhere", projectRoot: "/nowhere", random: realRandom, aws: { region: "" } };
  for (const key of [KEY, undefined]) {
    const o = options({ cipher: cipherFrom("env:KEY", { ...place, env: { KEY: key } }) });
    const first = await openSession(o);
    await first.journal.intent(intent("a"));
    await first.release();
    const at = journalKey(1, 1);
    const object = (await o.store.get(at)) as StoredObject;
    const clear = `{"intent":${JSON.stringify({ ...intent("b"), seq: 1, at: 0 })},"kind":"intent","version":1}`;
    await o.store.put(at, new TextEncoder().encode(clear), { ifMatch: object.tag });
    const next = await openSession(o).catch((error) => error);
    assert.is(new TextDecoder().decode(object.bytes).includes('"urn"'), key === undefined);
    if (key) assert.ok(isPankaError(next) && next.code === "damaged-journal", String(next));
    else {
      assert.is(next.recovery[0].intent.key, "b");
      await next.release();
    }
    const { journalsSealedFrom, releasesSealedFrom } = (await readState(o))?.state ?? {};
    assert.equal([journalsSealedFrom, releasesSealedFrom], key ? [1, 1] : [undefined, undefined]);
  }
});

test("an outcome that comes after the state was taken is not sealed: the next run adopts it", async () => {
  const o = options();
  const s = await openSession(o);
  const early = await s.journal.intent(intent("a"));
  const late = await s.journal.intent(intent("b"));
  s.journal.done({ of: early, id: "id-a" });
  s.journal.close();
  s.journal.done({ of: late, id: "id-b" });
  await s.commit({ ...s.state, resources: { a: { ...resource, id: "id-a" } } }, { sealed: true, assemblyHash: null });
  await s.release();
  const next = await openSession(o);
  assert.equal(
    next.recovery.map((e) => [e.intent.key, e.done?.id]),
    [["b", "id-b"]],
  );
  await next.commit(next.state, { sealed: true, assemblyHash: null });
  await next.release();
  const third = await openSession(o);
  assert.equal(third.recovery, []);
  await third.release();
});

test("a fold saves the content, writes no history, and leaves the journal open", async () => {
  const o = options();
  const s = await openSession(o);
  await s.journal.intent(intent("a"));
  const folded = await s.fold({ ...s.state, resources: { a: resource }, assemblyHash: "x" });
  assert.is(folded.serial, 2);
  assert.is(folded.assemblyHash, null);
  assert.equal(folded.sealed, { fence: 0, lastSeq: 0 });
  assert.equal(await listHistory(o.store), []);
  await s.release();
});

test("the first signal shuts the gate; the second flushes the journal and releases within its limit", async () => {
  const o = options();
  const s = await openSession(o);
  const seq = await s.journal.intent(intent("a"));
  stopGracefully(s, "SIGINT");
  try {
    await s.gate.check();
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "gate-shut");
    assert.match((error as Error).message, /SIGINT was received/);
  }
  s.journal.done({ of: seq, id: "x" });
  assert.is(await stopNow(s, realClock), true);
  assert.equal((await o.locker.list()).locks, []);
  assert.ok(await o.store.get("journal/0000000001/0000000002.json"));
});

test("the second signal lets the lock go although the store hangs", async () => {
  const o = options();
  const s = await openSession(o);
  s.journal.done({ of: 1, id: "x" });
  o.store.put = () => new Promise(() => {});
  assert.is(await stopNow(s, realClock, 100), false);
  assert.equal((await o.locker.list()).locks, []);
});

test.run();
