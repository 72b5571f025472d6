/** Taking the lock: at once, from a holder that is dead or silent, or after a polite wait; else saying who holds it. Protocol sections 2 and 4. */
import type { Clock, Random } from "../base/clock.js";
import { EXIT, PankaError } from "../base/errors.js";
import type { ProcessReads } from "../lock/process-facts.js";
import type { EventSink, FaultHook, Lease, LockInfo, Locker, LockMetadata, LockScope } from "../model/index.js";
import { STACK_SCOPE } from "../model/scopes.js";
import { retrying } from "../state/deps.js";
import { LockWatch, type TakeoverRequest } from "./stale-lock.js";

/** What taking the lock needs. */
export interface LockWaitOptions {
  locker: Locker;
  clock: Clock;
  random: Random;
  fault: FaultHook;
  metadata: LockMetadata;
  scope: LockScope;
  /** `--wait`, ms; 0 refuses at once, unless the holder is silent: then it is watched and taken over. */
  waitMs: number;
  /** `--takeover`. */
  takeover?: TakeoverRequest | undefined;
  emit: EventSink;
  /** `<stack>/<environment>`, for messages. */
  path: string;
  /** To judge whether a holder on this machine is dead; absent: nobody is judged. */
  reads?: ProcessReads | undefined;
  /**
   * A stale lock of another scope was taken over with this lease: passes the barrier, recovers and lets it go.
   * Absent: locks of other scopes are never taken.
   */
  clear?: ((lease: Lease) => Promise<void>) | undefined;
  signal?: AbortSignal | undefined;
}

/** How long a lock table that does not answer is asked again, ms. */
const PATIENCE_MS = 20_000;

/** The lease. Throws PankaError `lock-held` (exit 4). */
export async function takeLock(options: LockWaitOptions): Promise<Lease> {
  const { clock, random } = options;
  const start = clock.monotonic();
  const watch = new LockWatch(clock, options.reads, options.takeover);
  const say = once((message) => options.emit({ type: "waiting", message }));
  options.emit({ type: "phase", phase: "lock", message: `Taking the lock of ${options.path}` });
  for (;;) {
    options.signal?.throwIfAborted();
    options.fault("acquire:before-transaction");
    // An attempt whose answer was lost is known again by the next one, so that it may be repeated.
    const got = await retrying(options, PATIENCE_MS, () => attempt(options, watch));
    if (got.lease) {
      options.fault("acquire:after-transaction");
      return got.lease;
    }
    if (got.again) continue;
    const pause = 1_000 + ((random.bytes(1)[0] ?? 0) / 255) * 4_000;
    if (got.readyInMs !== undefined) {
      say(`The holder is silent; taking over if it stays so for ${Math.ceil(got.readyInMs / 1000)} s: ${describeHeld(got)}`);
      await clock.sleep(Math.min(pause, got.readyInMs), options.signal);
      continue;
    }
    const left = options.waitMs - (clock.monotonic() - start);
    if (left <= 0) throw lockHeld(got.held, got.serverTime, options);
    say(`Waiting for the lock: ${describeHeld(got)}`);
    await clock.sleep(Math.min(pause, left), options.signal);
  }
}

interface Held {
  held: LockInfo[];
  serverTime: string;
}

/** One attempt at the lock, or at what stands in its way. */
async function attempt(options: LockWaitOptions, watch: LockWatch): Promise<Taken & Held> {
  const result = await options.locker.acquire(options.scope, options.metadata);
  if (result.ok) return { lease: result.lease, held: [], serverTime: "" };
  const taken = await takeStale(options, result, watch);
  return { ...taken, held: result.held.filter((lock) => !watch.isOwn(lock)), serverTime: result.serverTime };
}

/** What came of looking at stale locks: the lease; one was cleared or moved, so ask `again`; or all in the way are silent and watched for `readyInMs` more. */
interface Taken {
  lease?: Lease;
  again?: boolean;
  readyInMs?: number;
}

/** Takes one stale lock: the own one is the lease, another scope's is cleared. */
async function takeStale(options: LockWaitOptions, seen: Held, watch: LockWatch): Promise<Taken> {
  const judged = inOrder(seen.held, options.scope).map((lock) => ({ lock, judgement: watch.judge(lock, seen.serverTime) }));
  const mayTake = (lock: LockInfo): boolean => lock.scope === options.scope || options.clear !== undefined;
  const stale = judged.find(({ lock, judgement }) => judgement.take !== undefined && mayTake(lock));
  // As long as one holder is alive nothing is gained by clearing the others.
  if (judged.some(({ lock, judgement }) => !mayTake(lock) || (judgement.take ?? judgement.readyInMs) === undefined)) return {};
  if (!stale) return { readyInMs: Math.max(0, ...judged.map(({ judgement }) => judgement.readyInMs ?? 0)) };
  const { lock, judgement } = stale;
  const result = await options.locker.takeover(lock, options.metadata);
  if (!result.ok) return { again: true };
  options.emit({ type: "waiting", message: `Took over the lock of ${whoHolds(lock)}: ${judgement.take}` });
  const lease = { ...result.lease, ...(judgement.ended ? { ended: lock.fence } : {}) };
  if (lock.scope === options.scope) return { lease };
  watch.noteCleared(lease.lockId);
  await options.clear?.(lease);
  return { again: true };
}

/** Entries of other scopes, the own entry, then what only a copy is left of: no other order lets each takeover through. */
function inOrder(held: readonly LockInfo[], own: LockScope): LockInfo[] {
  const rank = (lock: LockInfo): number => (lock.orphan ? 2 : lock.scope === own ? 1 : 0);
  return [...held].sort((a, b) => rank(a) - rank(b));
}

function whoHolds({ scope, metadata: m }: LockInfo): string {
  const what = scope === STACK_SCOPE ? m.operation : `${m.operation} of ${scope}`;
  return `${m.user || "unknown"}@${m.host || "unknown"} (${what})`;
}

function describeHeld({ held, serverTime }: Held): string {
  return describeHolder(held[0], serverTime);
}

/** Says each message once in a row of the same beginning. */
function once(say: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    const kind = message.slice(0, 12);
    if (!told.has(kind)) say(message);
    told.add(kind);
  };
}

/** One line about a holder: who, where, which operation, since when, last beat, CI run, when it frees itself. */
export function describeHolder(lock: LockInfo | undefined, serverTime: string): string {
  if (!lock) return "somebody holds it";
  const m = lock.metadata;
  const parts = [
    `held by ${m.user || "unknown"}@${m.host || "unknown"}${m.pid ? ` (process ${m.pid})` : ""}`,
    `for ${m.operation || "an unknown operation"}`,
    `since ${lock.lockedAt}`,
    `last beat ${ago(lock.lastHeartbeat, serverTime)}`,
    ...(m.ciUrl ? [m.ciUrl] : m.ciRunId ? [`${m.ciSystem ?? "CI"} run ${m.ciRunId}`] : []),
    ...(m.gitCommit ? [`commit ${m.gitCommit.slice(0, 12)}${m.gitBranch ? ` on ${m.gitBranch}` : ""}`] : []),
    `frees itself at ${lock.expiresAt} unless it beats again`,
  ];
  return parts.join(", ");
}

/** `42 s ago`, by the store's clock. */
export function ago(time: string, serverTime: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(serverTime) - Date.parse(time)) / 1000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

function lockHeld(held: LockInfo[], serverTime: string, options: LockWaitOptions): PankaError {
  const [stack, environment] = options.path.split("/");
  const lines = held.map((l) => describeHolder(l, serverTime)).join("; ");
  const id = held[0]?.lockId ?? "";
  const waited = options.waitMs > 0 ? ` (waited ${Math.round(options.waitMs / 1000)} s)` : "";
  return new PankaError("lock-held", `the lock of ${options.path} is ${lines}${waited}`, {
    exitCode: EXIT.lockHeld,
    next: `wait for it (--wait 10m), or if that run is dead: panka unlock --stack ${stack} -e ${environment} --lock-id ${id}`,
  });
}
