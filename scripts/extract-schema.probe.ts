/**
 * What the wire schema does not say: which attributes force a replacement, and what an unset one becomes. The plugin is asked
 * by plans that change nothing: all settable values unknown (its `requires_replace` lists the ForceNew ones), and none set
 * (the planned values are the defaults).
 */
import { messageOf } from "../framework/base/errors.js";
import { isPlainObject } from "../framework/base/json.js";
import { isUnknown, type PropertySchema, type TypeSchema, UNKNOWN } from "../framework/model/index.js";
import type { Calls, PathStep } from "../framework/providers/aws/protocol/client.js";
import { fromDynamic, toDynamic, type Wire, type WireObject } from "../framework/providers/aws/protocol/codec.js";

/** What some types must have before they plan at all, by token, in the provider's names. */
const SEEDS: { [token: string]: WireObject } = {
  "aws:dynamodb/table:Table": { read_capacity: 1, write_capacity: 1 },
  "aws:kinesis/stream:Stream": { shard_count: 1 },
  "aws:lambda/function:Function": { handler: "index.handler", runtime: "nodejs20.x" },
  "aws:lb/targetGroup:TargetGroup": { port: 80, protocol: "HTTP", vpc_id: "vpc-0" },
};

/** The one seeded type that needs its seed in every plan. */
const KINESIS = "aws:kinesis/stream:Stream";

/** How much of a config is filled: nothing; every block once; every block once and every settable value. */
type Fill = "nothing" | "blocks" | "all";

/** A plugin that is started again when a plan of ours was too much for it. */
export interface Host {
  plan(request: Calls["PlanResourceChange"][0]): Promise<Calls["PlanResourceChange"][1]>;
}

/** Asks for one type and writes the answers into its tree. Gives the plugin's complaints, for the log. */
export async function probeType(host: Host, schema: TypeSchema): Promise<string[]> {
  const complaints: string[] = [];
  const ask = async (what: string, config: WireObject, prior: WireObject | null = null): Promise<Answer | undefined> => {
    const answer = await plan(host, schema, config, prior);
    if (typeof answer !== "string") return answer;
    complaints.push(`${schema.token} ${what}: ${answer}`);
    return undefined;
  };
  const all = await ask("all values", filled(schema, "all"));
  if (all) markForceNew(schema, all);
  else for (const one of singly(schema)) markForceNew(schema, await plan(host, schema, one, null));
  // Types made with the newer SDK name replacements only where there is a prior state.
  const changed = await ask("a change", filled(schema, "all"), blank(schema));
  if (changed) markForceNew(schema, changed);
  const unset = (await ask("no values", filled(schema, "nothing"))) ?? (await ask("required values", withRequired(schema)));
  if (unset) noteDefaults(schema.properties, unset.planned);
  const blocks = await ask("blocks", filled(schema, "blocks"));
  if (blocks) noteDefaults(schema.properties, blocks.planned);
  // What we gave ourselves is no default.
  for (const p of Object.values(schema.properties)) if (p.wire in (SEEDS[schema.token] ?? {})) delete p.default;
  return complaints;
}

interface Answer {
  replace: { steps: PathStep[] }[];
  planned: WireObject;
}

/** Plans; a text when the plugin refused. */
async function plan(host: Host, schema: TypeSchema, config: WireObject, prior: WireObject | null): Promise<Answer | string> {
  const request = {
    type_name: schema.wire,
    prior_state: toDynamic(prior),
    proposed_new_state: toDynamic(prior && !schema.idFrom ? { ...config, id: prior.id ?? null } : config),
    config: toDynamic(config),
    prior_private: new Uint8Array(0),
  };
  const answer = await host.plan(request).catch((error: unknown) => messageOf(error));
  if (typeof answer === "string") return answer;
  const error = answer.diagnostics.find((d) => d.severity === 1);
  if (error) return `${error.summary} ${error.detail}`.replace(/\s+/g, " ").trim().slice(0, 200);
  return { replace: answer.requires_replace, planned: fromDynamic(answer.planned_state) as WireObject };
}

function filled(schema: TypeSchema, fill: Fill): WireObject {
  const seed = SEEDS[schema.token];
  return withHidden(schema, { ...fields(schema.properties, fill, 0), ...(fill === "all" && schema.token !== KINESIS ? {} : seed) });
}

function withHidden(schema: TypeSchema, config: WireObject): WireObject {
  for (const name of schema.hidden ?? []) config[name.replace("[]", "")] = name.endsWith("[]") ? [] : null;
  if (!schema.idFrom) config.id = null;
  if (schema.timeouts) config.timeouts = null;
  return config;
}

/** A prior state of which nothing but the id is known. */
function blank(schema: TypeSchema): WireObject {
  const state = filled(schema, "nothing");
  if (!schema.idFrom) state.id = "x";
  return state;
}

function fields(properties: { [name: string]: PropertySchema }, fill: Fill, depth: number): WireObject {
  const out: WireObject = {};
  for (const p of Object.values(properties)) out[p.wire] = value(p, fill, depth);
  return out;
}

function value(p: PropertySchema, fill: Fill, depth: number): Wire {
  const inner = p.fields ?? p.element?.fields ?? {};
  if (p.block === "single") return fill === "nothing" ? null : fields(inner, fill, depth + 1);
  if (p.block) return fill === "nothing" || depth > 5 ? [] : [fields(inner, fill, depth + 1)];
  const settable = p.required || p.optional;
  const set = fill === "all" ? settable : fill === "blocks" && depth > 0 && p.required;
  return set ? (UNKNOWN as unknown as Wire) : null;
}

/** Required attributes unknown, the rest unset. */
function withRequired(schema: TypeSchema): WireObject {
  const config = filled(schema, "nothing");
  for (const p of Object.values(schema.properties)) {
    if (p.required) config[p.wire] = p.block ? [fields(p.fields ?? p.element?.fields ?? {}, "blocks", 1)] : (UNKNOWN as unknown as Wire);
  }
  return config;
}

/** One config for each settable property, alone. */
function* singly(schema: TypeSchema): Generator<WireObject> {
  for (const p of Object.values(schema.properties)) {
    if (p.required || p.optional) yield { ...filled(schema, "nothing"), [p.wire]: value(p, "all", 0) };
  }
}

function markForceNew(schema: TypeSchema, answer: Answer | string): void {
  if (typeof answer === "string") return;
  for (const { steps } of answer.replace) {
    let at: PropertySchema | undefined;
    let inside: { [name: string]: PropertySchema } = schema.properties;
    for (const step of steps) {
      if (!step.attribute_name) continue;
      const found = Object.values(inside).find((p) => p.wire === step.attribute_name);
      if (!found) break;
      at = found;
      inside = found.fields ?? found.element?.fields ?? {};
    }
    if (at && (at.required || at.optional)) at.forceNew = true;
  }
}

/** The planned value of what is settable and was not set, if it is a value and not an empty collection. */
function noteDefaults(properties: { [name: string]: PropertySchema }, planned: WireObject): void {
  for (const p of Object.values(properties)) {
    const v = planned[p.wire];
    if (v === undefined || v === null || isUnknown(v)) continue;
    if (p.block) {
      const first = Array.isArray(v) ? v[0] : v;
      const inner = p.fields ?? p.element?.fields;
      if (inner && isPlainObject(first) && !isUnknown(first)) noteDefaults(inner, first as WireObject);
      continue;
    }
    if (!p.optional || p.default !== undefined || typeof v === "object" || v === "") continue;
    p.default = p.wireType && p.type === "number" ? Number(v) : p.wireType && p.type === "boolean" ? v === "true" : v;
  }
}
