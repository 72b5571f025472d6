/** Items of one list that have the same name: overlays merge by it, and most of AWS takes each once. */
import { isPlainObject } from "../base/json.js";
import { allowsSameNames } from "../model/fields.js";
import type { PathSegment } from "../model/paths.js";
import { fieldNames, type Schema, schemasAt } from "../model/schema-walk.js";
import { isLeaf } from "./layered.js";

/** Fields by which items are told apart, the first that an item's schema has. */
const KEYS = ["name", "id"] as const;

/** A second item of a name; `path`: the item. */
export interface Repeated {
  path: PathSegment[];
  message: string;
}

/** All of them, in lists whose schema does not allow it. */
export function repeatedNames(schema: Schema, value: unknown, path: PathSegment[] = []): Repeated[] {
  if (isLeaf(value)) return [];
  const own = Array.isArray(value) ? inList(schema, value, path) : [];
  const kids = Array.isArray(value) ? value.entries() : Object.entries(value as object);
  return [...own, ...[...kids].flatMap(([key, item]: [PathSegment, unknown]) => repeatedNames(schema, item, [...path, key]))];
}

function inList(schema: Schema, list: readonly unknown[], path: PathSegment[]): Repeated[] {
  for (const key of KEYS) {
    const names = list.map((item) => (isPlainObject(item) && typeof item[key] === "string" ? item[key] : undefined));
    const again = names.flatMap((name, i) => (name !== undefined && names.indexOf(name) < i ? [{ name, i }] : []));
    if (again.length === 0 || !isChecked(schema, path, key)) continue;
    return again.map(({ name, i }) => ({ path: [...path, i], message: `two of the list have the ${key} "${name}"` }));
  }
  return [];
}

/** The schema knows the items, and the field by which they are told apart. */
function isChecked(schema: Schema, path: readonly PathSegment[], key: string): boolean {
  return fieldNames(schemasAt(schema, [...path, 0])).includes(key) && !schemasAt(schema, path).some(allowsSameNames);
}
