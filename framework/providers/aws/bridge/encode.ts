/** Pulumi inputs to the provider's object: every attribute and block present, types converted, one-element lists wrapped. */
import type { Diagnostic } from "../../../base/diagnostics.js";
import { isPlainObject } from "../../../base/json.js";
import { nearest } from "../../../base/nearest.js";
import { hasUnknown, isUnknown, type PropertySchema, UNKNOWN } from "../../../model/index.js";
import type { Wire, WireObject } from "../protocol/codec.js";
import { formatPath, type PathPart } from "./paths.js";

/** What encoding found wrong, with Pulumi paths. */
export type Problems = Diagnostic[];

/** The schema's parts that encoding needs. */
export interface Encodable {
  properties: { [name: string]: PropertySchema };
  hidden?: string[];
  timeouts?: string[];
  idFrom?: string[];
}

/** `config` refuses values for what only the provider sets; `state` takes all. */
export type Mode = "config" | "state";

/**
 * The object of a resource or data source.
 * @param timeouts seconds by operation; only keys that the type has are sent
 * @param problems gets one error per wrong value; the result is then of no use
 */
export function encodeObject(
  schema: Encodable,
  values: { [name: string]: unknown },
  mode: Mode,
  problems: Problems,
  timeouts: { [operation: string]: number | undefined } = {},
): WireObject {
  const out = encodeFields(schema.properties, values, mode, problems, [], new Set(["id"]));
  for (const name of schema.hidden ?? []) {
    if (name.endsWith("[]")) out[name.slice(0, -2)] = [];
    else out[name] = null;
  }
  if (!schema.idFrom && !("id" in schema.properties)) out.id = mode === "state" ? ((values.id as Wire | undefined) ?? null) : null;
  if (schema.timeouts) {
    const given = schema.timeouts.filter((key) => timeouts[key] !== undefined);
    out.timeouts = given.length ? Object.fromEntries(schema.timeouts.map((key) => [key, seconds(timeouts[key])])) : null;
  }
  return out;
}

function seconds(value: number | undefined): string | null {
  return value === undefined ? null : `${value}s`;
}

function encodeFields(
  fields: { [name: string]: PropertySchema },
  values: { [name: string]: unknown },
  mode: Mode,
  problems: Problems,
  path: PathPart[],
  allowed: ReadonlySet<string> = new Set(),
): WireObject {
  const out: WireObject = {};
  for (const [name, p] of Object.entries(fields)) {
    const value = values[name];
    const readOnly = p.computed && !p.optional && !p.required;
    if (mode === "config" && readOnly && value !== undefined && value !== null) {
      problems.push(problem("read-only", `${formatPath([...path, name])} is set by the provider and can't be given`, [...path, name]));
    }
    out[p.wire] = encodeValue(p, value, mode, problems, [...path, name]);
  }
  if (mode === "config") {
    for (const name of Object.keys(values)) {
      if (name in fields || (allowed.has(name) && path.length === 0) || values[name] === undefined) continue;
      const near = nearest(name, Object.keys(fields));
      problems.push(problem("unknown-property", `no such property: ${formatPath([...path, name])}`, [...path, name], near));
    }
  }
  return out;
}

function problem(code: string, message: string, path: readonly PathPart[], suggestion?: string): Diagnostic {
  return { severity: "error", code, message, path: formatPath(path), ...(suggestion ? { suggestion } : {}) };
}

/** One property, nested as the wire wants it. */
function encodeValue(p: PropertySchema, value: unknown, mode: Mode, problems: Problems, path: PathPart[]): Wire {
  if (value === undefined || value === null) return p.block === "list" || p.block === "set" ? [] : null;
  if (isUnknown(value)) return UNKNOWN as unknown as Wire;
  if (!p.maxOne) return encodeBare(p, value, mode, problems, path);
  const isList = p.type === "list" || p.type === "set";
  const items = Array.isArray(value) && !isList && !(p.json && p.type === "string") ? value : [value];
  return items.map((item) => encodeBare(p, item, mode, problems, path));
}

function encodeBare(p: PropertySchema, value: unknown, mode: Mode, problems: Problems, path: PathPart[]): Wire {
  if (isUnknown(value)) return UNKNOWN as unknown as Wire;
  switch (p.type) {
    case "string":
    case "number":
    case "boolean":
      return encodeScalar(p, value, problems, path);
    case "list":
    case "set":
      if (!Array.isArray(value)) return wrong(problems, path, "a list", value);
      return value.map((item, i) => encodeElement(p.element, item, mode, problems, [...path, i]));
    case "map":
      if (!isPlainObject(value)) return wrong(problems, path, "a map", value);
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, v]) => v !== undefined && v !== null)
          .map(([key, v]) => [key, encodeElement(p.element, v, mode, problems, [...path, key])]),
      );
    case "object":
      if (!isPlainObject(value)) return wrong(problems, path, "an object", value);
      return encodeFields(p.fields ?? {}, value, mode, problems, path);
    default:
      return value as Wire;
  }
}

function encodeElement(p: PropertySchema | undefined, value: unknown, mode: Mode, problems: Problems, path: PathPart[]): Wire {
  if (!p) return value as Wire;
  return value === undefined || value === null ? null : encodeBare(p, value, mode, problems, path);
}

function encodeScalar(p: PropertySchema, value: unknown, problems: Problems, path: PathPart[]): Wire {
  const type = p.wireType ?? p.type;
  if (typeof value === "object") {
    if (!p.json) return wrong(problems, path, type === "string" ? "text" : `a ${type}`, value);
    return hasUnknown(value) ? (UNKNOWN as unknown as Wire) : JSON.stringify(value);
  }
  if (type === "string") return String(value);
  if (type === "number") {
    const number = typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
    return Number.isFinite(number) ? number : wrong(problems, path, "a number", value);
  }
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  return wrong(problems, path, "true or false", value);
}

/** The value itself is not shown: it may be a secret. */
function wrong(problems: Problems, path: PathPart[], expected: string, value: unknown): null {
  const got = Array.isArray(value)
    ? "a list"
    : typeof value === "object"
      ? "an object"
      : typeof value === "string"
        ? "text"
        : `a ${typeof value}`;
  problems.push({ ...problem("wrong-type", `${formatPath(path)} is ${got}`, path), expected });
  return null;
}
