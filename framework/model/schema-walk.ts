/** Reading zod schemas: what is under a key, what a field is called, what text or number is due. */
import type { z } from "zod";
import { sortOf, unwrap } from "./fields.js";
import type { PathSegment } from "./paths.js";

/** Any zod schema. */
export type Schema = z.core.$ZodType;

interface Def {
  type: string;
  shape?: Record<string, Schema>;
  element?: Schema;
  valueType?: Schema;
  options?: Schema[];
  items?: Schema[];
  in?: Schema;
  getter?: () => Schema;
  entries?: Record<string, string | number>;
  values?: unknown[];
}

/** The definition of a schema under its wrappers (optional, default, lazy, pipes: the side that is written). */
export function defOf(schema: Schema): Def {
  let inner = unwrap(schema);
  for (;;) {
    const def = inner._zod.def as unknown as Def;
    if (def.type === "lazy" && def.getter) inner = unwrap(def.getter());
    else if (def.type === "pipe" && def.in && (def.in._zod.def as unknown as Def).type !== "transform") inner = unwrap(def.in);
    else return def;
  }
}

/** The branches of a union, or the schema itself. */
export function branches(schema: Schema): Schema[] {
  const def = defOf(schema);
  return def.type === "union" && def.options ? def.options.flatMap(branches) : [schema];
}

/** The schemas of the part at a path: several where unions are on the way. */
export function schemasAt(schema: Schema, path: readonly PathSegment[]): Schema[] {
  let at = branches(schema);
  for (const segment of path) at = at.flatMap((s) => childOf(s, segment)).flatMap(branches);
  return at;
}

/** The schema of a key or item of a schema that is not a union. */
export function childOf(schema: Schema, segment: PathSegment): Schema[] {
  const def = defOf(schema);
  if (def.type === "object" && def.shape) return Object.hasOwn(def.shape, segment) ? [def.shape[segment] as Schema] : [];
  if (def.type === "record" && def.valueType) return [def.valueType];
  if (def.type === "array" && def.element) return [def.element];
  if (def.type === "tuple" && def.items && typeof segment === "number") return def.items[segment] ? [def.items[segment] as Schema] : [];
  return [];
}

/** Names of fields at a schema; empty where it is no object. */
export function fieldNames(schemas: readonly Schema[]): string[] {
  return [...new Set(schemas.flatMap((s) => Object.keys(defOf(s).shape ?? {})))];
}

/** What a schema wants, in words: `a number from 1 to 35`, `text`, `one of a, b`. */
export function wanted(schema: Schema): string {
  const sort = sortOf(schema);
  if (sort === "text" || sort === "plain-text") return "text";
  if (sort === "cpu") return "CPU units (256), millicores (256m) or vCPU (0.25 vCPU)";
  if (sort === "memory") return "MiB (512), 512Mi, 1Gi or 0.5 GB";
  if (sort === "duration") return "seconds (30), 30s, 5m, 2h or 1d";
  const def = defOf(schema);
  switch (def.type) {
    case "string":
      return "text";
    case "number":
    case "int":
      return numberWanted(schema);
    case "boolean":
      return "true or false";
    case "enum":
      return `one of ${Object.values(def.entries ?? {}).join(", ")}`;
    case "literal":
      return (def.values ?? []).map(String).join(", ");
    case "object":
      return `a map${fieldNames([schema]).length > 0 ? ` of ${shortList(fieldNames([schema]))}` : ""}`;
    case "record":
      return "a map";
    case "array":
    case "tuple":
      return "a list";
    case "union":
      return [...new Set(branches(schema).map(wanted))].join(" or ");
    default:
      return "another value";
  }
}

function numberWanted(schema: Schema): string {
  const number = unwrap(schema) as unknown as { minValue?: number | null; maxValue?: number | null; isInt?: boolean };
  const min = number.minValue ?? Number.NEGATIVE_INFINITY;
  const max = number.maxValue ?? Number.POSITIVE_INFINITY;
  const low = min > Number.MIN_SAFE_INTEGER ? min : undefined;
  const high = max < Number.MAX_SAFE_INTEGER ? max : undefined;
  const noun = number.isInt ? "a whole number" : "a number";
  if (low !== undefined && high !== undefined) return `${noun} from ${low} to ${high}`;
  if (low !== undefined) return `${noun}, ${low} or more`;
  if (high !== undefined) return `${noun}, at most ${high}`;
  return noun;
}

function shortList(names: readonly string[]): string {
  return names.length > 15 ? `${names.slice(0, 15).join(", ")} ...` : names.join(", ");
}
