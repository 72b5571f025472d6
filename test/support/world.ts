/** Clock, chance and folders for tests. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, Random } from "../../framework/base/clock.js";
import type { LockMetadata } from "../../framework/model/locker.js";

/** The machine's clock. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }) as Promise<void>,
};

/** The machine's randomness. */
export const realRandom: Random = { bytes: (n) => randomBytes(n), uuid: () => randomUUID() };

/** Which hand of a clock. */
export type Hand = "wall" | "monotonic";

/** A clock whose sleeps take no time: each moves both times on at once. `advance` does so by hand, or moves one hand only. */
export function jumpClock(start = Date.parse("2026-01-01T00:00:00Z")): Clock & { advance(ms: number, only?: Hand): void } {
  let now = start;
  let ahead = 0;
  return {
    now: () => now,
    monotonic: () => now - start + ahead,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
    advance(ms, only) {
      if (only !== "monotonic") now += ms;
      if (only !== undefined) ahead += only === "monotonic" ? ms : -ms;
    },
  };
}

/** Metadata of a lock. */
export function metadata(more: Partial<LockMetadata> = {}): LockMetadata {
  return {
    user: "ana",
    host: "desk",
    pid: 4242,
    startTime: "100",
    bootId: "boot-1",
    pidNamespace: "pid:[1]",
    deploymentId: "d-1",
    operation: "deploy",
    ...more,
  };
}

/** A fresh folder below `place`, gone after `body`. */
export async function withFolder<T>(body: (folder: string) => Promise<T>, place = tmpdir()): Promise<T> {
  const folder = mkdtempSync(join(place, "panka-test-"));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
