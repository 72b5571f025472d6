/**
 * Calls of a run whose reply was lost. A request that its caller gave up may still arrive, within the provider's settle time; once the call was
 * sent again, what arrives then could undo a later step. So the run ends only when none can arrive any more; where it must end sooner their
 * intents stay open, and the next run waits.
 */
import type { Done } from "../model/journal.js";
import type { Run } from "./run.js";

/** How often the gate is looked at while waiting, ms. */
const LOOK_MS = 1_000;

/** The lost calls of one step, in order. */
export class LostCalls {
  private readonly calls: Run["resent"] = [];

  constructor(private readonly run: Run) {}

  /** The reply to the call with this intent is lost. */
  add(of: number): void {
    const { clock, provider } = this.run.request;
    this.calls.push({ of, until: clock.monotonic() + provider.settleMs });
  }

  /** What came of the last of them is known. */
  answered(outcome: Omit<Done, "of">): void {
    const last = this.calls.pop();
    if (last) this.run.request.journal.done({ of: last.of, ...outcome });
  }

  /** The others are done with: a later call did it. */
  sentAgain(): void {
    this.run.resent.push(...this.calls.splice(0));
  }
}

/** Waits until none of the requests that were given up can arrive any more, and writes that. Returns at once when the run is to stop. */
export async function untilArrived(run: Run): Promise<void> {
  const { clock, gate, journal, signal } = run.request;
  const left = (): number => Math.max(0, ...run.resent.map((call) => call.until - clock.monotonic()));
  if (left() > 0) run.request.events({ type: "waiting", message: "Waiting for a request whose reply was lost: it may still arrive" });
  while (left() > 0) {
    if (gate.isShut || signal?.aborted) return;
    await clock.sleep(Math.min(left(), LOOK_MS), signal).catch(() => {});
  }
  for (const { of } of run.resent.splice(0)) journal.done({ of, error: "sent again" });
}
