/** The locker in memory: for tests. One {@link MemoryLockTable} is what a table of the real thing is; each contender has its own locker on it. */
import type { Clock, Random } from "../base/clock.js";
import type { LockInfo, Locker, LockMetadata, LockScope } from "../model/locker.js";
import { overlaps } from "../model/scopes.js";
import type { Head } from "../model/state-file.js";

/** What all lockers of one stack and environment share. */
export interface MemoryLockTable {
  fence: number;
  locks: Map<LockScope, LockInfo>;
  head: Head | null;
}

/** An empty table. */
export function memoryLockTable(): MemoryLockTable {
  return { fence: 0, locks: new Map(), head: null };
}

const LEASE_MS = 3_600_000;

/** A locker on a table in memory. */
export function memoryLocker(options: { table: MemoryLockTable; clock: Clock; random: Random }): Locker {
  const { table, clock, random } = options;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const now = (): string => iso(clock.now());
  const sorted = (): LockInfo[] => [...table.locks.values()].map((l) => ({ ...l })).sort((a, b) => (a.scope < b.scope ? -1 : 1));
  const grant = (scope: LockScope, metadata: LockMetadata) => {
    table.fence += 1;
    const lease = { scope, lockId: random.uuid(), fence: table.fence, metadata };
    const times = { lockedAt: now(), lastHeartbeat: now(), expiresAt: iso(clock.now() + LEASE_MS) };
    table.locks.set(scope, { scope, lockId: lease.lockId, fence: lease.fence, heartbeatSeq: 0, metadata, ...times });
    return { ok: true as const, lease };
  };
  return {
    location: "memory",
    async acquire(scope, metadata) {
      const held = sorted().filter((l) => overlaps(l.scope, scope));
      return held.length ? { ok: false, held, serverTime: now() } : grant(scope, metadata);
    },
    async beat(lease) {
      const lock = table.locks.get(lease.scope);
      if (lock?.lockId !== lease.lockId || lock.fence !== lease.fence) return "lost";
      Object.assign(lock, { lastHeartbeat: now(), expiresAt: iso(clock.now() + LEASE_MS), heartbeatSeq: lock.heartbeatSeq + 1 });
      return "mine";
    },
    async release(lease) {
      const lock = table.locks.get(lease.scope);
      if (lock?.lockId === lease.lockId && lock.fence === lease.fence) table.locks.delete(lease.scope);
    },
    async takeover(observed, metadata) {
      const lock = table.locks.get(observed.scope);
      if (lock?.lockId !== observed.lockId || lock.heartbeatSeq !== observed.heartbeatSeq) return { ok: false };
      if (sorted().some((l) => l.scope !== observed.scope && overlaps(l.scope, observed.scope))) return { ok: false };
      return grant(observed.scope, metadata);
    },
    list: async () => ({ locks: sorted(), serverTime: now() }),
    readHead: async () => (table.head ? { ...table.head } : null),
    async advanceHead(head) {
      if (table.head && table.head.serial >= head.serial) return "behind";
      table.head = { ...head };
      return "written";
    },
    async close() {},
  };
}
