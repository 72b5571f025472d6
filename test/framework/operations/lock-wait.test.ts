import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../framework/base/errors.js";
import { memoryLocker, memoryLockTable } from "../../../framework/lock/memory.js";
import { noFault } from "../../../framework/model/faults.js";
import type { Lease, Locker } from "../../../framework/model/locker.js";
import { takeLock, type LockWaitOptions } from "../../../framework/operations/lock-wait.js";
import { jumpClock, metadata, realRandom as random } from "../../support/world.js";

/** A lock held by a machine that nobody can look into, and a contender, in virtual time. */
async function held(scope = "*", more: Partial<LockWaitOptions> = {}) {
  const clock = jumpClock();
  const table = memoryLockTable();
  const holder = memoryLocker({ table, clock, random });
  const got = await holder.acquire(scope, metadata());
  if (!got.ok) throw new Error("not taken");
  const said: string[] = [];
  const options: LockWaitOptions = {
    locker: memoryLocker({ table, clock, random }),
    clock,
    random,
    fault: noFault,
    metadata: metadata({ host: "other", operation: "deploy" }),
    scope: "*",
    waitMs: 0,
    emit: (e) => e.type === "waiting" && said.push(e.message),
    path: "shop/dev",
    ...more,
  };
  return { clock, table, holder, lease: got.lease, options, said };
}

async function refused(run: Promise<unknown>): Promise<void> {
  try {
    await run;
    assert.unreachable("the lock was taken");
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "lock-held" && error.exitCode === 4, String(error));
  }
}

test("a holder that beat less than 12 minutes ago is refused at once, without a wait", async () => {
  const h = await held();
  h.clock.advance(719_000);
  const before = h.clock.monotonic();
  await refused(takeLock(h.options));
  assert.is(h.clock.monotonic(), before);
});

test("a holder silent for over 12 minutes is watched for 90 s by the own clock, then taken over, with a higher fence", async () => {
  const h = await held();
  h.clock.advance(721_000);
  const before = h.clock.monotonic();
  const lease = await takeLock(h.options);
  assert.is(lease.fence, 2);
  assert.ok(h.clock.monotonic() - before >= 90_000);
  assert.ok(h.clock.monotonic() - before < 96_000);
  assert.is(await h.holder.beat(h.lease), "lost");
  assert.match(
    h.said.join("\n"),
    /The holder is silent; taking over if it stays so for 90 s.*\nTook over the lock of ana@desk \(deploy\): its last beat was 14 min ago/s,
  );
});

test("a holder that beats while it is watched keeps its lock", async () => {
  const h = await held();
  h.clock.advance(721_000);
  const sleep = h.clock.sleep;
  let slept = 0;
  h.clock.sleep = async (ms, signal) => {
    slept += ms;
    await sleep(ms, signal);
    if (slept > 60_000) assert.is(await h.holder.beat(h.lease), "mine");
  };
  await refused(takeLock(h.options));
  assert.is(await h.holder.beat(h.lease), "mine");
});

test("a beat that came between the last look and the takeover keeps the lock", async () => {
  const h = await held();
  h.clock.advance(721_000);
  const takeover: Locker["takeover"] = async (observed, m) => {
    await h.holder.beat(h.lease);
    return memoryLocker({ table: h.table, clock: h.clock, random }).takeover(observed, m);
  };
  await refused(takeLock({ ...h.options, locker: { ...h.options.locker, takeover } }));
  assert.is(await h.holder.beat(h.lease), "mine");
});

test("a machine whose clock is a day ahead takes nothing: silence is counted by the store's clock", async () => {
  const h = await held();
  const ahead = { ...h.clock, now: () => h.clock.now() + 86_400_000 };
  await refused(takeLock({ ...h.options, clock: ahead }));
});

test("from a kill on another machine to the next lease: at most 15 minutes by itself, at most 3 with --takeover", async () => {
  const h = await held("*", { waitMs: 1_800_000 });
  await takeLock(h.options);
  assert.ok(h.clock.monotonic() <= 900_000, `${h.clock.monotonic()} ms`);
  const t = await held("*", { waitMs: 1_800_000, takeover: { force: false } });
  await takeLock(t.options);
  assert.ok(t.clock.monotonic() <= 180_000, `${t.clock.monotonic()} ms`);
});

test("--takeover refuses a holder that beat within 90 s; with force it takes even that", async () => {
  const h = await held("*", { takeover: { force: false } });
  h.clock.advance(89_000);
  await refused(takeLock(h.options));
  const lease = await takeLock({ ...h.options, takeover: { force: true } });
  assert.is(lease.fence, 2);
});

test("a stale lock of another scope is taken over in its scope, cleared, and then the own one is acquired", async () => {
  const h = await held("users");
  h.clock.advance(721_000);
  const cleared: Lease[] = [];
  const clear = async (lease: Lease): Promise<void> => {
    cleared.push(lease);
    await h.options.locker.release(lease);
  };
  const lease = await takeLock({ ...h.options, clear });
  assert.equal(
    cleared.map((l) => [l.scope, l.fence]),
    [["users", 2]],
  );
  assert.equal([lease.scope, lease.fence], ["*", 3]);
});

test("a stale lock of another scope that was cleared but could not be released is not taken for somebody else's", async () => {
  const h = await held("users");
  h.clock.advance(721_000);
  let tries = 0;
  const clear = async (lease: Lease): Promise<void> => {
    tries += 1;
    if (tries === 2) await h.options.locker.release(lease);
  };
  const lease = await takeLock({ ...h.options, clear });
  assert.equal([tries, lease.scope, lease.fence], [2, "*", 4]);
});

test("who is named as holder is another, never this run itself with a lock that it could not release", async () => {
  const h = await held("users");
  h.clock.advance(721_000);
  let other = "";
  const clear = async (): Promise<void> => {
    const got = await h.options.locker.acquire("orders", metadata({ host: "elsewhere" }));
    if (got.ok) other = got.lease.lockId;
  };
  const error = await takeLock({ ...h.options, clear }).catch((e) => e);
  assert.ok(isPankaError(error) && error.code === "lock-held");
  assert.match(error.message, /held by ana@elsewhere/);
  assert.not.match(error.message, /;/);
  assert.ok(other !== "" && error.next?.includes(other));
});

test("without a way to recover it, another scope's stale lock stands", async () => {
  const h = await held("users");
  h.clock.advance(721_000);
  await refused(takeLock(h.options));
});

test("as long as one holder in the way is alive no other is cleared", async () => {
  const h = await held("users");
  h.clock.advance(721_000);
  await h.holder.acquire("jobs", metadata());
  await refused(takeLock({ ...h.options, clear: () => assert.unreachable() as never }));
  assert.is(h.table.locks.size, 2);
});

test.run();
