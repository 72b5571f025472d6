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
import { Place } from "./place.js";
import { Host, type SimProcess } from "./process.js";
import { Scheduler } from "./scheduler.js";
import { SimTable } from "./table.js";
import { Verifications } from "./verification.js";

/** A failure that can be replayed. */
export class SimulationFailure extends Error {
  override readonly name = "SimulationFailure";
}

/** A stack of one tenant in one region: where it is, its cloud, and what watches it. */
export interface Site {
  place: Place;
  cloud: SimCloud;
  checker: Checker;
  /** Where its deploys are verified. */
  verifications?: Verifications;
}

/** Whose stacks there are. */
export interface Layout {
  /** Of the stack that is looked at: one, or one per region. */
  own: Place[];
  /** Of another tenant's stack beside it. */
  beside?: Place | undefined;
  /** Deploys of the stack are verified, and taken back where they don't pass. */
  verified?: true;
}

/** The services of one simulation and what watches them. */
export class World {
  readonly scheduler = new Scheduler();
  readonly counts = new Counts();
  readonly chance: Chance;
  readonly network: Network;
  readonly table: SimTable;
  readonly bucket = new SimBucket();
  /** The stack's, by region. */
  readonly own: Site[];
  /** Another tenant's of the same names. */
  readonly beside: Site | undefined;
  readonly hosts: Host[];
  /** No more faults. */
  calm = false;
  /** Kills, pauses, starts and the like that happened. */
  incidents = 0;
  /** What a planted bug changes of where a run works. */
  readonly bugs = { placeOf: (place: Place): Place => place };
  trace: ((line: string) => void) | undefined;

  constructor(seed: number, hosts = 3, layout: Layout = { own: [new Place()] }) {
    this.chance = new Chance(seed);
    this.network = new Network(this.scheduler, this.chance.fork(), this.counts);
    this.table = new SimTable(this.scheduler);
    const places = [...layout.own, ...(layout.beside ? [layout.beside] : [])];
    const clouds = places.map(() => new SimCloud(this.scheduler, this.chance.fork(), this.counts));
    this.hosts = Array.from({ length: hosts }, (_, i) => new Host(`host${i}`, this.scheduler));
    const world = { home: "/nowhere", projectRoot: "/nowhere", env: { KEY }, random: this.chance.fork(), aws: { region: "here" } };
    const cipher = cipherFrom("env:KEY", world);
    const site = (place: Place, i: number): Site => {
      const cloud = clouds[i] as SimCloud;
      const parts = { bucket: this.bucket, table: this.table, cloud, cipher, place };
      if (!layout.verified || place === layout.beside) return { place, cloud, checker: new Checker(parts) };
      const verifications = new Verifications(this.counts);
      return { place, cloud, checker: new Checker({ ...parts, verifications }), verifications };
    };
    this.own = layout.own.map(site);
    this.beside = layout.beside && site(layout.beside, layout.own.length);
    this.bucket.onTouch = (key, by) => this.touched(by.place.holdsObject(key), key, by);
    const holdsItem = (key: string, by: SimProcess) => [by.place, ...by.left].some((p) => p.holdsItem(key));
    this.table.onTouch = (key, by) => this.touched(holdsItem(key, by), key, by);
    this.network.onMessage = (text, process) => this.trace?.(`${this.at()} ${process.name}: ${text}`);
  }

  get sites(): Site[] {
    return [...this.own, ...(this.beside ? [this.beside] : [])];
  }

  /** The first site's. */
  get cloud(): SimCloud {
    return (this.own[0] as Site).cloud;
  }

  get checker(): Checker {
    return (this.own[0] as Site).checker;
  }

  /** The site that a process works on. */
  siteOf({ place }: SimProcess): Site {
    return this.sites.find((site) => site.place === place) ?? (this.own[0] as Site);
  }

  /** What a process reads or writes must be of its own stack, tenant and region. */
  private touched(own: boolean, key: string, by: SimProcess): void {
    if (!own) this.siteOf(by).checker.fail(`place: ${by.name}, which works on ${by.place.path}, touched ${key}`);
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
        (error) => this.siteOf(process).checker.fail(`bug: ${String((error as Error).stack)}`),
      );
    });
    return process;
  }

  /** What production code says of itself. */
  observe(process: SimProcess, event: RunEvent): void {
    this.trace?.(`${this.at()} ${process.name}: ${describe(event)}`);
    if (event.type === "recovered") this.counts.add(`recovery: ${event.message.replace(/ \(.*\)$/, "")}`);
    if (event.type === "phase" && event.phase === "rollback") this.counts.add("rollback: begun");
    if (event.type === "phase" && event.phase === "recover") this.countRecovery(this.siteOf(process).checker);
    if (event.type === "waiting" && event.message.startsWith("Took over")) this.counts.add(`takeover: ${takeoverKind(event.message)}`);
    else if (event.type === "waiting" && event.message.startsWith("Taking up")) this.counts.add("dump: taken up");
    else if (event.type === "waiting")
      this.counts.add(`lock: ${event.message.replace(/(Took over the lock|Waiting for the lock|The holder is silent).*/s, "$1")}`);
  }

  /** Goes on until `done` holds. Throws SimulationFailure on a breach, on a deadlock, and after `limitMs` of virtual time. */
  async until(done: () => boolean, what: string, limitMs: number): Promise<void> {
    const end = this.scheduler.time + limitMs;
    for (;;) {
      for (const { checker } of this.sites) if (checker.breach) throw new SimulationFailure(checker.breach.message);
      if (done()) return;
      if (this.scheduler.time > end) throw new SimulationFailure(`liveness: ${what} did not end within ${limitMs / 60_000} minutes`);
      if (!(await this.scheduler.step())) throw new SimulationFailure(`liveness: ${what} waits for nothing`);
    }
  }

  at(): string {
    return (this.scheduler.time / 1000).toFixed(3).padStart(10);
  }

  private countRecovery({ state, journals }: Checker): void {
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
  if (message.includes("could not release")) return "its own, not released";
  if (message.includes("reply was lost")) return "its own, not answered";
  const minutes = /last beat was (\d+) min ago/.exec(message)?.[1];
  if (minutes === undefined) return "forced";
  return Number(minutes) < 12 ? "asked for" : "silent";
}

function describe(event: RunEvent): string {
  const { type, ...rest } = event;
  return `${type} ${JSON.stringify(rest)}`.slice(0, 300);
}

/** The versions of a stack as a person deploys them. */
export interface Versions {
  versions: Assembly[];
}
