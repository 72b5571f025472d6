/** What differs between two states of a resource, as the provider sees it: sets without order, JSON texts by structure, empty as absent. */
import { canonicalJson, isPlainObject, type Json, jsonEqual } from "../../base/json.js";
import type { PropertySchema } from "../../model/provider-schema.js";
import { hasUnknown, isUnknown } from "../../model/values.js";
import { joinPath } from "../../base/property-path.js";

/** One difference. */
export interface Difference {
  path: string;
  /** It forces a replacement. */
  replaces: boolean;
}

/** Differences of `after` from `before`, by path. `overrides` are a rule's forceNew. */
export function differences(
  fields: { [name: string]: PropertySchema },
  before: { [key: string]: Json },
  after: { [key: string]: Json },
  overrides: { [path: string]: boolean } = {},
): Difference[] {
  const out: Difference[] = [];
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort())
    compare(fields[key], before[key], after[key], key, false, overrides, out);
  return out;
}

function compare(
  schema: PropertySchema | undefined,
  before: Json | undefined,
  after: Json | undefined,
  path: string,
  inherited: boolean,
  overrides: { [path: string]: boolean },
  out: Difference[],
): void {
  if (sameValue(schema, before, after)) return;
  const override = overrides[path.replace(/\[\d+\]/g, "")];
  const replaces = override ?? (inherited || schema?.forceNew === true);
  // Of a list of blocks the flag is about their number (SDK v2, schemaMap.diffList): inside, each attribute has its own.
  const within = schema?.block === "list" ? (override ?? false) : replaces;
  const isObject =
    isPlainObject(before) && isPlainObject(after) && !isUnknown(after) && (schema?.type === "object" || schema?.type === "map");
  if (isObject) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort())
      compare(
        schema.type === "map" ? schema.element : schema.fields?.[key],
        before[key] as Json,
        after[key] as Json,
        joinPath(path, key),
        within,
        overrides,
        out,
      );
    return;
  }
  if (schema?.type === "list" && Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [i, v] of after.entries()) compare(schema.element, before[i], v, joinPath(path, i), within, overrides, out);
    return;
  }
  out.push({ path, replaces: replaces || innerReplaces(schema, before, after) });
}

/** A set or a list that grew: it replaces if an attribute inside that is set forces one. */
function innerReplaces(schema: PropertySchema | undefined, before: Json | undefined, after: Json | undefined): boolean {
  const fields = schema?.fields ?? schema?.element?.fields;
  if (!fields) return schema?.element?.forceNew === true;
  const items = [before, after].flatMap((v) => (Array.isArray(v) ? v : v === undefined || v === null ? [] : [v]));
  return Object.entries(fields).some(([key, f]) => f.forceNew && items.some((i) => isPlainObject(i) && !isEmpty(i[key] as Json)));
}

/** Equality as the provider means it. */
export function sameValue(schema: PropertySchema | undefined, a: Json | undefined, b: Json | undefined): boolean {
  if (isUnknown(a) || isUnknown(b)) return isUnknown(a) && isUnknown(b);
  if (isEmpty(a) && isEmpty(b)) return true;
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return false;
    if (schema?.type === "set") return sameSet(schema, a, b);
    return a.every((v, i) => sameValue(schema?.element, v, b[i]));
  }
  if (isPlainObject(a) && isPlainObject(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    const child = (key: string) => (schema?.type === "object" ? schema.fields?.[key] : schema?.element);
    return [...keys].every((k) => sameValue(child(k), a[k] as Json, b[k] as Json));
  }
  if (typeof a === "string" && typeof b === "string") return a === b || (/^\s*[{[]/.test(a) && sameDocument(a, b));
  return jsonEqual(a, b) || String(a) === String(b);
}

function sameSet(schema: PropertySchema, a: Json[], b: Json[]): boolean {
  const left = [...b];
  return a.every((v) => {
    const at = left.findIndex((w) => sameValue(schema.element, v, w));
    if (at < 0) return false;
    left.splice(at, 1);
    return true;
  });
}

function sameDocument(a: string, b: string): boolean {
  try {
    return canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b));
  } catch {
    return false;
  }
}

/** Absent, or the zero value: the provider's SDK does not tell them apart. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlainObject(value) && !hasUnknown(value) && Object.values(value).every((v) => isEmpty(v as Json));
}
