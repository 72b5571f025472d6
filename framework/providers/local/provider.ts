/** The local provider: an in-process model of the cloud's control plane on a file. It says plainly that nothing real exists. */
import { randomBytes, randomUUID } from "node:crypto";
import * as promises from "node:fs/promises";
import type { Clock, Random } from "../../base/clock.js";
import type { Diagnostic } from "../../base/diagnostics.js";
import type { Provider, ProviderPlan, Props } from "../../model/provider.js";
import { ProviderError } from "../../model/provider.js";
import type { SchemaIndex } from "../../model/provider-schema.js";
import { checkInputs } from "./check.js";
import type { Cloud, CloudResource } from "./cloud.js";
import { hex, openCloudStore } from "./cloud-store.js";
import { RULES } from "./data/index.js";
import { FaultPlan, type LocalFault, type LocalOp, parseLocalFaults } from "./faults.js";
import type { LocalFs } from "./local-fs.js";
import { lookUp } from "./lookups.js";
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
  const { clock, schemas } = options;
  const region = options.region || "us-east-1";
  const random = options.random ?? systemRandom;
  const account = options.account || LOCAL_ACCOUNT;
  const faults = new FaultPlan(typeof options.faults === "string" ? parseLocalFaults(options.faults) : (options.faults ?? []));
  const store = openCloudStore({ file: options.file, account, clock, random, fs: options.fs ?? promises });

  const modelFor = (type: string, cloud: Cloud | undefined): Model => ({
    type,
    schema: schemas.type(type),
    rule: RULES[type],
    region,
    account: cloud?.file.account || account,
    salt: cloud?.file.salt ?? "",
    context: {
      account: cloud?.file.account || account,
      region,
      hex: (digits) => hex(random, digits),
      uuid: () => random.uuid(),
      now: () => clock.now(),
      serial: () => cloud?.nextSerial() ?? 0,
    },
  });

  const enter = (op: LocalOp, type: string, urn: string) => enterCall(options, faults, op, type, urn);

  async function waitWhileCreating(type: string, id: string, until: number): Promise<CloudResource | undefined> {
    for (;;) {
      const resource = (await store.read()).get(region, type, id);
      if (resource?.status !== "creating") return resource;
      if (resource.heldUntil !== undefined && clock.now() >= resource.heldUntil) {
        return store.mutate((cloud) => release(cloud, region, type, id));
      }
      if (clock.monotonic() >= until) {
        const model = modelFor(type, await store.read());
        throw new ProviderError("failed", `${id} is still being created (${type})`, { partial: readFrom(model, resource, {}) });
      }
      await clock.sleep(POLL_MS);
    }
  }

  return {
    name: "local",
    settleMs: 0,
    async identity() {
      const cloud = await store.read();
      return { name: "local", account: cloud.file.account || account, region, endpoint: "" };
    },
    async validate(call) {
      await enter("validate", call.type, call.urn);
      return diagnose(schemas, call.type, call.inputs);
    },
    async plan(call): Promise<ProviderPlan> {
      await enter("plan", call.type, call.urn);
      refuseBad(schemas, call.type, call.inputs);
      return { ...planFor(modelFor(call.type, undefined), call), diagnostics: warnings(schemas, call.type) };
    },
    async lookup(token, args) {
      await enter("lookup", token, "");
      const cloud = await store.read();
      return lookUp(token, args, cloud, region, modelFor(token, cloud).context);
    },
    async create(call) {
      const fault = await enter("create", call.type, call.urn);
      refuseBad(schemas, call.type, call.inputs);
      const held = fault?.hold === undefined || fault.hold === false ? undefined : fault.hold;
      let result = await store.mutate((cloud) => createIn(modelFor(call.type, cloud), cloud, call, held));
      if (held !== undefined) {
        const seconds = call.timeouts?.create ?? 1200;
        const resource = await waitWhileCreating(call.type, result.id, clock.monotonic() + seconds * 1000);
        if (!resource) throw new ProviderError("failed", `${result.id} was gone before it was ready (${call.type})`);
        result = readFrom(modelFor(call.type, await store.read()), resource, result.outputs);
      }
      if (fault?.partial)
        throw new ProviderError("failed", fault.message ?? `${call.type} was made but did not come up (fault on demand)`, {
          partial: result,
        });
      lostReply(fault, call.type);
      return { ...result, diagnostics: warnings(schemas, call.type) };
    },
    async update(call) {
      const fault = await enter("update", call.type, call.urn);
      refuseBad(schemas, call.type, call.inputs);
      const result = await store.mutate((cloud) => updateIn(modelFor(call.type, cloud), cloud, call));
      lostReply(fault, call.type);
      return { ...result, diagnostics: warnings(schemas, call.type) };
    },
    async delete(call) {
      const fault = await enter("delete", call.type, call.urn);
      await store.mutate((cloud) => deleteIn(modelFor(call.type, cloud), cloud, call.prior.id));
      lostReply(fault, call.type);
    },
    async read(call) {
      await enter("read", call.type, call.urn);
      const cloud = await store.read();
      const resource = cloud.get(region, call.type, call.prior.id);
      return resource ? readFrom(modelFor(call.type, cloud), resource, call.prior.outputs) : null;
    },
    async import(call) {
      await enter("import", call.type, call.urn);
      const cloud = await store.read();
      return importFrom(modelFor(call.type, cloud), cloud, call.importId);
    },
    async findByTags(type, tags) {
      await enter("findByTags", type, "");
      const cloud = await store.read();
      return [...cloud.ofType(region, type)].filter((r) => hasTags(r, tags)).map((r) => r.importId);
    },
    async waitReady(call) {
      const resource = await waitWhileCreating(call.type, call.prior.id, clock.monotonic() + call.timeoutSeconds * 1000);
      return resource ? readFrom(modelFor(call.type, await store.read()), resource, call.prior.outputs) : null;
    },
    close: () => store.idle(),
  };
}

async function enterCall(
  options: LocalProviderOptions,
  faults: FaultPlan,
  op: LocalOp,
  type: string,
  urn: string,
): Promise<LocalFault | undefined> {
  const latency = options.latency ?? options.latencyMs ?? 0;
  const ms = typeof latency === "number" ? latency : (latency[op] ?? 0);
  if (ms > 0) await options.clock.sleep(ms);
  const fault = faults.next(op, type, urn);
  if (fault?.fail !== undefined)
    throw new ProviderError(fault.fail, fault.message ?? `${op} of ${type} failed: ${fault.fail} (fault on demand)`);
  return fault;
}

function lostReply(fault: LocalFault | undefined, type: string): void {
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

function hasTags(resource: CloudResource, tags: { [key: string]: string }): boolean {
  const own = { ...(resource.outputs.tags as object | undefined), ...(resource.outputs.tagsAll as object | undefined) } as {
    [key: string]: unknown;
  };
  return Object.entries(tags).every(([key, value]) => own[key] === value);
}

function diagnose(schemas: SchemaIndex, type: string, inputs: Props): Diagnostic[] {
  const schema = schemas.type(type);
  return schema ? checkInputs(schema, RULES[type], inputs) : warnings(schemas, type);
}

function refuseBad(schemas: SchemaIndex, type: string, inputs: Props): void {
  const errors = diagnose(schemas, type, inputs).filter((d) => d.severity === "error");
  if (errors.length === 0) return;
  const first = errors[0] as Diagnostic;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  throw new ProviderError("invalid", `${type}: ${first.path ? `${first.path}: ` : ""}${first.message}${more}`, { diagnostics: errors });
}

function warnings(schemas: SchemaIndex, type: string): Diagnostic[] {
  if (schemas.type(type)) return [];
  return [
    {
      severity: "warning",
      code: "no-local-schema",
      message: `the local provider has no schema of ${type}: its properties are accepted unchecked`,
      next: "deploy to an environment with provider aws to have them checked",
    },
  ];
}
