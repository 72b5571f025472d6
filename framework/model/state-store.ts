/**
 * StateStore: where state, history, journal, releases and assets of ONE stack and environment are kept.
 *
 * What an implementation must guarantee, whatever runs at the same time on whatever machine:
 *  1. A write with a condition takes effect only if the condition holds at that instant; two writers with the same
 *     `ifMatch` never both succeed. A refused write changed nothing.
 *  2. A write that returned is durable: no crash, power cut or restart undoes it.
 *  3. A read after a returned write sees it or a later one. Readers never see half an object.
 *  4. Errors are told apart: see {@link StoreError}. An error of kind `unknown` may have taken effect; the caller reads back.
 * What a caller may not assume: that a list is complete for objects being written now; that tags have any form;
 * that a failed write did nothing (only `refused`, `conflict` and `missing` promise that).
 */

/** An object and its version tag. */
export interface StoredObject {
  bytes: Uint8Array;
  /** Opaque version tag; changes with every write. */
  tag: string;
}

/** When a write may happen: only over the version `ifMatch`, or only if nothing is there (`ifNoneMatch: true`). */
export type WriteCondition = { ifMatch: string } | { ifNoneMatch: true };

/** Why a store call failed. refused = condition did not hold (412); conflict = try the same bytes again (409); missing = If-Match on nothing (404); throttled/unavailable = did nothing as far as known; unknown = may have happened; denied = no permission; expired = the credentials were good and no longer are; full = no room. */
export type StoreFailure = "refused" | "conflict" | "missing" | "throttled" | "unavailable" | "unknown" | "denied" | "expired" | "full";

const BRAND = Symbol.for("panka.store-error");

/** Thrown by StateStore and Locker drivers for every failure of the store. */
export class StoreError extends Error {
  readonly [BRAND] = true;
  constructor(
    readonly failure: StoreFailure,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
  }
}

/** True for a {@link StoreError}, optionally of the given failure. */
export function isStoreError(error: unknown, failure?: StoreFailure): error is StoreError {
  const is = typeof error === "object" && error !== null && (error as Record<symbol, unknown>)[BRAND] === true;
  return is && (failure === undefined || (error as StoreError).failure === failure);
}

/** Sends a call, again where it fails in passing and may be repeated. */
export type Again = <T>(body: () => Promise<T>) => Promise<T>;

/**
 * The contract. Keys are relative to the stack's prefix: `state.json`, `history/<serial>-<fence>.json`,
 * `journal/<fence>/<seq>.json`, `assets/<sha256>`, `releases/<serial>.json`, `approvals/<plan id>.json`. Numbers in keys are zero-padded to
 * 10 digits so that lists sort.
 */
export interface StateStore {
  /** For messages: `s3://bucket/prefix`, `.panka/stacks/...`. */
  readonly location: string;
  /** The object, or null if there is none. */
  get(key: string): Promise<StoredObject | null>;
  /** Writes under a condition; returns the new tag. Throws {@link StoreError}. */
  put(key: string, bytes: Uint8Array, condition: WriteCondition): Promise<string>;
  /** Keys below a prefix, sorted by code unit. */
  list(prefix: string): Promise<string[]>;
  /** Removes an object; removing what is not there is no error. */
  delete(key: string): Promise<void>;
  /**
   * Checks that conditional writes work here; `again` sends its calls, default each once. Throws PankaError `unsafe-store` if the store
   * ignores conditions. Changes nothing that lasts.
   */
  selfTest(again?: Again): Promise<void>;
  /** Frees connections. */
  close(): Promise<void>;
}
