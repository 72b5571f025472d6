/** The planned state of a resource: inputs, defaults, what it had, and unknown for what only the cloud will say. */
import { isPlainObject, type Json } from "../../base/json.js";
import type { Props } from "../../model/provider.js";
import type { PropertySchema, TypeSchema } from "../../model/provider-schema.js";
import { hasUnknown, isUnknown, UNKNOWN } from "../../model/values.js";
import { sameValue } from "./compare.js";
import { valueAt } from "./paths.js";
import type { TypeRule } from "./rules.js";

const unknown = UNKNOWN as unknown as Json;

/** Outputs planned for a new resource, before the type's own rules. */
export function plannedNew(schema: TypeSchema, rule: TypeRule | undefined, inputs: Props): Props {
  const out = fillObject(schema.properties, inputs, undefined);
  for (const block of rule?.openBlocks ?? []) open(out, inputs, block.split("."), () => unknown);
  for (const path of rule?.neverUnknown ?? []) dropUnknown(out, path.split("."));
  return out;
}

/** Sets the block at a path to `value()` where the user gave none and what holds it is known. */
function open(out: Json | undefined, inputs: Json | undefined, path: string[], value: () => Json | undefined): void {
  const [key, ...rest] = path;
  if (key === undefined || !isPlainObject(out) || isUnknown(out)) return;
  const given = isPlainObject(inputs) ? (inputs as Props)[key] : undefined;
  if (rest.length > 0) open(out[key] as Json | undefined, given, rest, value);
  else if (given === undefined) {
    const filled = value();
    if (filled !== undefined) out[key] = filled;
  }
}

/** Removes unknown values at a path; lists on the way are passed through. */
function dropUnknown(value: Json, path: string[]): void {
  if (Array.isArray(value)) {
    for (const v of value) dropUnknown(v, path);
    return;
  }
  const [key, ...rest] = path;
  if (key === undefined || !isPlainObject(value) || isUnknown(value)) return;
  const inner = value[key] as Json;
  if (rest.length > 0) dropUnknown(inner, rest);
  else if (isUnknown(inner)) delete value[key];
}

/** Outputs planned for a change of an existing resource. */
export function plannedChange(schema: TypeSchema, rule: TypeRule | undefined, inputs: Props, prior: Props): Props {
  const out = fillObject(schema.properties, inputs, prior);
  for (const block of rule?.openBlocks ?? []) open(out, inputs, block.split("."), () => valueAt(prior, block));
  return out;
}

/** For types without a schema: inputs over what there was. */
export function plannedWithoutSchema(inputs: Props, priorInputs: Props | undefined, prior: Props | undefined): Props {
  const kept: Props = {};
  for (const [key, value] of Object.entries(prior ?? {})) if (!priorInputs || !Object.hasOwn(priorInputs, key)) kept[key] = value;
  return { ...(prior ? kept : { arn: unknown }), ...inputs };
}

function fillObject(fields: { [name: string]: PropertySchema }, inputs: Props, prior: Props | undefined): Props {
  const out: Props = {};
  for (const key of Object.keys(fields).sort()) {
    const value = fill(fields[key] as PropertySchema, inputs[key], prior === undefined ? undefined : (prior[key] ?? null));
    if (value !== undefined && value !== null) out[key] = value;
  }
  return out;
}

/** `prior` undefined: there is no prior resource (or element); null: it had no such value. */
function fill(schema: PropertySchema, input: Json | undefined, prior: Json | undefined): Json | undefined {
  if (input === undefined || input === null) {
    if (schema.computed) return prior === undefined ? (schema.default ?? unknown) : prior;
    return schema.default;
  }
  if (isUnknown(input)) return unknown;
  if (schema.type === "object" && schema.fields && isPlainObject(input)) {
    return fillObject(schema.fields, input as Props, isPlainObject(prior) && !isUnknown(prior) ? (prior as Props) : undefined);
  }
  // The provider's SDK can't tell the elements of a set apart before all are known.
  if (schema.type === "set" && !schema.element?.fields && hasUnknown(input)) return unknown;
  const inner = schema.element;
  if ((schema.type === "list" || schema.type === "set") && inner?.fields && Array.isArray(input)) {
    const before = Array.isArray(prior) ? prior : [];
    if (schema.type === "list") return input.map((v, i) => fill(inner, v, before[i]) ?? null);
    const left = [...before];
    return input.map((v) => {
      const at = left.findIndex((p) => matches(inner, v, p));
      return fill(inner, v, at < 0 ? undefined : left.splice(at, 1)[0]) ?? null;
    });
  }
  return input;
}

/** An element of a set is the same one if all that the user gave is equal, in it and in the objects inside it. */
function matches(schema: PropertySchema, input: Json, prior: Json): boolean {
  if (!schema.fields || !isPlainObject(input) || !isPlainObject(prior)) return sameValue(schema, input, prior);
  return Object.entries(schema.fields).every(([key, f]) => {
    const given = (input as Props)[key];
    if ((given === undefined || given === null) && f.computed) return true;
    return matches(f, (given ?? f.default) as Json, (prior as Props)[key] as Json);
  });
}
