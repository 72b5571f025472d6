/** Time as a value that is passed in: production uses the system's, tests a virtual one. */

/** Wall time, monotonic time and waiting. */
export interface Clock {
  /** Wall time, milliseconds since the epoch. */
  now(): number;
  /** Monotonic time, milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Randomness as a value: `bytes(n)` gives n random bytes, `uuid()` a version 4 UUID. */
export interface Random {
  bytes(count: number): Uint8Array;
  uuid(): string;
}
