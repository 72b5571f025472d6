/** A state with other content, where what stands there is damaged or gone: the only write that does not build on what it replaces. */
import { sha256 } from "../base/json.js";
import type { Lease } from "../model/locker.js";
import type { StateFile } from "../model/state-file.js";
import { advance } from "./barrier.js";
import { encodeState, stateNumbers } from "./codec.js";
import { retrying, type StoredState, type WriteDeps } from "./deps.js";
import { isSealedObject } from "./envelope.js";
import { historyKey, STATE_KEY } from "./keys.js";

const RETRY_MS = 20_000;

/**
 * Puts `content` in the place of a damaged or missing state.json, as a serial above all that is known, under the fence of the lease; then
 * history and head. Throws StoreError `refused` if somebody wrote meanwhile.
 */
export async function replaceDamaged(deps: WriteDeps, lease: Lease, content: StateFile): Promise<StoredState> {
  const head = await retrying(deps, RETRY_MS, () => deps.locker.readHead());
  const object = await retrying(deps, RETRY_MS, () => deps.store.get(STATE_KEY));
  const nonce = deps.random.uuid();
  const state: StateFile = {
    ...content,
    serial: Math.max(head?.serial ?? 0, content.serial, object ? numberOf(object.bytes) : 0) + 1,
    fence: lease.fence,
    fences: { ...content.fences, [lease.scope]: lease.fence },
    commits: { ...content.commits, [lease.scope]: { fence: lease.fence, nonce } },
    committedAt: new Date(deps.clock.now()).toISOString(),
    assemblyHash: null,
    nonce,
  };
  const bytes = await encodeState(state, deps, object !== null && isSealedObject(object.bytes));
  await retrying(deps, RETRY_MS, () => deps.store.put(historyKey(state.serial, state.fence), bytes, { ifNoneMatch: true }));
  const tag = await deps.store.put(STATE_KEY, bytes, object ? { ifMatch: object.tag } : { ifNoneMatch: true });
  const stored = { state, tag, sha256: sha256(bytes), sealed: isSealedObject(bytes) };
  await advance(deps, stored);
  return stored;
}

/** The serial that damaged bytes still say; 0 where they say none, or one that can't be. */
function numberOf(bytes: Uint8Array): number {
  try {
    return stateNumbers(bytes, STATE_KEY).serial;
  } catch {
    return 0;
  }
}
