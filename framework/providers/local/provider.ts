/** The local provider: an in-process model of the cloud's control plane on a file. It says plainly that nothing real exists. */
import { randomBytes, randomUUID } from "node:crypto";
import * as promises from "node:fs/promises";
import type { Clock, Random } from "../../base/clock.js";
import type { Diagnostic } from "../../base/diagnostics.js";
import type { PriorResource, Props, Provider, ProviderPlan, ProviderResult, ResourceCall } from "../../model/provider.js";
import { ALARM_STATES } from "../../model/alarms.js";
import { SERVICE_HEALTH } from "../../model/health.js";
import { listedType } from "../../model/listings.js";
import { ProviderError } from "../../model/provider.js";
import type { SchemaIndex } from "../../model/provider-schema.js";
import type { Cloud, CloudResource } from "./cloud.js";
import { type CloudStore, hex, openCloudStore } from "./cloud-store.js";
import { RULES } from "./data/index.js";
import { diagnose, refuseBad, warnings } from "./diagnose.js";
import { FaultPlan, type LocalFault, type LocalOp, parseLocalFaults } from "./faults.js";
import type { LocalFs } from "./local-fs.js";
import { alarmStatesOf, listOwned, lookUp, serviceHealthOf } from "./lookups.js";
import { createIn, deleteIn, importFrom, type Model, planFor, readFrom, updateIn } from "./operations.js";

/** The account of the local cloud: twelve zeros, which no real account has. */
export const LOCAL_ACCOUNT = "000000000000";

/** How often a wait looks at the file again, ms. */
const POLL_MS = 50;

/** Options of {@link createLocalProvider}. */
export interface LocalProviderOptions {
  /** The file, usually `.panka/local-cloud.json`; it and its folder are made when first needed. */
  file: string;
  schemas: SchemaIndex;
  /** The region that calls act in; "" means us-east-1. */
  region: string;
  clock: Clock;
  /** Where ids come from. Default: the system's. */
  random?: Random;
  /** Faults on demand, as values or as JSON text ({@link parseLocalFaults}). Default none. */
  faults?: readonly LocalFault[] | string;
  /** Each call takes so long, ms; a number for all or by operation. Default 0. */
  latency?: number | { [op in LocalOp]?: number };
  /** The same as `latency`, a number. */
  latencyMs?: number;
  /** Twelve digits. Default {@link LOCAL_ACCOUNT}; a file that exists keeps the account that it has. */
  account?: string;
  /** Default node:fs/promises. */
  fs?: LocalFs;
}

const systemRandom: Random = { bytes: (count) => randomBytes(count), uuid: () => randomUUID() };

/** Opens the local cloud. Nothing is read or written until a call needs it. Throws a usage error for faults that can't be read. */
export function createLocalProvider(options: LocalProviderOptions): Provider {
  return new LocalProvider(options);
}

class LocalProvider implements Provider {
  readonly name = "local";
  readonly settleMs = 0;
  private readonly region: string;
  private readonly account: string;
  private readonly random: Random;
  private readonly clock: Clock;
  private readonly schemas: SchemaIndex;
  private readonly faults: FaultPlan;
  private readonly store: CloudStore;

  constructor(private readonly options: LocalProviderOptions) {
    this.clock = options.clock;
    this.schemas = options.schemas;
    this.region = options.region || "us-east-1";
    this.random = options.random ?? systemRandom;
    this.account = options.account || LOCAL_ACCOUNT;
    this.faults = new FaultPlan(typeof options.faults === "string" ? parseLocalFaults(options.faults) : (options.faults ?? []));
    const { file, clock } = options;
    this.store = openCloudStore({ file, account: this.account, clock, random: this.random, fs: options.fs ?? promises });
  }

  private model(type: string, cloud?: Cloud): Model {
    const account = cloud?.file.account || this.account;
    return {
      type,
      schema: this.schemas.type(type),
      rule: RULES[type],
      region: this.region,
      account,
      salt: cloud?.file.salt ?? "",
      context: {
        account,
        region: this.region,
        hex: (digits) => hex(this.random, digits),
        uuid: () => this.random.uuid(),
        now: () => this.clock.now(),
        serial: () => cloud?.nextSerial() ?? 0,
      },
    };
  }

  /** Waits the latency, then meets the fault. */
  private async enter(op: LocalOp, type: string, urn: string): Promise<LocalFault | undefined> {
    const latency = this.options.latency ?? this.options.latencyMs ?? 0;
    const ms = typeof latency === "number" ? latency : (latency[op] ?? 0);
    if (ms > 0) await this.clock.sleep(ms);
    const fault = this.faults.next(op, type, urn);
    if (fault?.fail !== undefined)
      throw new ProviderError(fault.fail, fault.message ?? `${op} of ${type} failed: ${fault.fail} (fault on demand)`);
    return fault;
  }

  async identity() {
    const cloud = await this.store.read();
    return { name: "local", account: cloud.file.account || this.account, region: this.region, endpoint: "" };
  }

  async validate(call: ResourceCall): Promise<Diagnostic[]> {
    await this.enter("validate", call.type, call.urn);
    return diagnose(this.schemas, call.type, call.inputs);
  }

  async plan(call: ResourceCall & { prior: PriorResource | null; ignoreChanges?: string[] }): Promise<ProviderPlan> {
    await this.enter("plan", call.type, call.urn);
    refuseBad(this.schemas, call.type, call.inputs);
    return { ...planFor(this.model(call.type), call), diagnostics: warnings(this.schemas, call.type) };
  }

  async lookup(token: string, args: Props): Promise<Props> {
    const fault = await this.enter("lookup", token, "");
    if (token === SERVICE_HEALTH) return serviceHealthOf(args, fault?.raise);
    if (token === ALARM_STATES) return alarmStatesOf(args, fault?.raise);
    const cloud = await this.store.read();
    const listed = listedType(token);
    if (listed !== undefined) return listOwned(listed, args, cloud, this.region);
    const context = { ...this.model(token, cloud).context, serial: () => 0 };
    return lookUp(token, args, { cloud, region: this.region, context, schema: this.schemas.lookup(token) });
  }

  async create(call: ResourceCall): Promise<ProviderResult> {
    const { type } = call;
    const fault = await this.enter("create", type, call.urn);
    refuseBad(this.schemas, type, call.inputs);
    const held = fault?.hold === false ? undefined : fault?.hold;
    let result = await this.store.mutate((cloud) => createIn(this.model(type, cloud), cloud, call, held));
    if (held !== undefined) {
      const resource = await this.whileCreating(type, result.id, call.timeouts?.create ?? 1200);
      if (!resource) throw new ProviderError("failed", `${result.id} was gone before it was ready (${type})`);
      result = readFrom(this.model(type, await this.store.read()), resource, result.outputs);
    }
    if (fault?.partial)
      throw new ProviderError("failed", fault.message ?? `${type} was made but did not come up (fault on demand)`, { partial: result });
    loseReply(fault, type);
    return { ...result, diagnostics: warnings(this.schemas, type) };
  }

  async update(call: ResourceCall & { prior: PriorResource; ignoreChanges?: string[] }): Promise<ProviderResult> {
    const fault = await this.enter("update", call.type, call.urn);
    refuseBad(this.schemas, call.type, call.inputs);
    const result = await this.store.mutate((cloud) => updateIn(this.model(call.type, cloud), cloud, call));
    loseReply(fault, call.type);
    return { ...result, diagnostics: warnings(this.schemas, call.type) };
  }

  async delete(call: ResourceCall & { prior: PriorResource }): Promise<void> {
    const fault = await this.enter("delete", call.type, call.urn);
    await this.store.mutate((cloud) => deleteIn(this.model(call.type, cloud), cloud, call.prior.id));
    loseReply(fault, call.type);
  }

  async read(call: { urn: string; type: string; prior: PriorResource }): Promise<ProviderResult | null> {
    await this.enter("read", call.type, call.urn);
    const cloud = await this.store.read();
    const resource = cloud.get(this.region, call.type, call.prior.id);
    return resource ? readFrom(this.model(call.type, cloud), resource, call.prior.outputs) : null;
  }

  async import(call: { urn: string; type: string; importId: string }): Promise<(ProviderResult & { inputs: Props }) | null> {
    await this.enter("import", call.type, call.urn);
    const cloud = await this.store.read();
    return importFrom(this.model(call.type, cloud), cloud, call.importId);
  }

  async findByTags(type: string, tags: { [key: string]: string }): Promise<string[]> {
    await this.enter("findByTags", type, "");
    const cloud = await this.store.read();
    return [...cloud.ofType(this.region, type)].filter((r) => hasTags(r, tags)).map((r) => r.importId);
  }

  async tagged(tags: { [key: string]: string }): Promise<{ id: string; tags: { [key: string]: string } }[]> {
    const cloud = await this.store.read();
    const all = Object.values(cloud.file.resources).filter((r) => hasTags(r, tags));
    return all.map((r) => ({ id: `${r.type} ${r.id}`, tags: tagsOf(r) }));
  }

  async waitReady(call: { urn: string; type: string; prior: PriorResource; timeoutSeconds: number }): Promise<ProviderResult | null> {
    const resource = await this.whileCreating(call.type, call.prior.id, call.timeoutSeconds);
    return resource ? readFrom(this.model(call.type, await this.store.read()), resource, call.prior.outputs) : null;
  }

  close(): Promise<void> {
    return this.store.idle();
  }

  /** Polls until the resource is no longer `creating`; undefined if it is gone. Throws ProviderError with `partial` after `seconds`. */
  private async whileCreating(type: string, id: string, seconds: number): Promise<CloudResource | undefined> {
    const until = this.clock.monotonic() + seconds * 1000;
    for (;;) {
      const cloud = await this.store.read();
      const resource = cloud.get(this.region, type, id);
      if (resource?.status !== "creating") return resource;
      if (resource.heldUntil !== undefined && this.clock.now() >= resource.heldUntil)
        return this.store.mutate((current) => release(current, this.region, type, id));
      if (this.clock.monotonic() >= until) {
        const partial = readFrom(this.model(type, cloud), resource, {});
        throw new ProviderError("failed", `${id} is still being created (${type})`, { partial });
      }
      await this.clock.sleep(POLL_MS);
    }
  }
}

function loseReply(fault: LocalFault | undefined, type: string): void {
  if (fault?.loseReply)
    throw new ProviderError("died", fault.message ?? `no reply about ${type} (fault on demand)`, { outcome: "unknown" });
}

function release(cloud: Cloud, region: string, type: string, id: string): CloudResource | undefined {
  const resource = cloud.get(region, type, id);
  if (!resource) return undefined;
  const { heldUntil: _, ...rest } = resource;
  const ready: CloudResource = { ...rest, status: "ready" };
  cloud.put(region, ready);
  return ready;
}

function tagsOf(resource: CloudResource): { [key: string]: string } {
  return { ...(resource.outputs.tags as object | undefined), ...(resource.outputs.tagsAll as object | undefined) };
}

function hasTags(resource: CloudResource, tags: { [key: string]: string }): boolean {
  const own = tagsOf(resource);
  return Object.entries(tags).every(([key, value]) => own[key] === value);
}
