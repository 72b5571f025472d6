/** What the first and the second signal do. Protocol section 7. */
import type { Clock } from "../base/clock.js";
import type { Session } from "./session.js";

/** CI runners kill 10 s after the first signal; this leaves 3 s to spare, ms. */
export const STOP_NOW_MS = 7_000;

/** First signal: the gate shuts; operations in flight finish, then the run commits, releases and says what is left. */
export function stopGracefully(session: Pick<Session, "gate">, signal: string): void {
  session.gate.shut(`${signal} was received`);
}

/**
 * Second signal: stop waiting. Writes what the journal holds (a dump if the store hangs) and lets the lock go, within 7 s in all; resolves then in any case.
 * True: both were done. The lock is let go even if the store hangs. What is not folded into the state is recovered from the journal by the next run.
 */
export async function stopNow(
  session: Pick<Session, "gate" | "journal" | "release" | "dump">,
  clock: Clock,
  limitMs = STOP_NOW_MS,
): Promise<boolean> {
  session.gate.shut("a second signal was received");
  const flushed = await within(clock, (limitMs * 4) / 7, session.journal.flush());
  if (!flushed) await within(clock, limitMs / 14, session.dump());
  const released = await within(clock, (limitMs * 5) / 14, session.release());
  return flushed && released;
}

/** True if the work succeeds within the time. */
async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  const done = work.then(
    () => true,
    () => false,
  );
  const late = clock.sleep(ms, limit.signal).then(
    () => false,
    () => false,
  );
  const result = await Promise.race([done, late]);
  limit.abort();
  return result;
}
