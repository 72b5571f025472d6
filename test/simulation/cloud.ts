/** The cloud and its provider plugin: creation takes time, a new thing may be invisible for a while, calls outlive their process. */
import { type Provider, ProviderError, type ProviderResult } from "../../framework/model/provider.js";
import { LEAF, MemoryProvider, NODE } from "../support/memory-provider.js";
import type { Chance } from "./chance.js";
import type { Counts } from "./counts.js";
import type { Failure, Network } from "./network.js";
import type { SimProcess, Thread } from "./process.js";
import type { Scheduler } from "./scheduler.js";
import { CANARY, SECRET_LOOKUP } from "./stack.js";

/** How long a lost create may stay invisible, ms: what the provider says, and what the cloud keeps to with in-flight time included. */
export const SETTLE_MS = 60_000;
const TIMEOUT_MS = 10_000;

/** A call that changed the cloud, for those who watch it. */
export interface CloudCall {
  op: "create" | "update" | "delete";
  urn: string;
  /** Of what is changed or deleted; a URN may have several. */
  id?: string;
  by: SimProcess;
}

/** The service. */
export class SimCloud {
  readonly memory = new MemoryProvider();
  /** Chance that a call is refused, or breaks off half-way. */
  trouble = 0;
  /** How long a create takes, ms; undefined: by chance. */
  readyMs: number | undefined;
  /** What the provider says of it, ms. */
  settleMs = SETTLE_MS;
  /** Told when a call is sent; what it gives is told when the call arrives. */
  onCall: (call: CloudCall) => () => void = () => () => {};
  private readonly hiddenUntil = new Map<string, number>();

  constructor(
    readonly scheduler: Scheduler,
    readonly chance: Chance,
    readonly counts: Counts,
  ) {
    this.memory.lookups[SECRET_LOOKUP] = { secret: CANARY, value: "v" };
    this.memory.trouble = (op) => {
      if (!chance.is(this.trouble)) return undefined;
      const kind = chance.pick(op === "create" ? (["partial", "refuse"] as const) : (["refuse"] as const));
      counts.add(`fault: cloud ${kind}`);
      return kind;
    };
  }

  /** Makes a thing; resolves when it is ready. `twice`: the request came twice. */
  async create(call: Parameters<Provider["create"]>[0], twice: boolean): Promise<ProviderResult> {
    const made = await this.memory.create(call);
    const copies = twice && call.type === NODE ? [made, await this.memory.create(call)] : [made];
    if (copies.length > 1) this.counts.add("fault: cloud create carried out twice");
    const ms = this.readyMs ?? (this.chance.is(0.2) ? this.chance.int(1_000, 15_000) : this.chance.int(10, 500));
    for (const { id } of copies) {
      const thing = this.memory.things.get(id);
      if (thing) thing.state = "creating";
      this.hiddenUntil.set(id, this.scheduler.time + (this.chance.is(0.3) ? this.chance.int(1_000, 20_000) : 0));
      this.scheduler.after(ms, () => this.ready(id));
    }
    return new Promise((resolve) => {
      this.scheduler.after(ms, () => resolve({ ...made, outputs: { ...made.outputs, state: "ready" } }));
    });
  }

  visible(id: string): boolean {
    return (this.hiddenUntil.get(id) ?? 0) <= this.scheduler.time;
  }

  private ready(id: string): void {
    const thing = this.memory.things.get(id);
    if (thing) thing.state = "ready";
  }
}

const CODES: { [kind in Failure]: [string, "none" | "unknown"] } = {
  timeout: ["died", "unknown"],
  reset: ["died", "unknown"],
  "500": ["died", "unknown"],
  "503": ["throttled", "none"],
  throttled: ["throttled", "none"],
  "409": ["throttled", "none"],
  conflict: ["throttled", "none"],
};

/** A process's provider plugin. */
export function providerOf(cloud: SimCloud, network: Network, thread: Thread): Provider {
  const { memory } = cloud;
  const by = thread.process;
  const send = <T>(what: string, write: boolean, apply: () => T | Promise<T>): Promise<T> =>
    network.send<T>({
      thread,
      service: "cloud",
      what,
      write,
      apply,
      timeoutMs: TIMEOUT_MS,
      failure: (kind) => new ProviderError(CODES[kind][0], `simulated ${kind}`, { outcome: CODES[kind][1] }),
    });
  type Changed = Parameters<Provider["delete"]>[0];
  const sendCall = (call: Omit<CloudCall, "by">, apply: () => Promise<ProviderResult>): Promise<ProviderResult> => {
    const arrives = cloud.onCall({ ...call, by });
    return send(`${call.op} ${call.urn}`, true, () => {
      arrives();
      return apply();
    });
  };
  const change = (op: CloudCall["op"], { urn, prior: { id } }: Changed, apply: () => Promise<ProviderResult>) =>
    sendCall({ op, urn, id }, apply);
  const waitReady: Provider["waitReady"] = async (call) => {
    for (;;) {
      const found = await send(`read ${call.urn}`, false, () => memory.read(call));
      if (found?.outputs["state"] !== "creating") return found;
      await thread.clock.sleep(2_000);
    }
  };
  return {
    name: "memory",
    settleMs: cloud.settleMs,
    identity: () => memory.identity(),
    validate: async () => [],
    plan: (call) => memory.plan(call),
    lookup: (token) => send(`lookup ${token}`, false, () => memory.lookup(token)),
    create: (call) =>
      sendCall({ op: "create", urn: call.urn }, () => cloud.create(call, by.dead && call.type !== LEAF && cloud.chance.is(0.4))),
    update: (call) => change("update", call, () => memory.update(call)),
    delete: async (call) => {
      await change("delete", call, async () => {
        await memory.delete(call);
        return { id: "", outputs: {}, private: "", schemaVersion: 1, secretPaths: [], diagnostics: [] };
      });
    },
    read: (call) => send(`read ${call.urn}`, false, () => memory.read(call)),
    import: (call) => send(`import ${call.urn}`, false, () => memory.import(call)),
    tagged: (tags) => send("tagged", false, () => memory.tagged(tags)),
    findByTags: (type, tags) =>
      send(`find ${type}`, false, async () => (await memory.findByTags(type, tags)).filter((id) => cloud.visible(id))),
    waitReady,
    close: async () => {},
  };
}
