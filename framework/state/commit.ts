/**
 * Commit: (1) history object, (2) state.json over the version that was read, (3) head#. Protocol section 5.
 * A fold is a commit without history, during a run.
 */
import { sha256 } from "../base/json.js";
import type { Lease } from "../model/locker.js";
import type { StateFile } from "../model/state-file.js";
import { isStoreError } from "../model/state-store.js";
import { advance } from "./barrier.js";
import { encodeState } from "./codec.js";
import { isSealedObject } from "./envelope.js";
import { fenceAbove, isPassing, jitter, retrying, stateDeleted, type StoredState, type WriteDeps } from "./deps.js";
import { historyKey, STATE_KEY } from "./keys.js";
import { mergeScope } from "./merge.js";
import { load } from "./read.js";

/**
 * committed: it stands, as `mine`; `stored` is what stands now, another scope's commit on top included; `fenced` = and a newer holder's
 * barrier too, so nothing more may be written.
 * lost: a newer holder is there and this commit did not happen. unknown: it may have happened, a newer commit hides the truth.
 */
export type CommitResult =
  | { outcome: "committed"; stored: StoredState; mine: StateFile; fenced: boolean }
  | { outcome: "lost" | "unknown"; fence: number };

/** What to commit. */
export interface CommitRequest {
  lease: Lease;
  /** The state that this run last read or wrote. */
  base: StoredState;
  /** The new content; its serial, fence, fences, commits and nonce are set here. */
  mine: StateFile;
  /** Write a history object too. */
  history: boolean;
  /** How long a failing store is tried, ms; within the lease. Default 8 minutes. */
  patienceMs?: number;
}

const PATIENCE_MS = 480_000;

/**
 * Commits. Throws PankaError `state-deleted`, `newer-state`, `damaged-state`, `no-key`; StoreError when the store failed for `patienceMs`
 * (kind `unknown` if the state may have been written).
 */
export async function commit(deps: WriteDeps, request: CommitRequest): Promise<CommitResult> {
  const { lease, history } = request;
  const nonce = deps.random.uuid();
  let base = request.base;
  for (;;) {
    const merged = mergeScope(base.state, request.mine, lease.scope, base !== request.base);
    const next = raise({ ...merged, committedAt: new Date(deps.clock.now()).toISOString() }, lease, nonce);
    const bytes = await encodeState(next, deps, base.sealed);
    if (history) {
      deps.fault("commit:before-history");
      await putHistory(deps, next, bytes, request.patienceMs ?? PATIENCE_MS);
      deps.fault("commit:after-history");
    }
    const sent = await putState(deps, bytes, base.tag, request.patienceMs ?? PATIENCE_MS);
    const own = { state: next, sha256: sha256(bytes), sealed: isSealedObject(bytes) };
    if ("tag" in sent) return finish(deps, { ...own, tag: sent.tag }, next, false);

    const object = await retrying(deps, request.patienceMs ?? PATIENCE_MS, () => deps.store.get(STATE_KEY));
    if (!object) throw stateDeleted(deps.store.location);
    const now = await load(deps, object);
    const fence = fenceAbove(now.state, lease.scope);
    if (now.state.commits[lease.scope]?.nonce === nonce) {
      const done = await finish(deps, now, next, fence > lease.fence);
      // What a newer holder wrote on top is not this run's to report, and its tag not this run's to write over: the old one is refused.
      return fence > lease.fence ? { ...done, stored: { ...own, tag: base.tag } } : done;
    }
    if (fence > lease.fence) {
      const hidden = now.state.commits[lease.scope]?.nonce !== base.state.commits[lease.scope]?.nonce;
      return { outcome: sent.unanswered && hidden ? "unknown" : "lost", fence };
    }
    base = now;
  }
}

function raise(state: StateFile, lease: Lease, nonce: string): StateFile {
  const { scope, fence } = lease;
  return {
    ...state,
    serial: state.serial + 1,
    fence,
    fences: { ...state.fences, [scope]: Math.max(fence, state.fences[scope] ?? 0) },
    commits: { ...state.commits, [scope]: { fence, nonce } },
    nonce,
  };
}

async function finish(
  deps: WriteDeps,
  stored: StoredState,
  mine: StateFile,
  fenced: boolean,
): Promise<CommitResult & { outcome: "committed" }> {
  deps.fault("commit:after-state");
  await advance(deps, stored);
  deps.fault("commit:after-head");
  return { outcome: "committed", stored, mine, fenced };
}

/** Sends the same bytes until there is a clear answer: the new tag, or that the condition does not hold (any more). */
async function putState(
  deps: WriteDeps,
  bytes: Uint8Array,
  ifMatch: string,
  patienceMs: number,
): Promise<{ tag: string } | { unanswered: boolean }> {
  const start = deps.clock.monotonic();
  let unanswered = false;
  for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      return { tag: await deps.store.put(STATE_KEY, bytes, { ifMatch }) };
    } catch (error) {
      if (isStoreError(error, "refused")) return { unanswered };
      if (isStoreError(error, "missing")) throw stateDeleted(deps.store.location);
      if (!isPassing(error) || deps.clock.monotonic() - start + wait > patienceMs) throw error;
      unanswered ||= isStoreError(error, "unknown") || isStoreError(error, "unavailable");
    }
    await deps.clock.sleep(jitter(deps.random, wait));
  }
}

/**
 * Writes the history object once. One with the same bytes is this one. One with other bytes is of this same holder (the fence is in
 * the name) from an attempt whose state was never committed, since the serial is still free: it is replaced.
 */
async function putHistory(deps: WriteDeps, state: StateFile, bytes: Uint8Array, patienceMs: number): Promise<void> {
  const key = historyKey(state.serial, state.fence);
  const expected = sha256(bytes);
  await retrying(deps, patienceMs, async () => {
    try {
      await deps.store.put(key, bytes, { ifNoneMatch: true });
    } catch (error) {
      if (!isStoreError(error, "refused")) throw error;
      const found = await deps.store.get(key);
      if (found && sha256(found.bytes) !== expected) await deps.store.put(key, bytes, { ifMatch: found.tag });
    }
  });
}
