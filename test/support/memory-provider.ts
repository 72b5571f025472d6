/** A cloud in memory for tests of plan and engine: three types, driven by a small schema, that fails on demand. */
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { jsonEqual, type Json } from "../../framework/base/json.js";
import {
  ProviderError,
  type PriorResource,
  type Props,
  type Provider,
  type ProviderPlan,
  type ProviderResult,
  type ResourceCall,
} from "../../framework/model/provider.js";
import type { PropertySchema, SchemaIndex, TypeSchema } from "../../framework/model/provider-schema.js";
import { hasUnknown, UNKNOWN } from "../../framework/model/values.js";

const text = (wire: string, more: Partial<PropertySchema> = {}): PropertySchema => ({ type: "string", wire, optional: true, ...more });

function typeSchema(token: string, more: Partial<TypeSchema> = {}): TypeSchema {
  return {
    token,
    wire: token.replaceAll(":", "_"),
    version: 1,
    taggable: true,
    properties: {
      name: text("name", { forceNew: true }),
      kind: text("kind", { forceNew: true }),
      size: { type: "number", wire: "size", optional: true },
      parent: text("parent"),
      anchor: text("anchor", { forceNew: true }),
      policy: text("policy", { json: true }),
      password: text("password", { sensitive: true }),
      note: text("note"),
      code: text("code", { asset: true }),
      tags: { type: "map", element: text(""), wire: "tags", optional: true },
      arn: text("arn", { optional: false, computed: true }),
      revision: { type: "number", wire: "revision", computed: true },
    },
    ...more,
  };
}

/** `test:thing` is named, `test:node` is found by tags only, `test:leaf` takes neither name nor tags. */
export const THING = "test:index/thing:Thing";
export const NODE = "test:index/node:Node";
export const LEAF = "test:index/leaf:Leaf";

const naming = { property: "name", max: 63, unique: true };
const types: { [token: string]: TypeSchema } = {
  [THING]: typeSchema(THING, { naming, ready: { attribute: "state", ready: ["ready"], pending: ["creating"], failed: ["broken"] } }),
  [NODE]: typeSchema(NODE),
  [LEAF]: typeSchema(LEAF, { taggable: false }),
};

/** The schema of the memory provider. */
export const memorySchemas: SchemaIndex = {
  provider: "memory",
  version: "1",
  type: (token) => types[token],
  lookup: (token) => ({ token, wire: token, properties: { secret: text("secret", { sensitive: true }), value: text("value") } }),
  tokens: () => Object.keys(types).sort(),
};

/** What a test may make of a call: lose the reply (after or before it was carried out), refuse it, throttle it, break it half-way. */
export type Trouble = "lost-after" | "lost-before" | "refuse" | "throttle" | "partial" | undefined;

/** A thing in the memory cloud. */
export interface CloudThing {
  id: string;
  type: string;
  inputs: Props;
  revision: number;
  state: string;
}

/** Calls that change something. */
export type MutatingCall = "create" | "update" | "delete";

/** The provider. `things` is the cloud, `calls` what was asked, in order. */
export class MemoryProvider implements Provider {
  readonly name = "memory";
  settleMs = 0;
  readonly things = new Map<string, CloudThing>();
  readonly calls: string[] = [];
  readonly lookups: { [token: string]: Props } = {};
  /** Decides per call; default: no trouble. */
  trouble: (op: MutatingCall, urn: string) => Trouble = () => undefined;
  /** Awaited before a call is carried out. */
  pause: (op: MutatingCall, urn: string) => Promise<void> = () => Promise.resolve();
  /** From now on nothing is carried out and nothing returns: the process is dead. */
  dead = false;
  atOnce = 0;
  mostAtOnce = 0;
  private counter = 0;

  /** Another provider on a copy of this cloud, as it is now. */
  fork(): MemoryProvider {
    const copy = new MemoryProvider();
    copy.counter = this.counter;
    copy.settleMs = this.settleMs;
    Object.assign(copy.lookups, this.lookups);
    for (const [id, thing] of this.things) copy.things.set(id, { ...thing });
    return copy;
  }

  async identity(): Promise<{ name: string; account: string; region: string; endpoint: string }> {
    return { name: "memory", account: "1", region: "here", endpoint: "" };
  }

  async validate(): Promise<Diagnostic[]> {
    return [];
  }

  async plan(call: ResourceCall & { prior: PriorResource | null; ignoreChanges?: string[] }): Promise<ProviderPlan> {
    this.calls.push(`plan ${call.urn}`);
    const { prior } = call;
    const schema = types[call.type] as TypeSchema;
    const outputs: Props = { ...call.inputs, arn: UNKNOWN as unknown as Json, revision: UNKNOWN as unknown as Json };
    if (!prior) return { action: "create", replacePaths: [], outputs, changedPaths: [], diagnostics: [] };
    const real = prior.outputs;
    const keys = Object.keys(schema.properties).filter((k) => k !== "arn" && k !== "revision");
    const changedPaths = keys.filter((k) => !jsonEqual(call.inputs[k], real[k]));
    const replacePaths = changedPaths.filter((k) => schema.properties[k]?.forceNew);
    const action = replacePaths.length > 0 ? "replace" : changedPaths.length > 0 ? "update" : "same";
    const known: Props =
      action === "replace" ? outputs : { ...call.inputs, arn: real["arn"] as Json, revision: UNKNOWN as unknown as Json };
    return { action, replacePaths, outputs: action === "same" ? real : known, changedPaths, diagnostics: [] };
  }

  async lookup(token: string, _args: Props = {}): Promise<Props> {
    this.calls.push(`lookup ${token}`);
    const found = this.lookups[token];
    if (!found) throw new ProviderError("not-found", `${token} found nothing`);
    return found;
  }

  async create(call: ResourceCall): Promise<ProviderResult> {
    return this.run("create", call.urn, () => {
      refuseUnknown(call);
      const name = call.inputs["name"];
      for (const thing of this.things.values()) {
        if (thing.type === call.type && name !== undefined && thing.inputs["name"] === name) {
          throw new ProviderError("conflict", `${String(name)} already exists`);
        }
      }
      const id = `id-${++this.counter}`;
      const thing: CloudThing = { id, type: call.type, inputs: call.inputs, revision: 1, state: "ready" };
      this.things.set(id, thing);
      return thing;
    });
  }

  async update(call: ResourceCall & { prior: PriorResource }): Promise<ProviderResult> {
    return this.run("update", call.urn, () => {
      refuseUnknown(call);
      const thing = this.things.get(call.prior.id);
      if (!thing) throw new ProviderError("not-found", `${call.prior.id} is gone`);
      const next = { ...thing, inputs: call.inputs, revision: thing.revision + 1 };
      this.things.set(thing.id, next);
      return next;
    });
  }

  async delete(call: ResourceCall & { prior: PriorResource }): Promise<void> {
    await this.run("delete", call.urn, () => {
      const thing = this.things.get(call.prior.id);
      for (const other of this.things.values()) {
        const used = [other.inputs["parent"], other.inputs["anchor"]];
        if (thing && other.id !== thing.id && used.some((v) => v === thing.id || v === arnOf(thing))) {
          throw new ProviderError("failed", `${call.prior.id} is still used by ${other.id}`);
        }
      }
      this.things.delete(call.prior.id);
      return thing;
    });
  }

  private async run(op: MutatingCall, urn: string, act: () => CloudThing | undefined): Promise<ProviderResult> {
    this.calls.push(`${op} ${urn}`);
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    try {
      await this.pause(op, urn);
      const trouble = this.trouble(op, urn);
      if (this.dead) await new Promise(() => {});
      if (trouble === "refuse") throw new ProviderError("denied", `${op} is not allowed`);
      if (trouble === "throttle") throw new ProviderError("throttled", "too many requests");
      if (trouble === "lost-before") throw new ProviderError("died", "the provider died", { outcome: "unknown" });
      const thing = act();
      if (trouble === "lost-after") throw new ProviderError("died", "the provider died", { outcome: "unknown" });
      if (trouble === "partial" && thing) {
        thing.inputs = { ...thing.inputs };
        delete thing.inputs["size"];
        throw new ProviderError("failed", `${op} broke off`, { partial: resultOf(thing) });
      }
      return thing ? resultOf(thing) : { id: "", outputs: {}, private: "", schemaVersion: 1, secretPaths: [], diagnostics: [] };
    } finally {
      this.atOnce -= 1;
    }
  }

  async read(call: { prior: PriorResource }): Promise<ProviderResult | null> {
    const thing = this.things.get(call.prior.id);
    return thing ? resultOf(thing) : null;
  }

  async import(call: { type: string; importId: string }): Promise<(ProviderResult & { inputs: Props }) | null> {
    for (const thing of this.things.values()) {
      if (thing.type === call.type && (thing.id === call.importId || thing.inputs["name"] === call.importId)) {
        return { ...resultOf(thing), inputs: thing.inputs };
      }
    }
    return null;
  }

  async findByTags(type: string, tags: { [key: string]: string }): Promise<string[]> {
    const has = (thing: CloudThing): boolean => {
      const own = (thing.inputs["tags"] ?? {}) as { [key: string]: Json };
      return Object.entries(tags).every(([k, v]) => own[k] === v);
    };
    return [...this.things.values()].filter((t) => t.type === type && has(t)).map((t) => t.id);
  }

  async tagged(tags: { [key: string]: string }): Promise<{ id: string; tags: { [key: string]: string } }[]> {
    const own = (t: CloudThing) => (t.inputs["tags"] ?? {}) as { [key: string]: string };
    const has = (t: CloudThing) => Object.entries(tags).every(([k, v]) => own(t)[k] === v);
    return [...this.things.values()].filter(has).map((t) => ({ id: `${t.type} ${t.id}`, tags: own(t) }));
  }

  async waitReady(call: { prior: PriorResource }): Promise<ProviderResult | null> {
    const thing = this.things.get(call.prior.id);
    if (thing?.state === "creating") thing.state = "ready";
    return thing ? resultOf(thing) : null;
  }

  async close(): Promise<void> {}
}

function refuseUnknown(call: ResourceCall): void {
  if (hasUnknown(call.inputs)) throw new Error(`unknown values reached the provider: ${JSON.stringify(call.inputs)}`);
}

function arnOf(thing: CloudThing): string {
  return `arn:memory:${thing.type}:${thing.id}`;
}

function resultOf(thing: CloudThing): ProviderResult {
  const outputs: Props = { ...thing.inputs, arn: arnOf(thing), revision: thing.revision, state: thing.state };
  return { id: thing.id, outputs, private: "cHJpdmF0ZQ==", schemaVersion: 1, secretPaths: [], diagnostics: [] };
}
