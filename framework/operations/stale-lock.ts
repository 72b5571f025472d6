/** May a lock be taken from its holder? Waiting is judged by clocks; safety never rests on them, only on the fence. Protocol section 4. */
import type { Clock } from "../base/clock.js";
import { provablyDead, type ProcessReads } from "../lock/process-facts.js";
import type { LockInfo } from "../model/locker.js";

/** A holder starts nothing after 10 minutes without a beat; after this long, by the store's clock, a successor may take over, ms. */
export const SILENT_MS = 720_000;
/** For this long, by this process's own monotonic clock, the lock must not have moved either, ms. */
export const OBSERVED_MS = 90_000;
/** A holder that beat within this time, by the store's clock, is alive unless proved dead or forced, ms. */
export const ALIVE_MS = 90_000;

/** `--takeover`: take the lock as `panka unlock` would; `force`: also from a holder that beat within {@link ALIVE_MS}. */
export interface TakeoverRequest {
  force: boolean;
}

/** `take` says why the lock may be taken; else `readyInMs`: how long a silent holder must still be watched. */
export interface Judgement {
  take?: string;
  /** Its process is provably gone. */
  ended?: boolean;
  readyInMs?: number;
}

/** How long ago the holder beat, by the store's clock, ms. */
export function silentFor(lock: LockInfo, serverTime: string): number {
  return Math.max(0, Date.parse(serverTime) - Date.parse(lock.lastHeartbeat));
}

/** True if the holder beat so recently that only force may take its lock, and nothing proves it dead. */
export function mayBeAlive(lock: LockInfo, serverTime: string, reads: ProcessReads | undefined): boolean {
  return silentFor(lock, serverTime) < ALIVE_MS && !(reads && provablyDead(lock.metadata, reads));
}

/** Watches locks over several looks at them. */
export class LockWatch {
  /** Lock id -> the beat that was seen, and since when (monotonic). */
  private readonly seen = new Map<string, { beat: number; since: number }>();
  private readonly cleared = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly reads: ProcessReads | undefined,
    private readonly takeover: TakeoverRequest | undefined,
  ) {}

  /** A stale lock that was taken over with this lock id to be cleared: it is this run's own, also where its release failed. */
  noteCleared(lockId: string): void {
    this.cleared.add(lockId);
  }

  /** True for a lock of this run, which stands only because a reply was lost or a release failed. */
  isOwn(lock: LockInfo): boolean {
    return lock.mine === true || this.cleared.has(lock.lockId);
  }

  /** Judges a lock as it was read just now. */
  judge(lock: LockInfo, serverTime: string): Judgement {
    if (lock.mine) return { take: "this run took it, and the reply was lost" };
    if (this.cleared.has(lock.lockId)) return { take: "this run took it and could not release it" };
    const now = this.clock.monotonic();
    const known = this.seen.get(lock.lockId);
    const since = known?.beat === lock.heartbeatSeq ? known.since : now;
    this.seen.set(lock.lockId, { beat: lock.heartbeatSeq, since });
    if (this.reads && provablyDead(lock.metadata, this.reads))
      return { take: `process ${lock.metadata.pid} is no longer running`, ended: true };
    const silent = silentFor(lock, serverTime);
    const minutes = `its last beat was ${Math.round(silent / 60_000)} min ago`;
    if (this.takeover && (this.takeover.force || silent >= ALIVE_MS)) return { take: silent >= ALIVE_MS ? minutes : "it was forced" };
    if (silent <= SILENT_MS) return {};
    const left = OBSERVED_MS - (now - since);
    return left <= 0 ? { take: minutes } : { readyInMs: left };
  }
}
