/** The barrier: the first write of a lock holder. From here on every write of an older holder is refused by the store. Protocol section 2, step 4. */
import { sha256 } from "../base/json.js";
import type { Lease } from "../model/locker.js";
import type { ProviderIdentity, StateFile } from "../model/state-file.js";
import { isStoreError, type WriteCondition } from "../model/state-store.js";
import { emptyState, encodeState } from "./codec.js";
import { isSealedObject } from "./envelope.js";
import { fenceAbove, isPassing, jitter, retrying, stateDeleted, type StoredState, type WriteDeps } from "./deps.js";
import { STATE_KEY } from "./keys.js";
import { readWithHead } from "./read.js";

/** What a new state begins with. */
export interface NewStateFacts {
  engine: StateFile["engine"];
  provider: ProviderIdentity;
}

/** `lost`: a newer holder has passed its barrier. */
export type BarrierResult = { outcome: "passed"; stored: StoredState } | { outcome: "lost"; fence: number };

/** How long a store that does not answer is tried. */
const PATIENCE_MS = 60_000;
/** How long a failing head is tried after the state stands; a head that stays behind is repaired by the next holder. */
const HEAD_MS = 10_000;

/**
 * Rewrites state.json with this holder's fence, or creates it with a new lineage where there is neither state nor head.
 * Throws PankaError as readState does, and `state-deleted`; StoreError when the store fails for a minute.
 */
export async function barrier(deps: WriteDeps, lease: Lease, facts: NewStateFacts): Promise<BarrierResult> {
  const nonce = deps.random.uuid();
  const start = deps.clock.monotonic();
  deps.fault("barrier:before-state");
  for (;;) {
    const { stored, head } = await readWithHead(deps, PATIENCE_MS);
    if (stored?.state.nonce === nonce) return passed(deps, stored);
    if (stored && fenceAbove(stored.state, lease.scope) > lease.fence) {
      return { outcome: "lost", fence: fenceAbove(stored.state, lease.scope) };
    }
    if (stored && head && head.serial < stored.state.serial) await advance(deps, stored);
    const base = stored?.state ?? emptyState(deps.random.uuid(), facts.engine, facts.provider);
    const { next, bytes } = await encodeRaised(deps, raise(base, lease, nonce), stored?.sealed);
    const condition: WriteCondition = stored ? { ifMatch: stored.tag } : { ifNoneMatch: true };
    try {
      const tag = await deps.store.put(STATE_KEY, bytes, condition);
      return await passed(deps, { state: next, tag, sha256: sha256(bytes), sealed: isSealedObject(bytes) });
    } catch (error) {
      if (isStoreError(error, "missing")) throw stateDeleted(deps.store.location);
      const again = isStoreError(error, "refused") || isPassing(error);
      if (!again || deps.clock.monotonic() - start > PATIENCE_MS) throw error;
    }
    await deps.clock.sleep(jitter(deps.random, 400));
  }
}

/**
 * The fence of a newer holder that has committed since this one's barrier, if any, by a look at the head. Asked once the journals of earlier
 * runs are read: what a newer holder settled it has dropped from them, and what was read is then not all.
 */
export async function overtakenBy(deps: WriteDeps, lease: Lease, passed: StoredState): Promise<number | undefined> {
  const head = await retrying(deps, HEAD_MS, () => deps.locker.readHead());
  if (!head || head.serial <= passed.state.serial) return undefined;
  const { stored } = await readWithHead(deps, PATIENCE_MS);
  const fence = stored ? fenceAbove(stored.state, lease.scope) : 0;
  return fence > lease.fence ? fence : undefined;
}

function raise(base: StateFile, lease: Lease, nonce: string): StateFile {
  const fences = { ...base.fences, [lease.scope]: Math.max(lease.fence, base.fences[lease.scope] ?? 0) };
  return { ...base, serial: base.serial + 1, fence: lease.fence, fences, nonce };
}

/** The state and its bytes. One that is encrypted says from which run on the journals are, too, and from which serial on the releases. */
async function encodeRaised(
  deps: WriteDeps,
  raised: StateFile,
  wasSealed: boolean | undefined,
): Promise<{ next: StateFile; bytes: Uint8Array }> {
  const { fence, serial } = raised;
  const next = { journalsSealedFrom: fence, releasesSealedFrom: serial, ...raised };
  const bytes = await encodeState(next, deps, wasSealed);
  return isSealedObject(bytes) ? { next, bytes } : { next: raised, bytes: await encodeState(raised, deps, wasSealed) };
}

async function passed(deps: WriteDeps, stored: StoredState): Promise<BarrierResult> {
  deps.fault("barrier:after-state");
  await advance(deps, stored);
  deps.fault("barrier:after-head");
  return { outcome: "passed", stored };
}

/** Brings the head up to this state. Someone further is fine; so is a table that fails: the next holder repairs it. */
export async function advance(deps: WriteDeps, stored: StoredState): Promise<void> {
  const head = { serial: stored.state.serial, fence: stored.state.fence, sha256: stored.sha256 };
  await retrying(deps, HEAD_MS, () => deps.locker.advanceHead(head)).catch((error) => {
    if (!isPassing(error)) throw error;
  });
}
