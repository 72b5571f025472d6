/** The proposed new state that a plan call wants: the config, with the prior's values where the provider decides. */
import { isPlainObject, jsonEqual } from "../../../base/json.js";
import { isUnknown, type PropertySchema } from "../../../model/index.js";
import type { Wire, WireObject } from "../protocol/codec.js";
import type { Encodable } from "./encode.js";

/**
 * Merges config and prior as plugin protocol 5 asks of a host.
 * @param prior null for a create: what the provider computes stays null then, the provider makes it unknown
 */
export function proposedState(schema: Encodable, prior: WireObject | null, config: WireObject): WireObject {
  const out = mergeFields(schema.properties, prior, config);
  if ("id" in config) out.id = prior?.id ?? null;
  if ("timeouts" in config) out.timeouts = config.timeouts ?? null;
  for (const name of schema.hidden ?? []) {
    const wire = name.replace("[]", "");
    out[wire] = prior?.[wire] ?? config[wire] ?? null;
  }
  return out;
}

function mergeFields(fields: { [name: string]: PropertySchema }, prior: WireObject | null, config: WireObject): WireObject {
  const out: WireObject = {};
  for (const p of Object.values(fields)) {
    out[p.wire] = merge(p, prior?.[p.wire] ?? null, config[p.wire] ?? null);
  }
  return out;
}

function merge(p: PropertySchema, prior: Wire, config: Wire): Wire {
  if (!p.block) return config === null && p.computed ? prior : config;
  if (config === null || isUnknown(config)) return config;
  const fields = (p.block !== "single" && !p.maxOne ? p.element?.fields : p.fields) ?? {};
  if (p.block === "single") return mergeFields(fields, objectOrNull(prior), config as WireObject);
  const items = Array.isArray(config) ? config : [];
  const old = Array.isArray(prior) ? prior : [];
  if (p.block === "list") return items.map((item, i) => mergeItem(fields, old[i] ?? null, item));
  const unused = [...old];
  return items.map((item) => {
    const at = unused.findIndex((candidate) => matches(fields, candidate, item));
    return mergeItem(fields, at < 0 ? null : (unused.splice(at, 1)[0] as Wire), item);
  });
}

function mergeItem(fields: { [name: string]: PropertySchema }, prior: Wire, item: Wire): Wire {
  return isPlainObject(item) && !isUnknown(item) ? mergeFields(fields, objectOrNull(prior), item as WireObject) : item;
}

function objectOrNull(value: Wire): WireObject | null {
  return isPlainObject(value) && !isUnknown(value) ? (value as WireObject) : null;
}

/** Is this element of a set the prior form of that one: equal but for what is computed and unset? */
function matches(fields: { [name: string]: PropertySchema }, prior: Wire, item: Wire): boolean {
  const before = objectOrNull(prior);
  const now = objectOrNull(item);
  if (!before || !now) return false;
  return Object.values(fields).every((p) => {
    const value = now[p.wire] ?? null;
    if (value === null && p.computed) return true;
    if (p.block && Array.isArray(value)) return jsonEqual(merge(p, before[p.wire] ?? null, value), before[p.wire] ?? null);
    return jsonEqual(value, before[p.wire] ?? null);
  });
}
