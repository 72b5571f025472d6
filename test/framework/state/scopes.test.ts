import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { memoryLocker, memoryLockTable } from "../../../framework/lock/memory.js";
import { noFault } from "../../../framework/model/faults.js";
import type { ResourceState, StateFile } from "../../../framework/model/state-file.js";
import { openSession, type Session, type SessionOptions } from "../../../framework/operations/session.js";
import { isSealed } from "../../../framework/state/journal-reader.js";
import { journalKey } from "../../../framework/state/keys.js";
import { memoryStore } from "../../../framework/state/memory.js";
import { mergeScope } from "../../../framework/state/merge.js";
import { readState } from "../../../framework/state/read.js";
import { metadata, realClock as clock, realRandom as random } from "../../support/world.js";

const urn = (address: string): string => `urn:pulumi:dev::shop::aws:sqs/queue:Queue::${address}`;
const resource = (id: string): ResourceState => ({
  type: "aws:sqs/queue:Queue",
  id,
  generation: 0,
  inputs: {},
  outputs: {},
  schemaVersion: 0,
  private: "",
  dependsOn: [],
  protect: false,
  secretPaths: [],
  status: "ok",
});
const intent = (address: string) => ({
  urn: urn(address),
  key: urn(address),
  op: "create" as const,
  type: "aws:sqs/queue:Queue",
  generation: 0,
  probe: { class: "A" as const },
  inputsHash: "h",
  dependsOn: [],
  protect: false,
});

/** One stack and environment, to be opened in any scope. */
function stack() {
  const table = memoryLockTable();
  const store = memoryStore();
  const options = (scope: string, more: Partial<SessionOptions> = {}): SessionOptions => ({
    store,
    locker: memoryLocker({ table, clock, random }),
    clock,
    random,
    fault: noFault,
    metadata: metadata({ bootId: "elsewhere" }),
    emit: () => {},
    provider: { name: "local", account: "", region: "us-east-1", endpoint: "" },
    engine: "embedded",
    path: "shop/dev",
    scope,
    ...more,
  });
  const read = async (): Promise<StateFile> => {
    const stored = await readState(options("*"));
    if (!stored) throw new Error("no state");
    return stored.state;
  };
  /** A run that dies: its heartbeat stops, its lock stays. */
  const die = async (session: Session): Promise<void> => {
    const locks = new Map(table.locks);
    await session.release();
    for (const [scope, lock] of locks) table.locks.set(scope, lock);
  };
  return { table, store, options, read, die };
}

/** Sessions of the running test; what a test leaves open is let go after it. */
const opened: Session[] = [];
const open = async (options: SessionOptions): Promise<Session> => {
  const session = await openSession(options);
  opened.push(session);
  return session;
};
test.after.each(async () => {
  for (const session of opened.splice(0)) await session.release();
});

const sealed = (assemblyHash: string | null = null) => ({ sealed: true as const, assemblyHash });
const put = (state: StateFile, address: string, id: string): StateFile => ({
  ...state,
  resources: { ...state.resources, [urn(address)]: resource(id) },
});

const seqsOf = (session: Session): number[] => session.recovery.map((e) => e.seq);

test("two services' runs go side by side; each commit keeps the other's part, whoever ends first", async () => {
  const s = stack();
  const users = await open(s.options("users"));
  const jobs = await open(s.options("jobs"));
  await jobs.commit(put(jobs.state, "jobs/queue", "j1"), sealed());
  await users.fold(put(users.state, "users/api", "u1"));
  await users.commit(put(users.state, "users/api", "u2"), sealed());
  await users.release();
  await jobs.release();
  const state = await s.read();
  assert.equal(Object.fromEntries(Object.entries(state.resources).map(([k, r]) => [k, r.id])), {
    [urn("jobs/queue")]: "j1",
    [urn("users/api")]: "u2",
  });
  assert.equal(state.fences, { users: 1, jobs: 2 });
  assert.ok(isSealed(state));
});

test("a service's run writes nothing of another service or of shared resources, whatever its content says", async () => {
  const s = stack();
  const users = await open(s.options("users"));
  const content = put(put(put(users.state, "users/api", "u"), "jobs/queue", "stolen"), "_stack/network", "shared");
  await users.commit(content, sealed());
  assert.equal(Object.keys((await s.read()).resources), [urn("users/api")]);
  await users.release();
});

test("a service's seal leaves the journal of a service at work alone: when that one dies, its steps are found", async () => {
  const s = stack();
  const users = await open(s.options("users"));
  const jobs = await open(s.options("jobs"));
  await users.journal.intent(intent("users/api"));
  assert.equal(jobs.recovery, []);
  jobs.journal.done({ of: await jobs.journal.intent(intent("jobs/queue")), id: "j" });
  await jobs.commit(put(jobs.state, "jobs/queue", "j"), sealed());
  await jobs.release();
  assert.not.ok(isSealed(await s.read()));
  await s.die(users);
  const next = await open(s.options("users", { takeover: { force: true } }));
  assert.equal(
    next.recovery.map((e) => e.intent.urn),
    [urn("users/api")],
  );
  await next.commit(next.state, sealed());
  await next.release();
  assert.ok(isSealed(await s.read()));
  const last = await open(s.options("*"));
  assert.equal(last.recovery, []);
  await last.release();
});

test("a stack-wide run clears a dead service's lock in its own scope first: barrier, recovery, release", async () => {
  const s = stack();
  const users = await open(s.options("users"));
  await users.journal.intent(intent("users/api"));
  await s.die(users);
  const settled: string[] = [];
  const settle = async (session: Session): Promise<void> => {
    settled.push(`${session.lease.scope}: ${session.recovery.map((e) => e.intent.key).join()}`);
    await session.commit(put(session.state, "users/api", "found"), sealed());
  };
  const all = await open(s.options("*", { settle, takeover: { force: true } }));
  assert.equal(settled, [`users: ${urn("users/api")}`]);
  assert.equal(all.recovery, []);
  assert.is(all.state.resources[urn("users/api")]?.id, "found");
  assert.equal(all.state.fences, { users: 2, "*": 3 });
  await all.release();
  assert.is(s.table.locks.size, 0);
});

test("a journal object that arrives when a later one of its run is sealed already is found by the next run", async () => {
  for (const scope of ["*", "users"]) {
    const s = stack();
    const dead = await open(s.options(scope));
    for (const name of ["users/a", "users/b", "users/c"]) await dead.journal.intent(intent(name));
    await s.die(dead);
    const key = journalKey(1, 2);
    const late = await s.store.get(key);
    await s.store.delete(key);
    const next = await open(s.options(scope, { takeover: { force: true } }));
    assert.equal(seqsOf(next), [1, 3]);
    await next.commit(next.state, sealed());
    await next.release();
    await s.store.put(key, late?.bytes as Uint8Array, { ifNoneMatch: true });
    const last = await open(s.options(scope));
    assert.equal(seqsOf(last), [2], scope);
    await last.commit(last.state, sealed());
    await last.release();
    const after = await open(s.options(scope));
    assert.equal(seqsOf(after), []);
    await after.release();
  }
});

test("a dead service's lock that can't be settled stops the stack-wide run, is let go, and stays to be recovered", async () => {
  const s = stack();
  const users = await open(s.options("users"));
  await users.journal.intent(intent("users/api"));
  await s.die(users);
  const settle = () => Promise.reject(new Error("can't"));
  await open(s.options("*", { settle, takeover: { force: true } })).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /can't/),
  );
  assert.is(s.table.locks.size, 0);
  const next = await open(s.options("users"));
  assert.is(next.recovery.length, 1);
  await next.release();
});

test("a stack-wide journal that reaches beyond a service is not settled by that service's run, which says so", async () => {
  const s = stack();
  const all = await open(s.options("*"));
  await all.journal.intent(intent("users/api"));
  await all.journal.intent(intent("_stack/network"));
  await all.release();
  try {
    await open(s.options("users"));
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "other-scope-journal");
    assert.match(error.next ?? "", /--lock-scope stack/);
  }
  const jobs = await open(s.options("jobs"));
  assert.equal(jobs.recovery, []);
  await jobs.release();
  assert.is((await open(s.options("*"))).recovery.length, 2);
});

test("after a stack-wide barrier an older service's commit is lost, and after a service's barrier a stack-wide one", async () => {
  for (const [older, newer] of [
    ["users", "*"],
    ["*", "users"],
    ["users/api", "users"],
    ["users", "users/api"],
  ] as const) {
    const s = stack();
    const old = await open(s.options(older));
    await s.die(old);
    s.table.locks.clear();
    const next = await open(s.options(newer));
    await old.commit(put(old.state, "users/api", "stale"), sealed()).then(
      () => assert.unreachable(`${older} after ${newer}`),
      (error) => assert.is(error.code, "lock-lost"),
    );
    await next.commit(put(next.state, "users/api", "new"), sealed());
    assert.is((await s.read()).resources[urn("users/api")]?.id, "new");
    await next.release();
  }
});

test("a number that another scope took first is not taken twice", async () => {
  const s = stack();
  const base = (await open(s.options("users"))).state;
  const theirs = { ...base, allotments: { rules: { "jobs/web#0": 7 } } };
  const mine = { ...base, allotments: { rules: { "users/web#0": 7, "users/admin#0": 9 } } };
  assert.equal(mergeScope(theirs, mine, "users").allotments, { rules: { "jobs/web#0": 7, "users/admin#0": 9 } });
});

test("what was settled while a service's run was at work stays settled, whatever that run had read", async () => {
  const s = stack();
  const base = (await open(s.options("users"))).state;
  const theirs = { ...base, seals: { 1: 11, 2: 4 }, gaps: { 1: [] } };
  const mine = { ...base, seals: { 1: 11, 2: 3, 9: 6 }, gaps: { 1: [3], 2: [2], 9: [5] } };
  const { seals, gaps } = mergeScope(theirs, mine, "users");
  assert.equal(seals, { 1: 11, 2: 4, 9: 6 });
  assert.equal(gaps, { 1: [], 9: [5] });
});

test("a service's commit over another's calls the stack complete no longer", async () => {
  const s = stack();
  const users = await open(s.options("users"));
  const jobs = await open(s.options("jobs"));
  await jobs.commit(jobs.state, sealed("abc"));
  assert.is((await s.read()).assemblyHash, "abc");
  await users.commit(users.state, sealed("abc"));
  assert.is((await s.read()).assemblyHash, null);
});

test.run();
