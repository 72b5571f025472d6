/** The rules of framework/model/locker.ts, as tests that every driver runs. */
import * as assert from "uvu/assert";
import type { Lease, Locker } from "../../framework/model/locker.js";
import { overlaps } from "../../framework/model/scopes.js";
import { metadata } from "../support/world.js";

async function take(locker: Locker, scope = "*"): Promise<Lease> {
  const result = await locker.acquire(scope, metadata({ ciUrl: "https://ci/1" }));
  if (!result.ok) throw new Error(`held by ${result.held.map((h) => h.lockId)}`);
  return result.lease;
}

/** Registers the rules. `open` gives a fresh contender on one same table; `now`: the time there. */
export function lockerContract(
  test: (name: string, body: () => Promise<void>) => void,
  name: string,
  open: () => Locker,
  now: () => number = Date.now,
): void {
  let fence = 0;
  const rises = (lease: Lease): void => {
    assert.ok(lease.fence > fence, `fence ${lease.fence} after ${fence}`);
    fence = lease.fence;
  };

  test(`${name}: a free lock is taken, shown with its holder, released, and taken again with a higher fence`, async () => {
    assert.equal((await open().list()).locks, []);
    const first = await take(open());
    rises(first);
    const { locks, serverTime } = await open().list();
    assert.is(locks.length, 1);
    assert.is(locks[0]?.lockId, first.lockId);
    assert.is(locks[0]?.fence, first.fence);
    assert.equal(locks[0]?.metadata, metadata({ ciUrl: "https://ci/1" }));
    assert.ok(Math.abs(Date.parse(serverTime) - now()) < 120_000);
    assert.ok(Date.parse(locks[0]?.expiresAt ?? "") - Date.parse(locks[0]?.lastHeartbeat ?? "") >= 3_599_000);
    await open().release(first);
    assert.equal((await open().list()).locks, []);
    const second = await take(open());
    rises(second);
    await open().release(second);
  });

  test(`${name}: a held lock is refused, and says who holds it`, async () => {
    const lease = await take(open());
    rises(lease);
    const other = await open().acquire("*", metadata());
    assert.not(other.ok);
    assert.equal(other.ok ? [] : other.held.map((h) => h.lockId), [lease.lockId]);
    await open().release(lease);
  });

  test(`${name}: of 20 contenders at once one wins, round after round, and fences rise`, async () => {
    for (let round = 0; round < 3; round++) {
      const results = await Promise.all(Array.from({ length: 20 }, () => open().acquire("*", metadata())));
      const won = results.filter((r) => r.ok);
      assert.is(won.length, 1, `round ${round}`);
      const lease = (won[0] as { lease: Lease }).lease;
      rises(lease);
      await open().release(lease);
    }
  });

  test(`${name}: a beat counts up, and five beats keep the lock`, async () => {
    const lease = await take(open());
    rises(lease);
    for (let i = 0; i < 5; i++) assert.is(await open().beat(lease), "mine");
    assert.is((await open().list()).locks[0]?.heartbeatSeq, 5);
    await open().release(lease);
    assert.is(await open().beat(lease), "lost");
  });

  test(`${name}: a takeover raises the fence; the old holder's beat is lost and its release removes nothing`, async () => {
    const old = await take(open());
    rises(old);
    const [seen] = (await open().list()).locks;
    const taken = await open().takeover(seen!, metadata({ operation: "unlock" }));
    assert.ok(taken.ok);
    const lease = (taken as { lease: Lease }).lease;
    rises(lease);
    assert.is(await open().beat(old), "lost");
    await open().release(old);
    assert.is((await open().list()).locks[0]?.lockId, lease.lockId);
    assert.is(await open().beat(lease), "mine");
    await open().release(lease);
  });

  test(`${name}: a takeover of a lock that beat since it was seen, or of another lock, changes nothing`, async () => {
    const lease = await take(open());
    rises(lease);
    const [seen] = (await open().list()).locks;
    await open().beat(lease);
    assert.not((await open().takeover(seen!, metadata())).ok);
    const [now] = (await open().list()).locks;
    assert.not((await open().takeover({ ...now!, lockId: "00000000-0000-4000-8000-000000000000" }, metadata())).ok);
    assert.is(await open().beat(lease), "mine");
    await open().release(lease);
  });

  test(`${name}: of 10 takers of one lock at once one wins`, async () => {
    const lease = await take(open());
    rises(lease);
    const [seen] = (await open().list()).locks;
    const results = await Promise.all(
      Array.from({ length: 10 }, () =>
        open()
          .takeover(seen!, metadata())
          .catch(() => ({ ok: false as const })),
      ),
    );
    assert.is(await open().beat(lease), "lost");
    const won = results.filter((r) => r.ok);
    assert.is(won.length, 1);
    const winner = (won[0] as { lease: Lease }).lease;
    rises(winner);
    assert.is((await open().list()).locks[0]?.lockId, winner.lockId);
    await open().release(winner);
  });

  test(`${name}: the whole stack excludes a service, a service its components; two services go side by side`, async () => {
    const users = await take(open(), "users");
    rises(users);
    const jobs = await take(open(), "jobs");
    rises(jobs);
    for (const scope of ["*", "users", "users/api"]) assert.not((await open().acquire(scope, metadata())).ok, scope);
    await open().release(users);
    assert.not((await open().acquire("*", metadata())).ok);
    await open().release(jobs);
    const all = await take(open());
    assert.not((await open().acquire("users", metadata())).ok);
    await open().release(all);
  });

  test(`${name}: of contenders for all scopes at once no two that overlap hold, and each winner has a fence of its own`, async () => {
    const scopes = ["*", "users", "users/api", "users/db", "jobs", "*", "jobs/worker", "users"];
    for (let round = 0; round < 3; round++) {
      const results = await Promise.all(scopes.map((scope) => open().acquire(scope, metadata())));
      const won = results.flatMap((r) => (r.ok ? [r.lease] : []));
      assert.ok(won.length > 0, `round ${round}`);
      for (const a of won) for (const b of won) assert.ok(a === b || !overlaps(a.scope, b.scope), `${a.scope} and ${b.scope}`);
      assert.is(new Set(won.map((l) => l.fence)).size, won.length);
      for (const lease of won.sort((a, b) => a.fence - b.fence)) rises(lease);
      assert.equal((await open().list()).locks.map((l) => l.scope).sort(), won.map((l) => l.scope).sort());
      for (const lease of won) await open().release(lease);
    }
  });

  test(`${name}: a service's lock is beaten, taken over and released without touching another service's`, async () => {
    const users = await take(open(), "users");
    const jobs = await take(open(), "jobs");
    rises(users);
    rises(jobs);
    assert.is(await open().beat(users), "mine");
    const seen = (await open().list()).locks.find((l) => l.scope === "users")!;
    const taken = await open().takeover(seen, metadata());
    assert.ok(taken.ok);
    const lease = (taken as { lease: Lease }).lease;
    rises(lease);
    assert.is(lease.scope, "users");
    assert.is(await open().beat(users), "lost");
    assert.is(await open().beat(jobs), "mine");
    await open().release(users);
    await open().release(lease);
    assert.equal(
      (await open().list()).locks.map((l) => l.lockId),
      [jobs.lockId],
    );
    await open().release(jobs);
  });

  test(`${name}: the head only goes forward`, async () => {
    assert.is(await open().readHead(), null);
    const head = (serial: number) => ({ serial, fence: 1, sha256: `hash-${serial}` });
    assert.is(await open().advanceHead(head(3)), "written");
    assert.is(await open().advanceHead(head(3)), "behind");
    assert.is(await open().advanceHead(head(2)), "behind");
    assert.is(await open().advanceHead(head(9)), "written");
    assert.equal(await open().readHead(), head(9));
  });
}
