/** Fills in what the cloud decides: ids, ARNs, computed outputs. */
import type { Json } from "../../base/json.js";
import type { Props } from "../../model/provider.js";
import type { PropertySchema, TypeSchema } from "../../model/provider-schema.js";
import { hasUnknown, isUnknown, UNKNOWN } from "../../model/values.js";
import { IMPORT_IDS } from "./data/import-ids.js";
import type { TypeRule } from "./rules.js";
import { render, type TemplateContext } from "./template.js";

/** What plan can tell although the schema says "computed": tagsAll, and the rule's `planned`. */
export function fillPlanned(
  schema: TypeSchema | undefined,
  rule: TypeRule | undefined,
  outputs: Props,
  inputs: Props,
  prior: Props | undefined,
  context: TemplateContext,
): Props {
  const out = { ...outputs };
  if (schema?.properties.tagsAll) {
    if (inputs.tags !== undefined && !hasUnknown(inputs.tags)) out.tagsAll = inputs.tags;
    else if (inputs.tags !== undefined) out.tagsAll = UNKNOWN as unknown as Json;
  }
  for (const [key, template] of Object.entries(rule?.planned ?? {})) {
    if (inputs[key] !== undefined) continue;
    const value = render(template, out, context);
    if (hasUnknown(value) && prior?.[key] !== undefined) continue;
    if (value === undefined) delete out[key];
    else out[key] = value;
  }
  return out;
}

/** Marks what a change of `changed` paths will compute anew as unknown. */
export function forgetRecomputed(rule: TypeRule | undefined, outputs: Props, inputs: Props, changed: string[]): Props {
  const out = { ...outputs };
  const names = new Set(changed.map((path) => path.split(/[.[]/)[0] as string));
  for (const [key, causes] of Object.entries(rule?.recomputed ?? {}))
    if (inputs[key] === undefined && (causes.includes("*") ? names.size > 0 : causes.some((c) => names.has(c))))
      out[key] = UNKNOWN as unknown as Json;
  return out;
}

/** Id and outputs of a new or changed resource, nothing unknown left. `knownId` is the id of one that exists. `id` is "" if the rule's template can't be filled. */
export function fillComputed(
  type: string,
  schema: TypeSchema | undefined,
  rule: TypeRule | undefined,
  planned: Props,
  context: TemplateContext,
  knownId?: string,
): { id: string; outputs: Props } {
  const out: Props = knownId === undefined ? {} : { id: knownId };
  const open = new Map<string, Json>(knownId === undefined ? [["id", UNKNOWN as unknown as Json]] : []);
  for (const [key, value] of Object.entries(planned))
    if (isUnknown(value) || (hasUnknown(value) && rule?.computed?.[key] !== undefined)) open.set(key, value);
    else out[key] = value;
  const settle = (key: string, template: Json) => {
    if (!open.has(key)) return;
    const value = render(template, out, context);
    if (value === undefined) return;
    out[key] = value;
    open.delete(key);
  };
  const naming = schema?.naming?.property;
  if (naming && open.has(naming) && rule?.computed?.[naming] === undefined)
    settle(naming, `${schema.naming?.prefix ?? ""}local-{random:12}`);
  const computed = Object.entries(rule?.computed ?? {});
  for (const [key, template] of computed) if (!usesId(template)) settle(key, template);
  settle("id", rule?.id ?? `${idPrefix(type)}-{hex:17}`);
  settle("arn", rule?.arn ?? `arn:{partition}:${type.split(/[:/]/)[1] ?? "local"}:{region}:{account}:${idPrefix(type)}/{id}`);
  for (const [key, template] of computed) settle(key, template);
  const { id, ...outputs } = out;
  for (const key of open.keys()) {
    if (key === "id") continue;
    const value = plainValue(key, schema?.properties[key], outputs, context, rule !== undefined);
    if (value !== null) outputs[key] = value;
  }
  for (const key of Object.keys(outputs)) outputs[key] = fillInside(schema?.properties[key], outputs[key] as Json);
  return { id: typeof id === "string" ? id : "", outputs };
}

function usesId(template: Json): boolean {
  return JSON.stringify(template).includes("{id") || JSON.stringify(template).includes("{arn");
}

function idPrefix(type: string): string {
  return (type.split(":").pop() ?? "resource").replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
}

/** A value for a computed output that no rule speaks of. */
function plainValue(key: string, schema: PropertySchema | undefined, outputs: Props, context: TemplateContext, ruled: boolean): Json {
  if (/^(owner|account|registry|catalog)Id$|^owner$/.test(key)) return context.account;
  if (key === "region") return context.region;
  switch (schema?.type) {
    case "boolean":
      return false;
    case "number":
      return 0;
    case "list":
    case "set":
      return [];
    case "map":
      return {};
    case "object":
      return null;
    default:
      if (ruled) return "";
      if (/Arn$/.test(key)) return `${String(outputs.arn ?? "arn:aws:local")}/${key}`;
      if (/Id$/.test(key)) return `${key.slice(0, -2).toLowerCase()}-10ca1${context.hex(12)}`;
      return "";
  }
}

/** Unknown parts inside a known value. */
function fillInside(schema: PropertySchema | undefined, value: Json): Json {
  if (!hasUnknown(value)) return value;
  if (isUnknown(value))
    return schema?.type === "number"
      ? 0
      : schema?.type === "boolean"
        ? false
        : schema?.type === "list" || schema?.type === "set"
          ? []
          : schema?.type === "map"
            ? {}
            : schema?.type === "object"
              ? null
              : "";
  if (Array.isArray(value)) return value.map((v) => fillInside(schema?.element, v));
  return Object.fromEntries(
    Object.entries(value as { [key: string]: Json }).map(([k, v]) => [
      k,
      fillInside(schema?.type === "object" ? schema.fields?.[k] : schema?.element, v),
    ]),
  );
}

/** The import id. */
export function importIdOf(type: string, rule: TypeRule | undefined, id: string, outputs: Props, context: TemplateContext): string {
  return String(render((rule ? rule.importId : IMPORT_IDS[type]) ?? "{id}", { ...outputs, id }, context) ?? id);
}
