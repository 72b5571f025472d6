/** One seed: hosts, services, actors and their faults; runs to the end, then demands that everything comes right. */
import type { RunEvent } from "../../framework/model/events.js";
import type { Assembly } from "../../framework/model/assembly.js";
import { cipherFrom } from "../../framework/state/cipher-source.js";
import { SimBucket } from "./bucket.js";
import { Chance } from "./chance.js";
import { Checker } from "./checker.js";
import { SimCloud } from "./cloud.js";
import { KEY } from "./commands.js";
import { Counts } from "./counts.js";
import { Network } from "./network.js";
import { PATH } from "./place.js";
import { Host, type SimProcess } from "./process.js";
import { Scheduler } from "./scheduler.js";
import { SimTable } from "./table.js";

/** A failure that can be replayed. */
export class SimulationFailure extends Error {
  override readonly name = "SimulationFailure";
}

/** The services of one simulation and what watches them. */
export class World {
  readonly scheduler = new Scheduler();
  readonly counts = new Counts();
  readonly chance: Chance;
  readonly network: Network;
  readonly table: SimTable;
  readonly bucket = new SimBucket();
  readonly cloud: SimCloud;
  readonly checker: Checker;
  readonly hosts: Host[];
  /** No more faults. */
  calm = false;
  /** Kills, pauses, starts and the like that happened. */
  incidents = 0;
  trace: ((line: string) => void) | undefined;

  constructor(seed: number, hosts = 3) {
    this.chance = new Chance(seed);
    this.network = new Network(this.scheduler, this.chance.fork(), this.counts);
    this.table = new SimTable(this.scheduler);
    this.cloud = new SimCloud(this.scheduler, this.chance.fork(), this.counts);
    this.hosts = Array.from({ length: hosts }, (_, i) => new Host(`host${i}`, this.scheduler));
    const world = { home: "/nowhere", projectRoot: "/nowhere", env: { KEY }, random: this.chance.fork(), aws: { region: "here" } };
    const cipher = cipherFrom("env:KEY", world);
    this.checker = new Checker({ bucket: this.bucket, table: this.table, cloud: this.cloud, cipher, path: PATH });
    this.network.onMessage = (text, process) => this.trace?.(`${this.at()} ${process.name}: ${text}`);
  }

  /** Messages and incidents so far. */
  get events(): number {
    return this.network.messages + this.incidents;
  }

  /** Something that the simulation does to a process or a service. */
  incident(name: string, detail = ""): void {
    this.incidents += 1;
    this.counts.add(name);
    this.trace?.(`${this.at()} * ${name} ${detail}`);
  }

  /** Starts a process that runs `body`; it ends with it. */
  start(host: Host, what: string, body: (process: SimProcess) => Promise<unknown>): SimProcess {
    const process = host.start(what, this.chance.fork());
    this.incident("start", process.name);
    process.main.post(0, () => {
      body(process).then(
        () => process.exit(),
        (error) => this.checker.fail(`bug: ${String((error as Error).stack)}`),
      );
    });
    return process;
  }

  /** What production code says of itself. */
  observe(process: SimProcess, event: RunEvent): void {
    this.trace?.(`${this.at()} ${process.name}: ${describe(event)}`);
    if (event.type === "recovered") this.counts.add(`recovery: ${event.message.replace(/ \(.*\)$/, "")}`);
    if (event.type === "phase" && event.phase === "recover") this.countRecovery();
    if (event.type === "waiting" && event.message.startsWith("Took over")) this.counts.add(`takeover: ${takeoverKind(event.message)}`);
    else if (event.type === "waiting" && event.message.startsWith("Taking up")) this.counts.add("dump: taken up");
    else if (event.type === "waiting")
      this.counts.add(`lock: ${event.message.replace(/(Took over the lock|Waiting for the lock|The holder is silent).*/s, "$1")}`);
  }

  /** Goes on until `done` holds. Throws SimulationFailure on a breach, on a deadlock, and after `limitMs` of virtual time. */
  async until(done: () => boolean, what: string, limitMs: number): Promise<void> {
    const end = this.scheduler.time + limitMs;
    for (;;) {
      if (this.checker.breach) throw new SimulationFailure(this.checker.breach.message);
      if (done()) return;
      if (this.scheduler.time > end) throw new SimulationFailure(`liveness: ${what} did not end within ${limitMs / 60_000} minutes`);
      if (!(await this.scheduler.step())) throw new SimulationFailure(`liveness: ${what} waits for nothing`);
    }
  }

  at(): string {
    return (this.scheduler.time / 1000).toFixed(3).padStart(10);
  }

  private countRecovery(): void {
    const { state, journals } = this.checker;
    if (!state) return;
    for (const [fence, intents] of journals) {
      for (const [seq, intent] of intents) {
        if (fence <= state.sealed.fence && seq > (state.seals?.[fence] ?? 0)) this.counts.add("recovery: entry of a fence after its seal");
        if (fence > state.sealed.fence && intent.done) this.counts.add("recovery: done");
        if (fence > state.sealed.fence && !intent.done) this.counts.add(`recovery: open ${intent.op}`);
      }
    }
  }
}

function takeoverKind(message: string): string {
  if (message.includes("no longer running")) return "gone";
  return message.includes("forced") ? "forced" : "silent";
}

function describe(event: RunEvent): string {
  const { type, ...rest } = event;
  return `${type} ${JSON.stringify(rest)}`.slice(0, 300);
}

/** The versions of a stack as a person deploys them. */
export interface Versions {
  versions: Assembly[];
}
