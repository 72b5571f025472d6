/** A process on a host: its threads, its clocks, and how it is stopped, blocked and killed. */
import type { Clock } from "../../framework/base/clock.js";
import type { ProcessReads } from "../../framework/lock/process-facts.js";
import type { DumpPlace, RunDump } from "../../framework/operations/run-dump.js";
import type { Chance } from "./chance.js";
import { Place } from "./place.js";
import type { Scheduler } from "./scheduler.js";

/** Where virtual time begins. */
export const EPOCH = Date.parse("2026-01-01T00:00:00Z");

/** A machine: what its processes share. */
export class Host {
  /** What its wall clock is off by, ms. */
  skew = 0;
  private nextPid = 100;
  readonly running = new Map<number, SimProcess>();

  constructor(
    readonly name: string,
    private readonly scheduler: Scheduler,
  ) {}

  /** Starts a process. */
  start(what: string, chance: Chance): SimProcess {
    const pid = this.nextPid++;
    const process = new SimProcess(this, pid, what, this.scheduler, chance);
    this.running.set(pid, process);
    return process;
  }

  /** Outcomes that runs on this machine could not save: its disk, in memory. */
  readonly dumps: DumpPlace = dumpsInMemory();

  /** How another process of this machine sees them. */
  readonly reads: ProcessReads = {
    platform: "linux",
    readFile: (path) => {
      if (path.endsWith("boot_id")) return `boot-${this.name}\n`;
      const pid = Number(/^\/proc\/(\d+)\/stat$/.exec(path)?.[1]);
      return this.running.has(pid) ? `${pid} (panka) S ${"0 ".repeat(18)}${pid}00 0` : undefined;
    },
    readLink: () => "pid:[1]",
    run: () => undefined,
    probe: (pid) => (this.running.has(pid) ? "alive" : "gone"),
  };
}

function dumpsInMemory(): DumpPlace {
  const kept = new Map<string, RunDump>();
  const of = (lineage: string): RunDump[] => [...kept.values()].filter((dump) => dump.lineage === lineage);
  return {
    async write(dump) {
      kept.set(`${dump.lineage}/${dump.fence}`, structuredClone(dump));
      return `dump ${dump.fence}`;
    },
    read: async (lineage) => structuredClone(of(lineage)),
    async clear(lineage) {
      for (const { fence } of of(lineage)) kept.delete(`${lineage}/${fence}`);
    },
  };
}

/** A line of execution: what is posted to it waits while it is blocked, and is lost when its process dies. */
export class Thread {
  blocked = false;
  /** Nothing is delivered to it any more. */
  stopped = false;
  private waiting: (() => void)[] = [];
  readonly clock: Clock;

  constructor(
    readonly process: SimProcess,
    private readonly scheduler: Scheduler,
  ) {
    this.clock = {
      now: () => EPOCH + this.scheduler.time + process.host.skew,
      monotonic: () => this.scheduler.time - process.asleep,
      sleep: (ms, signal) => this.sleep(ms, signal),
    };
  }

  /** Runs `run` on this thread after `ms`. */
  post(ms: number, run: () => void): () => void {
    let cancelled = false;
    const deliver = (): void => {
      if (this.process.dead || this.stopped || cancelled) return;
      if (this.blocked) this.waiting.push(deliver);
      else run();
    };
    const off = this.scheduler.after(ms, deliver);
    return () => {
      cancelled = true;
      off();
    };
  }

  /** Goes on: what waited is delivered, one event each. */
  unblock(): void {
    this.blocked = false;
    for (const run of this.waiting.splice(0)) this.scheduler.after(0, run);
  }

  private sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.process.dead) return;
      if (signal?.aborted) return reject(signal.reason);
      const stop = (): void => {
        off();
        reject(signal?.reason);
      };
      // As Node's timers: a wait for less than the clock can tell would begin again at the same moment for ever.
      const off = this.post(Math.max(1, ms), () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
      signal?.addEventListener("abort", stop, { once: true });
    });
  }
}

/** The process. */
export class SimProcess {
  dead = false;
  ended = false;
  /** How long its machine slept (the monotonic clock stood still), ms. */
  asleep = 0;
  readonly name: string;
  /** Where the stack is that it works on. */
  place = new Place();
  /** Where it worked before, region by region: the last beat of a lock that it let go there may still be on its way. */
  readonly left: Place[] = [];
  /** The lock scope that it wants, if it wants one. */
  scope: string | undefined;
  /** It takes a lock by force. */
  forces = false;
  /** Resolves when it is dead, however. */
  readonly gone: Promise<void>;
  private buried: () => void = () => {};
  readonly main: Thread;
  /** The heartbeat's thread: that of the session at hand. */
  side: Thread;
  /** Stops asked for by signals. */
  stopLevel: 0 | 1 | 2 = 0;
  readonly onStop: ((level: 0 | 1 | 2) => void)[] = [];

  constructor(
    readonly host: Host,
    readonly pid: number,
    what: string,
    private readonly scheduler: Scheduler,
    readonly chance: Chance,
  ) {
    this.gone = new Promise((resolve) => {
      this.buried = resolve;
    });
    this.name = `${host.name}.${pid} ${what}`;
    this.main = new Thread(this, scheduler);
    this.side = new Thread(this, scheduler);
  }

  /** A thread for the next session's heartbeat. */
  newSide(): Thread {
    const side = new Thread(this, this.scheduler);
    side.blocked = this.side.blocked;
    this.side = side;
    return side;
  }

  /** kill -9. */
  kill(): void {
    this.dead = true;
    this.host.running.delete(this.pid);
    this.buried();
  }

  /** The process ends by itself. */
  exit(): void {
    this.ended = true;
    this.kill();
  }

  /** SIGSTOP and SIGCONT after `ms`; or, `sleeping`, the lid: the monotonic clock stands still too. */
  pause(ms: number, sleeping: boolean): void {
    if (this.dead || this.main.blocked) return;
    const { side } = this;
    this.main.blocked = true;
    side.blocked = true;
    this.scheduler.after(ms, () => {
      if (sleeping) this.asleep += ms;
      this.main.unblock();
      side.unblock();
    });
  }

  /** The main thread is busy for `ms`; the heartbeat's is not. */
  block(ms: number): void {
    if (this.dead || this.main.blocked) return;
    this.main.blocked = true;
    this.scheduler.after(ms, () => this.main.unblock());
  }

  /** A signal that asks to stop. */
  signal(): void {
    if (this.dead || this.stopLevel === 2) return;
    this.main.post(0, () => {
      this.stopLevel = this.stopLevel === 0 ? 1 : 2;
      for (const listener of [...this.onStop]) listener(this.stopLevel);
    });
  }
}
