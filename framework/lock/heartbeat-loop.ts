/** The heartbeat as a function of (clock, locker, channel). A worker thread hosts it in a real run; a test runs it in virtual time. Protocol section 3. */
import type { Clock } from "../base/clock.js";
import type { Lease, Locker } from "../model/locker.js";

/** Time between beats, ms. */
export const BEAT_MS = 30_000;
/** Time until a beat that failed is tried again, ms. */
const AGAIN_MS = 5_000;

/** What the loop says: a beat that succeeded (wall time of its start, ms), one that could not be sent, or that the lock is another's. */
export type HeartbeatReport = { type: "beat"; at: number } | { type: "failed"; message: string } | { type: "lost" };

/** The line to the main thread. */
export interface HeartbeatChannel {
  /** Changes as long as the main thread is alive: a counter that it raises every second. */
  ticks(): number;
  /** Operations that are in flight. */
  inFlight(): number;
  report(report: HeartbeatReport): void;
  /** Aborted when the run is over. */
  readonly signal: AbortSignal;
}

/**
 * Beats every 30 s while the main thread ticks or an operation is in flight; a main thread that hangs lets its lock grow old.
 * Ends when the lock is lost or the channel is closed. Never throws.
 */
export async function heartbeatLoop(clock: Clock, locker: Pick<Locker, "beat">, lease: Lease, channel: HeartbeatChannel): Promise<void> {
  let seen = channel.ticks();
  let wait = BEAT_MS;
  for (;;) {
    try {
      await clock.sleep(wait, channel.signal);
    } catch {
      return;
    }
    const ticks = channel.ticks();
    const alive = ticks !== seen || channel.inFlight() > 0;
    seen = ticks;
    wait = BEAT_MS;
    if (!alive) continue;
    const at = clock.now();
    try {
      const result = await locker.beat(lease);
      if (channel.signal.aborted) return;
      channel.report(result === "mine" ? { type: "beat", at } : { type: "lost" });
      if (result === "lost") return;
    } catch (error) {
      channel.report({ type: "failed", message: error instanceof Error ? error.message : String(error) });
      wait = AGAIN_MS;
    }
  }
}
