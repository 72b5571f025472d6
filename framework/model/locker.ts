/**
 * Locker: who may write ONE stack and environment, and the head of its state. Protocol: docs/reference/protocol.md.
 *
 * What an implementation must guarantee:
 *  1. Fences of a stack and environment strictly rise and never repeat, whatever is lost, expired or deleted.
 *  2. At most one entry per scope, and none that overlaps another (`*` encloses every service, a service its components).
 *  3. Every operation is one atomic step, judged by conditions in the store, never by this machine's clock.
 *  4. A lost reply is read back before it is reported: `acquire` that took effect is never reported as held by another.
 * What a caller may not assume: that holding a lease makes a write safe. Only the fence in state.json plus a conditional write does.
 */
import type { Head } from "./state-file.js";

/** What the lock protects: `*` (the stack), `<service>`, or `<service>/<component>`. */
export type LockScope = string;

/** Who holds a lock, for people and for takeover. */
export interface LockMetadata {
  user: string;
  host: string;
  pid: number;
  /** Start time of the process (clock ticks since boot on Linux), "" where it can't be read. */
  startTime: string;
  bootId: string;
  pidNamespace: string;
  ciSystem?: string;
  ciRunId?: string;
  ciUrl?: string;
  gitCommit?: string;
  gitBranch?: string;
  deploymentId: string;
  operation: string;
}

/** A held lock as seen in the store. Times are the store's, ISO 8601. */
export interface LockInfo {
  scope: LockScope;
  lockId: string;
  fence: number;
  lockedAt: string;
  lastHeartbeat: string;
  heartbeatSeq: number;
  /** When the item's TTL ends; for people. */
  expiresAt: string;
  metadata: LockMetadata;
  /** Only the copy with the TTL is left, the entry is gone. */
  orphan?: true;
  /** Taken by a call of this process whose reply was lost: {@link Locker.takeover} gives its lease. */
  mine?: true;
}

/** A lock that this process holds. */
export interface Lease {
  scope: LockScope;
  lockId: string;
  fence: number;
  /** What was said of the holder, so that a lock item that was lost can be put back. */
  metadata?: LockMetadata;
  /** Fence of the holder that it was taken from, where that one's process is provably gone: it sends nothing any more. */
  ended?: number;
}

/** Result of {@link Locker.acquire}: the lease, or who holds what stands in the way. */
export type AcquireResult = { ok: true; lease: Lease } | { ok: false; held: LockInfo[]; serverTime: string };

/** Result of a heartbeat: `mine`, `lost` (entry gone or another's); throws StoreError when the store could not be asked. */
export type BeatResult = "mine" | "lost";

/** The contract. */
export interface Locker {
  /** For messages: `dynamodb table panka-state-locks`, `.panka/...`. */
  readonly location: string;
  /** One attempt with a new lockId; never waits. */
  acquire(scope: LockScope, metadata: LockMetadata): Promise<AcquireResult>;
  /** Beats once: lastHeartbeat, expiresAt, heartbeatSeq + 1, on condition lockId and fence. Puts a lost item back while the entry stands. */
  beat(lease: Lease): Promise<BeatResult>;
  /** Removes entry and item if they are this lease's. Never throws for a lock that is already gone. */
  release(lease: Lease): Promise<void>;
  /** Takes over exactly the observed lock (lockId and heartbeatSeq unchanged): fence + 1. `lost` if it moved meanwhile. */
  takeover(observed: LockInfo, metadata: LockMetadata): Promise<{ ok: true; lease: Lease } | { ok: false }>;
  /** All locks of this stack and environment, sorted by scope. `serverTime` is the store's clock. */
  list(): Promise<{ locks: LockInfo[]; serverTime: string }>;
  /** Consistent read of head#. */
  readHead(): Promise<Head | null>;
  /** Writes head# on condition that the stored serial is lower (or none). `behind` = someone is further, which is fine. */
  advanceHead(head: Head): Promise<"written" | "behind">;
  close(): Promise<void>;
}
