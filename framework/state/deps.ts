/** What the protocol's functions work on: the ports of one stack and environment. */
import type { Clock, Random } from "../base/clock.js";
import { PankaError } from "../base/errors.js";
import type { Cipher } from "../model/cipher.js";
import type { FaultHook } from "../model/faults.js";
import type { Locker, LockScope } from "../model/locker.js";
import { overlaps } from "../model/scopes.js";
import type { StateFile } from "../model/state-file.js";
import { isStoreError, type StateStore } from "../model/state-store.js";

/** For readers. */
export interface ReadDeps {
  store: StateStore;
  locker: Pick<Locker, "readHead">;
  /** Undefined: no key is configured; secrets stay sealed. */
  cipher?: Cipher | undefined;
  clock: Clock;
  /** `<stack>/<environment>`: bound into every sealed value. */
  path: string;
}

/** For the holder of the lock. */
export interface WriteDeps extends ReadDeps {
  locker: Pick<Locker, "readHead" | "advanceHead">;
  random: Random;
  fault: FaultHook;
}

/** A state as it stands in the store. */
export interface StoredState {
  state: StateFile;
  /** The store's tag of these bytes. */
  tag: string;
  /** SHA-256 of the bytes. */
  sha256: string;
  /** It is encrypted as a whole: what replaces it must be, too. */
  sealed?: boolean;
}

/** The highest fence that a writer of `scope` must respect: of its own, an enclosing or an enclosed scope. 0 = none. */
export function fenceAbove(state: StateFile, scope: LockScope): number {
  return Math.max(0, ...Object.entries(state.fences).map(([s, fence]) => (overlaps(s, scope) ? fence : 0)));
}

/** A random wait between half of `ms` and `ms`. */
export function jitter(random: Random, ms: number): number {
  return ms / 2 + ((random.bytes(1)[0] ?? 0) / 255) * (ms / 2);
}

/** Failures after which the same call may be sent again. */
const PASSING = new Set(["conflict", "throttled", "unavailable", "unknown"]);

/** True for a StoreError that may pass by itself. */
export function isPassing(error: unknown): boolean {
  return isStoreError(error) && PASSING.has(error.failure);
}

/** Calls `body` until it succeeds, fails for good, or `forMs` is over. Only for calls that may be repeated: reads, and writes that change nothing the second time. */
export async function retrying<T>(deps: { clock: Clock; random?: Random }, forMs: number, body: () => Promise<T>): Promise<T> {
  const start = deps.clock.monotonic();
  for (let wait = 100; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      return await body();
    } catch (error) {
      if (!isPassing(error) || deps.clock.monotonic() - start + wait > forMs) throw error;
    }
    await deps.clock.sleep(deps.random ? jitter(deps.random, wait) : wait);
  }
}

/** The state object is gone although a state was committed. */
export function stateDeleted(location: string): PankaError {
  return new PankaError("state-deleted", `state.json is gone from ${location}, but a state was committed there. Nothing more is written`, {
    next: "panka state history, then panka state restore SERIAL",
  });
}
