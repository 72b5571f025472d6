/** What differs between two states of the provider. Sets have no order; an empty list or map counts as none. */
import { canonicalJson, isPlainObject, jsonEqual } from "../../../base/json.js";
import { isUnknown, type PropertySchema } from "../../../model/index.js";
import type { Wire, WireObject } from "../protocol/codec.js";
import { formatPath, type PathPart } from "./paths.js";

/** Pulumi paths of the differences, in schema order. An unknown differs from everything. */
export function changedPaths(properties: { [name: string]: PropertySchema }, before: WireObject, after: WireObject): string[] {
  const paths: string[] = [];
  compareFields(properties, before, after, [], paths);
  return paths;
}

function compareFields(
  fields: { [name: string]: PropertySchema },
  before: WireObject,
  after: WireObject,
  path: PathPart[],
  paths: string[],
): void {
  for (const [name, p] of Object.entries(fields)) compare(p, before[p.wire] ?? null, after[p.wire] ?? null, [...path, name], paths);
}

function compare(p: PropertySchema, a: Wire, b: Wire, path: PathPart[], paths: string[]): void {
  const before = normal(p, a);
  const after = normal(p, b);
  if (jsonEqual(before, after)) return;
  if (before === null || after === null || isUnknown(before) || isUnknown(after)) {
    paths.push(formatPath(path));
    return;
  }
  if (p.maxOne && Array.isArray(before) && Array.isArray(after) && p.fields) {
    compareFields(p.fields, before[0] as WireObject, after[0] as WireObject, path, paths);
    return;
  }
  if (p.type === "object" && p.fields && isPlainObject(before) && isPlainObject(after)) {
    compareFields(p.fields, before as WireObject, after as WireObject, path, paths);
    return;
  }
  if (p.type === "list" && p.element && Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((item, i) => {
      compare(p.element as PropertySchema, item, after[i] as Wire, [...path, i], paths);
    });
    return;
  }
  if (p.type === "map" && isPlainObject(before) && isPlainObject(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      if (!jsonEqual(before[key] ?? null, after[key] ?? null)) paths.push(formatPath([...path, key]));
    }
    return;
  }
  paths.push(formatPath(path));
}

/** A form in which equal values are equal JSON: sets sorted, empty collections null. */
function normal(p: PropertySchema, value: Wire): Wire {
  if (value === null || isUnknown(value)) return value;
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    const inner = p.maxOne ? { ...p, maxOne: false } : p.element;
    const items = inner ? value.map((item) => normal(inner, item)) : value;
    return p.type === "set" && !p.maxOne ? items.sort(byText) : items;
  }
  if (!isPlainObject(value)) return value;
  if (p.type === "map") return Object.keys(value).length === 0 ? null : (value as Wire);
  const out: WireObject = {};
  for (const field of Object.values(p.fields ?? {})) out[field.wire] = normal(field, (value[field.wire] ?? null) as Wire);
  return out;
}

function byText(a: Wire, b: Wire): number {
  const x = canonicalJson(a);
  const y = canonicalJson(b);
  return x < y ? -1 : x > y ? 1 : 0;
}
