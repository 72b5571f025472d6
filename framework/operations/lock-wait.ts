/** Taking the lock: at once, after its owner is found dead on this machine, or after a polite wait; else saying who holds it. Protocol section 2. */
import type { Clock, Random } from "../base/clock.js";
import { EXIT, PankaError } from "../base/errors.js";
import { provablyDead, type ProcessReads } from "../lock/process-facts.js";
import type { EventSink, FaultHook, Lease, LockInfo, Locker, LockMetadata, LockScope } from "../model/index.js";

/** What taking the lock needs. */
export interface LockWaitOptions {
  locker: Locker;
  clock: Clock;
  random: Random;
  fault: FaultHook;
  metadata: LockMetadata;
  scope: LockScope;
  /** `--wait`, ms; 0 refuses at once. */
  waitMs: number;
  emit: EventSink;
  /** `<stack>/<environment>`, for messages. */
  path: string;
  /** To judge whether a holder on this machine is dead; absent: nobody is judged. */
  reads?: ProcessReads | undefined;
  signal?: AbortSignal | undefined;
}

/** The lease. Throws PankaError `lock-held` (exit 4). */
export async function takeLock(options: LockWaitOptions): Promise<Lease> {
  const { locker, clock, random } = options;
  const start = clock.monotonic();
  let told = false;
  options.emit({ type: "phase", phase: "lock", message: `Taking the lock of ${options.path}` });
  for (;;) {
    options.signal?.throwIfAborted();
    options.fault("acquire:before-transaction");
    const result = await locker.acquire(options.scope, options.metadata);
    if (result.ok) {
      options.fault("acquire:after-transaction");
      return result.lease;
    }
    const taken = await takeFromDead(options, result.held);
    if (taken) {
      options.fault("acquire:after-transaction");
      return taken;
    }
    const left = options.waitMs - (clock.monotonic() - start);
    if (left <= 0) throw lockHeld(result.held, result.serverTime, options);
    if (!told) options.emit({ type: "waiting", message: `Waiting for the lock: ${describeHolder(result.held[0], result.serverTime)}` });
    told = true;
    const pause = 1_000 + ((random.bytes(1)[0] ?? 0) / 255) * 4_000;
    await clock.sleep(Math.min(pause, left), options.signal);
  }
}

/** Takes over the one lock in the way if its owner is provably dead on this machine. */
async function takeFromDead(options: LockWaitOptions, held: LockInfo[]): Promise<Lease | undefined> {
  const [lock] = held;
  if (!lock || held.length > 1 || lock.scope !== options.scope || !options.reads) return undefined;
  if (!provablyDead(lock.metadata, options.reads)) return undefined;
  const result = await options.locker.takeover(lock, options.metadata);
  if (!result.ok) return undefined;
  options.emit({
    type: "waiting",
    message: `Took over the lock of process ${lock.metadata.pid} (${lock.metadata.operation}), which is no longer running`,
  });
  return result.lease;
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
