/**
 * Unlock: takes over a lock that its holder will not release, passes the barrier so that the old holder's writes are refused, and lets it go.
 * Never deletes a lock: a wrong unlock costs the old holder its run, never the state. Protocol section 4.
 */
import { EXIT, PankaError } from "../base/errors.js";
import type { LockInfo } from "../model/locker.js";
import { STACK_SCOPE } from "../model/scopes.js";
import { barrier } from "../state/barrier.js";
import { readState } from "../state/read.js";
import { withBackend } from "./access.js";
import type { OperationContext } from "./context.js";
import { lockMetadata } from "./lock-metadata.js";
import { describeHolder } from "./lock-wait.js";
import { stackId } from "./stack-id.js";
import { mayBeAlive, silentFor } from "./stale-lock.js";

/** What is asked for. */
export interface UnlockRequest {
  lockId: string;
  /** Also a holder that beat within 90 s. */
  force: boolean;
  confirm(question: string): Promise<boolean>;
}

/** What came of it. */
export interface UnlockOutcome {
  done: boolean;
  /** `<stack>/<environment>`. */
  path: string;
  /** Who held it. */
  holder: string;
}

/** Takes the lock over and releases it. Throws PankaError `no-lock`, `other-lock`, `holder-alive`, `lock-moved`. */
export async function unlockStack(context: OperationContext, request: UnlockRequest): Promise<UnlockOutcome> {
  const id = await stackId(context);
  const { environment } = context.settings;
  return withBackend(context, id, async (backend) => {
    const { locks, serverTime } = await backend.locker.list();
    const lock = pick(locks, request, backend.path, environment);
    const holder = describeHolder(lock, serverTime);
    if (!request.force && mayBeAlive(lock, serverTime, context.reads)) {
      throw new PankaError(
        "holder-alive",
        `the holder beat ${Math.round(silentFor(lock, serverTime) / 1000)} s ago and may be at work: ${holder}`,
        {
          exitCode: EXIT.lockHeld,
          next: `wait for it, or panka unlock -e ${environment} --lock-id ${lock.lockId} --force`,
        },
      );
    }
    if (!(await request.confirm(`Take over and free the lock held by ${holder}?`))) return { done: false, path: backend.path, holder };
    const taken = await backend.locker.takeover(lock, lockMetadata(context, "unlock"));
    if (!taken.ok) {
      throw new PankaError("lock-moved", "the lock changed hands or beat while it was being taken over; nothing was changed", {
        exitCode: EXIT.lockHeld,
        next: `panka state locks -e ${environment}`,
      });
    }
    const deps = { ...backend, random: context.random, fault: context.faults };
    const known = (await readState(backend))?.state;
    // Without a state no run has passed its barrier: there is nothing to fence off.
    if (known) await barrier(deps, taken.lease, { engine: known.engine, provider: known.provider });
    await backend.locker.release(taken.lease);
    return { done: true, path: backend.path, holder };
  });
}

function pick(locks: LockInfo[], request: UnlockRequest, path: string, environment: string): LockInfo {
  const lock = locks.find((l) => l.lockId === request.lockId);
  if (lock) return lock;
  if (locks.length === 0) throw new PankaError("no-lock", `${path} is not locked`, { next: `panka deploy -e ${environment}` });
  const held = locks.map((l) => `${l.scope === STACK_SCOPE ? "" : `${l.scope}: `}${l.lockId}`).join(", ");
  throw new PankaError("other-lock", `${path} is not held by lock ${request.lockId}; it is held by ${held}`, {
    exitCode: EXIT.lockHeld,
    next: `panka state locks -e ${environment}`,
  });
}
