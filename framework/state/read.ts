/** Reading the state so that damage and a mix of old and new are noticed. Protocol section 5, readers. */
import { isPankaError, messageOf, PankaError } from "../base/errors.js";
import { sha256 } from "../base/json.js";
import type { Head } from "../model/state-file.js";
import type { StoredObject } from "../model/state-store.js";
import { decodeState, stateNumbers } from "./codec.js";
import { type ReadDeps, retrying, type StoredState } from "./deps.js";
import { isSealedObject } from "./envelope.js";
import { listHistory } from "./history.js";
import { STATE_KEY } from "./keys.js";

/** Waits between three readings: 5 seconds in all. */
const WAITS = [2_500, 2_500];
/** How long a store that does not answer is asked again. */
const RETRY_MS = 20_000;

/**
 * The current state, or null if there is none. Reads the head first, so that a state behind it is noticed. Needs no lock.
 * Throws PankaError: `newer-state`; `damaged-state` after three readings over 5 s, naming what can be restored; `cannot-decrypt`. StoreError where the store fails.
 */
export async function readState(deps: ReadDeps): Promise<StoredState | null> {
  return (await readWithHead(deps)).stored;
}

/** {@link readState} and the head that was read before it. `forMs`: how long a store that does not answer is asked again. */
export async function readWithHead(deps: ReadDeps, forMs = RETRY_MS): Promise<{ stored: StoredState | null; head: Head | null }> {
  for (let attempt = 0; ; attempt++) {
    const head = await retrying(deps, forMs, () => deps.locker.readHead());
    const object = await retrying(deps, forMs, () => deps.store.get(STATE_KEY));
    const problem = mismatch(head, object, deps.store.location);
    if (!problem) return { stored: object ? await load(deps, object) : null, head };
    const wait = WAITS[attempt];
    if (wait === undefined) throw await refusal(deps, problem);
    await deps.clock.sleep(wait);
  }
}

/** A stored object as a state. */
export async function load(deps: ReadDeps, object: StoredObject): Promise<StoredState> {
  const state = await decodeState(object.bytes, locate(deps.store.location), deps);
  return { state, tag: object.tag, sha256: sha256(object.bytes), sealed: isSealedObject(object.bytes) };
}

const locate = (location: string): string => `state.json at ${location}`;

/** What is wrong with these two, or undefined. Throws `newer-state`. */
function mismatch(head: Head | null, object: StoredObject | null, location: string): string | undefined {
  if (!object) return head ? `state.json is missing, but serial ${head.serial} was committed` : undefined;
  let serial: number;
  try {
    serial = stateNumbers(object.bytes, locate(location)).serial;
  } catch (error) {
    if (isPankaError(error) && error.code === "damaged-state") return messageOf(error);
    throw error;
  }
  if (!head || serial > head.serial) return undefined;
  if (serial < head.serial) return `state.json has serial ${serial}, but serial ${head.serial} was committed`;
  return sha256(object.bytes) === head.sha256
    ? undefined
    : `state.json of serial ${serial} is not the one that was committed (its hash differs)`;
}

async function refusal(deps: ReadDeps, problem: string): Promise<PankaError> {
  const history = await listHistory(deps.store).catch(() => []);
  const newest = history.slice(-5).map((h) => h.serial);
  const offer = newest.length ? `can be restored: serial ${newest.join(", ")}` : "no earlier state is kept";
  return new PankaError("damaged-state", `the state at ${deps.store.location} is damaged: ${problem}; ${offer}. Nothing was touched`, {
    next: newest.length ? `panka state restore ${newest.at(-1)}` : "restore state.json from the bucket's versions",
  });
}
