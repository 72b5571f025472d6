/** YAML's spellings: a number or boolean may be written as text wherever one is due, and text as an unquoted number or boolean. */
import { isPlainObject } from "../base/json.js";
import { checkValue } from "./check-value.js";
import { sortOf } from "./fields.js";
import type { PathSegment } from "./paths.js";
import { isRef, isText } from "./values.js";
import { branches, childOf, defOf, type Schema } from "./schema-walk.js";

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$|^0x[0-9a-fA-F]+$|^0o[0-7]+$/;

/**
 * A copy of `value` with spellings made what the schema wants; what does not fit stays as it is, for the check to report.
 * `literal(path)` says that the part is final and keeps its type (TypeScript).
 */
export function coerce(
  schema: Schema,
  value: unknown,
  literal: (path: readonly PathSegment[]) => boolean,
  path: PathSegment[] = [],
): unknown {
  const options = branches(schema);
  if (options.length > 1) return coerceUnion(schema, options, value, literal, path);
  const only = options[0] as Schema;
  if (Array.isArray(value)) {
    return value.map((item, i) => {
      const inner = childOf(only, i)[0];
      return inner ? coerce(inner, item, literal, [...path, i]) : item;
    });
  }
  if (isPlainObject(value)) {
    const out = Object.create(null) as Record<string, unknown>;
    for (const [k, v] of Object.entries(value)) {
      const inner = childOf(only, k)[0];
      out[k] = inner ? coerce(inner, v, literal, [...path, k]) : v;
    }
    return out;
  }
  return literal(path) ? value : coerceLeaf(only, value);
}

/** The branch that takes the value as it is; else the first that takes it after coercion; else what the closest branch makes of it. */
function coerceUnion(
  schema: Schema,
  options: Schema[],
  value: unknown,
  literal: (path: readonly PathSegment[]) => boolean,
  path: PathSegment[],
): unknown {
  if (isLeafValue(value) && (literal(path) || checkValue(schema, value).success)) return value;
  let best: { value: unknown; issues: number } | undefined;
  for (const option of options) {
    const coerced = coerce(option, value, literal, path);
    const result = checkValue(option, coerced);
    if (result.success) return coerced;
    const issues = result.error.issues.some((i) => i.path.length === 0 && i.code === "invalid_type") ? 1000 : result.error.issues.length;
    if (!best || issues < best.issues) best = { value: coerced, issues };
  }
  return best ? best.value : value;
}

function coerceLeaf(schema: Schema, value: unknown): unknown {
  const sort = sortOf(schema);
  const def = defOf(schema);
  const type = def.type;
  if (typeof value === "number" || typeof value === "boolean") {
    if (sort === "text" || sort === "plain-text" || type === "string") return String(value);
    if (type === "enum" && Object.values(def.entries ?? {}).includes(String(value))) return String(value);
    if (type === "literal" && (def.values ?? []).includes(String(value))) return String(value);
    return value;
  }
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (type === "number" || type === "int") return NUMBER.test(text) ? Number(text) : value;
  if (type === "boolean") {
    const lower = text.toLowerCase();
    return lower === "true" ? true : lower === "false" ? false : value;
  }
  if (type === "literal" && NUMBER.test(text) && (def.values ?? []).includes(Number(text))) return Number(text);
  return value;
}

function isLeafValue(value: unknown): boolean {
  return typeof value !== "object" || value === null || isRef(value) || isText(value);
}
