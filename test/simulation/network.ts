/** The network between processes and services: latency, and everything that can become of a message. */
import type { Chance } from "./chance.js";
import type { Counts } from "./counts.js";
import type { SimProcess, Thread } from "./process.js";
import type { Scheduler } from "./scheduler.js";

/** What a process talks to. */
export type Service = "s3" | "dynamodb" | "cloud";

/** How a call fails for its caller. `timeout` and `reset` say nothing about whether it was carried out. */
export type Failure = "timeout" | "reset" | "500" | "503" | "throttled" | "409" | "conflict";

/** Chances of each fault, per message. */
export interface FaultRates {
  lostRequest: number;
  lostReply: number;
  late: number;
  error500: number;
  error503: number;
  throttled: number;
  conflict: number;
  slow: number;
}

/** No faults. */
export const CALM: FaultRates = { lostRequest: 0, lostReply: 0, late: 0, error500: 0, error503: 0, throttled: 0, conflict: 0, slow: 0 };

/** A message that does not get through. `reply`: requests arrive, their answers don't. */
export interface Partition {
  process?: SimProcess;
  service: Service;
  direction: "request" | "reply";
}

/** A call. */
export interface Call<T> {
  thread: Thread;
  service: Service;
  /** For the trace: `put state.json`. */
  what: string;
  /** Changes something. */
  write: boolean;
  /** What the service does when it arrives. May throw the service's refusal. */
  apply(): T | Promise<T>;
  /** When the caller gives up, ms. */
  timeoutMs: number;
  /** The error that the caller sees. */
  failure(kind: Failure): Error;
}

/** Answers of a service come back as values, so that one that is lost is lost. */
type Answer<T> = { ok: T } | { error: unknown };

/** The network. */
export class Network {
  rates: Record<Service, FaultRates> = { s3: CALM, dynamodb: CALM, cloud: CALM };
  readonly partitions = new Set<Partition>();
  /** Messages that arrived, at a service or back at a caller. */
  messages = 0;
  /** Decides the fate of single calls before chance does; undefined = by chance. */
  script: (call: Call<unknown>) => string | undefined = () => undefined;
  /** Called when a call has been sent, before it arrives. */
  onSend: (call: Call<unknown>) => void = () => {};
  /** Called when a message has arrived at a service or a caller. */
  onMessage: (text: string, process: SimProcess) => void = () => {};

  constructor(
    private readonly scheduler: Scheduler,
    private readonly chance: Chance,
    private readonly counts: Counts,
  ) {}

  /** Sends a call; the answer, or the failure as the caller sees it. Never settles for a process that is dead. */
  send<T>(call: Call<T>): Promise<T> {
    const reply = this.dispatch(call);
    this.onSend(call as Call<unknown>);
    return reply;
  }

  private dispatch<T>(call: Call<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (call.thread.process.dead) return;
      const fate = this.script(call as Call<unknown>) ?? this.fate(call);
      if (fate !== "ok") this.counts.add(`fault: ${call.service} ${fate}`);
      const fail = (kind: Failure, ms: number): void => {
        call.thread.post(ms, () => {
          this.arrived(`${call.what}: ${kind}`, call);
          reject(call.failure(kind));
        });
      };
      const gone = call.timeoutMs;
      switch (fate) {
        case "lost request":
        case "partition (request)":
          return fail("timeout", gone);
        case "late":
          this.deliver(call, gone + this.chance.int(100, 20_000), () => {});
          return fail("timeout", gone);
        case "lost reply":
        case "partition (reply)":
          this.deliver(call, this.latency(), () => {});
          return this.chance.is(0.5) ? fail("timeout", gone) : fail("reset", 200);
        case "500, not done":
          return fail("500", this.latency());
        case "500, done":
          return this.deliver(call, this.latency(), () => fail("500", this.latency()));
        case "503":
          return fail("503", this.latency());
        case "throttled":
          return fail("throttled", this.latency());
        case "409":
          return fail("409", this.latency());
        case "conflict":
          return fail("conflict", this.latency());
        default:
          this.deliver(call, fate === "slow" ? this.chance.int(1_000, 9_000) : this.latency(), (answer) => {
            call.thread.post(this.latency(), () => {
              this.arrived(`${call.what}: ${"ok" in answer ? "ok" : String((answer.error as Error).name)}`, call);
              if ("ok" in answer) resolve(answer.ok);
              else reject(answer.error);
            });
          });
      }
    });
  }

  private deliver<T>(call: Call<T>, ms: number, reply: (answer: Answer<T>) => void): void {
    this.scheduler.after(ms, () => {
      const { process } = call.thread;
      if (process.dead && !process.ended && this.chance.is(0.4)) return this.counts.add("fault: request of a killed process dropped");
      if (process.dead && !process.ended) this.counts.add(`fault: ${call.service} request of a killed process arrives`);
      this.messages += 1;
      this.onMessage(`arrives: ${call.what}`, process);
      void (async () => call.apply())().then(
        (ok) => reply({ ok }),
        (error) => reply({ error }),
      );
    });
  }

  private arrived<T>(text: string, call: Call<T>): void {
    this.messages += 1;
    this.onMessage(text, call.thread.process);
  }

  private latency(): number {
    return this.chance.int(2, 40);
  }

  private fate<T>(call: Call<T>): string {
    for (const p of this.partitions) {
      if (p.service !== call.service || (p.process && p.process !== call.thread.process)) continue;
      return `partition (${p.direction})`;
    }
    const r = this.rates[call.service];
    let at = this.chance.next();
    const hits = (p: number): boolean => {
      at -= p;
      return at < 0;
    };
    if (hits(r.lostRequest)) return "lost request";
    if (hits(r.lostReply)) return "lost reply";
    if (hits(r.late)) return call.write ? "late" : "lost request";
    if (hits(r.error500)) return call.write && this.chance.is(0.5) ? "500, done" : "500, not done";
    if (hits(r.error503)) return "503";
    if (hits(r.throttled)) return "throttled";
    if (hits(r.conflict)) return call.write ? (call.service === "s3" ? "409" : "conflict") : "ok";
    return hits(r.slow) ? "slow" : "ok";
  }
}
