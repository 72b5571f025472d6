/** The time within which a request of an interrupted run may still arrive. */
import type { Clock } from "../base/clock.js";
import type { EventSink } from "../model/events.js";
import type { Provider } from "../model/provider.js";

/** How long it is waited before the cloud is asked again, ms. */
const LOOK_MS = 5_000;

/** The provider's settle time, counted from the start of a recovery, not from the times of the journal: those are of another machine's clock. */
export class SettleTime {
  private readonly began: number;
  private told = false;

  constructor(private readonly of: { clock: Clock; provider: Provider; events: EventSink }) {
    this.began = of.clock.monotonic();
  }

  /** True, at once, when no request of an interrupted run can arrive any more; else false, after a while. Says once that it waits. */
  async hasPassed(): Promise<boolean> {
    const { clock, provider, events } = this.of;
    const left = this.began + provider.settleMs - clock.monotonic();
    if (left <= 0) return true;
    if (!this.told)
      events({ type: "waiting", message: `Waiting up to ${Math.ceil(left / 1000)} s: a request of the interrupted run may still arrive` });
    this.told = true;
    await clock.sleep(Math.min(LOOK_MS, left));
    return false;
  }

  /** Waits until it has passed. */
  async end(): Promise<void> {
    while (!(await this.hasPassed()));
  }
}
