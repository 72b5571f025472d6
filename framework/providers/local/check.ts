/** Inputs against the schema: unknown and missing properties, wrong types; and inputs put into the shape that the provider works with. */
import type { Diagnostic } from "../../base/diagnostics.js";
import { canonicalJson, isPlainObject, type Json } from "../../base/json.js";
import { nearest } from "../../base/nearest.js";
import type { Props } from "../../model/provider.js";
import type { PropertySchema, TypeSchema } from "../../model/provider-schema.js";
import { isUnknown } from "../../model/values.js";
import { joinPath } from "../../base/property-path.js";
import { valueAt } from "./paths.js";
import type { TypeRule } from "./rules.js";

type Fields = { [name: string]: PropertySchema };

/** All problems of the inputs of one resource; paths are property paths. */
export function checkInputs(schema: TypeSchema, rule: TypeRule | undefined, inputs: Props): Diagnostic[] {
  const found: Diagnostic[] = [];
  checkObject(schema.properties, inputs, "", found);
  for (const group of rule?.oneOf ?? []) {
    if (group.some((path) => valueAt(inputs, path) !== undefined)) continue;
    found.push(problem("missing-property", `one of ${group.map((g) => `"${g}"`).join(", ")} must be set`, group[0] ?? ""));
  }
  return found;
}

function checkObject(fields: Fields, value: { [key: string]: Json }, path: string, found: Diagnostic[]): void {
  for (const [key, v] of Object.entries(value)) {
    const at = joinPath(path, key);
    const schema = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!schema) {
      const suggestion = nearest(
        key,
        Object.keys(fields).filter((f) => isInput(fields[f])),
      );
      found.push({ ...problem("unknown-property", `there is no property "${key}"`, at), ...(suggestion ? { suggestion } : {}) });
    } else if (v !== null && !isInput(schema))
      found.push(problem("read-only-property", `"${key}" is given by the provider and can't be set`, at));
    else checkValue(schema, v, at, found);
  }
  for (const [key, schema] of Object.entries(fields))
    if (schema.required && (value[key] === undefined || value[key] === null))
      found.push(problem("missing-property", `"${key}" is required`, joinPath(path, key)));
}

/** True for a property that may be given. */
export function isInput(schema: PropertySchema | undefined): boolean {
  return schema !== undefined && (schema.required === true || schema.optional === true || !schema.computed);
}

function checkValue(schema: PropertySchema, value: Json, path: string, found: Diagnostic[]): void {
  if (value === null || isUnknown(value) || schema.type === "any") return;
  const wrong = (expected: string) =>
    found.push({ ...problem("wrong-type", `${Array.isArray(value) ? "a list" : `a ${typeof value}`} was given`, path), expected });
  switch (schema.type) {
    case "list":
    case "set":
      if (!Array.isArray(value)) wrong("a list");
      else if (schema.element) for (const [i, v] of value.entries()) checkValue(schema.element, v, joinPath(path, i), found);
      return;
    case "map":
      if (!isPlainObject(value)) wrong("a map");
      else if (schema.element) for (const [k, v] of Object.entries(value)) checkValue(schema.element, v as Json, joinPath(path, k), found);
      return;
    case "object":
      if (!isPlainObject(value)) wrong("an object");
      else if (schema.fields) checkObject(schema.fields, value as { [key: string]: Json }, path, found);
      return;
    case "string":
      if (typeof value === "object" && !(schema.json || schema.asset)) wrong("text");
      return;
    case "number":
      if (typeof value !== "number" && !(typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))))
        wrong("a number");
      return;
    case "boolean":
      if (typeof value !== "boolean" && value !== "true" && value !== "false") wrong("true or false");
  }
}

function problem(code: string, message: string, path: string): Diagnostic {
  return { severity: "error", code, message, path };
}

/** Inputs in the schema's types: numbers given as text become numbers, JSON documents given as objects become text, nulls are dropped. */
export function normalizeInputs(schema: TypeSchema, inputs: Props): Props {
  return normalizeObject(schema.properties, inputs);
}

function normalizeObject(fields: Fields, value: { [key: string]: Json }): Props {
  const out: Props = {};
  for (const key of Object.keys(value)) {
    const v = value[key];
    if (v === null || v === undefined) continue;
    out[key] = normalize(fields[key], v);
  }
  return out;
}

function normalize(schema: PropertySchema | undefined, value: Json): Json {
  if (!schema || value === null || isUnknown(value)) return value;
  if (Array.isArray(value)) return value.map((v) => normalize(schema.element, v));
  if (schema.type === "string") {
    if (typeof value === "object") return schema.json ? canonicalJson(value) : value;
    return String(value);
  }
  if (schema.type === "number" && typeof value === "string") return Number(value);
  if (schema.type === "boolean" && typeof value === "string") return value === "true";
  if (isPlainObject(value)) {
    if (schema.type === "object" && schema.fields) return normalizeObject(schema.fields, value as Props);
    if (schema.type === "map") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, normalize(schema.element, v as Json)]));
  }
  return value;
}
