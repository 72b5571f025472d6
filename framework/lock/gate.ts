/** The gate: may an operation still start under this lease? Protocol sections 3 and 7. */
import type { Clock } from "../base/clock.js";
import { messageOf, PankaError } from "../base/errors.js";
import type { Gate } from "../model/journal.js";
import type { Lease, Locker } from "../model/locker.js";
import type { HeartbeatReport } from "./heartbeat-loop.js";

/** Without a beat for this long nothing new starts, ms. A successor may take over after 12 minutes. */
export const STALE_MS = 600_000;
/** A lease lives this long after its last beat, ms. */
export const LEASE_MS = 3_600_000;
/** With less than this left the gate shuts for good, ms. */
export const LEASE_MARGIN_MS = 300_000;
/** After a gap this long on either clock (a stopped process, a closed lid) the lock is looked at first, ms. */
export const GAP_MS = 60_000;

/** A gate that heartbeats feed and a timer ticks. */
export interface LeaseGate extends Gate {
  /** What the heartbeat says. */
  report(report: HeartbeatReport): void;
  /** Called about every second by the main thread: notices gaps. */
  tick(): void;
  /** Called once with the reason when the gate shuts. */
  onShut(listener: (reason: string) => void): void;
}

/** A gate for a lease that was taken just now. */
export function leaseGate(clock: Clock, locker: Pick<Locker, "beat">, lease: Lease): LeaseGate {
  return new TimedGate(clock, locker, lease);
}

class TimedGate implements LeaseGate {
  private why: string | undefined;
  private success: { wall: number; monotonic: number };
  private last: { wall: number; monotonic: number };
  private gap = false;
  private checking: Promise<void> | undefined;
  private readonly listeners: ((reason: string) => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly locker: Pick<Locker, "beat">,
    private readonly lease: Lease,
  ) {
    this.success = this.now();
    this.last = this.success;
  }

  get isShut(): boolean {
    return this.why !== undefined;
  }

  get reason(): string | undefined {
    return this.why;
  }

  shut(reason: string): void {
    if (this.why !== undefined) return;
    this.why = reason;
    for (const listener of this.listeners) listener(reason);
  }

  onShut(listener: (reason: string) => void): void {
    this.listeners.push(listener);
    if (this.why !== undefined) listener(this.why);
  }

  report(report: HeartbeatReport): void {
    if (report.type === "lost") this.shut("the lock was taken over or removed");
    if (report.type === "beat") this.success = { wall: report.at, monotonic: this.clock.monotonic() };
  }

  tick(): void {
    const now = this.now();
    const gap = now.wall - this.last.wall > GAP_MS || now.monotonic - this.last.monotonic > GAP_MS;
    this.last = now;
    if (!gap) return;
    this.gap = true;
    // At once, not at the next step: a run whose lock is gone is to end soon even if it only waits.
    this.look().catch(() => {});
  }

  async check(sure = false): Promise<void> {
    this.tick();
    if ((this.gap || sure) && !this.isShut) await this.look();
    const age = this.age();
    if (age > LEASE_MS - LEASE_MARGIN_MS) this.shut("the lock could not be renewed for 55 minutes");
    if (this.why !== undefined) throw new PankaError("gate-shut", `no further step is started: ${this.why}`);
    if (age > STALE_MS) {
      throw new PankaError("gate-shut", "no further step is started: the lock could not be renewed for 10 minutes", {
        next: "check the network and the lock table, then run the same command again",
      });
    }
  }

  /** The older of what both clocks say, so that neither a jump nor a delayed report makes a lease look fresher than it is. */
  private age(): number {
    const now = this.now();
    return Math.max(now.wall - this.success.wall, now.monotonic - this.success.monotonic);
  }

  private now(): { wall: number; monotonic: number } {
    return { wall: this.clock.now(), monotonic: this.clock.monotonic() };
  }

  private look(): Promise<void> {
    this.checking ??= this.validate().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  /** A consistent look at the lock, by beating it. */
  private async validate(): Promise<void> {
    const at = this.clock.now();
    try {
      this.report((await this.locker.beat(this.lease)) === "mine" ? { type: "beat", at } : { type: "lost" });
      this.gap = false;
    } catch (error) {
      throw new PankaError("gate-shut", `no further step is started: after a pause the lock could not be checked: ${messageOf(error)}`);
    }
  }
}
