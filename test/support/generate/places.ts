/**
 * Places of a schema: what must be drawn at least once. A field is `a.b`, a list's items `a[]`, a map's values `a{}`, a branch of a
 * union `a|0`. Amounts (CPU, memory, duration) have the branches `|number` and `|text`.
 */
import { z } from "zod";
import { isPlainObject } from "../../../framework/base/json.js";
import { type FieldSort, sortOf } from "../../../framework/model/fields.js";
import { branches, defOf, type Schema } from "../../../framework/model/schema-walk.js";
import { isRef, isText } from "../../../framework/model/values.js";

/** A place and the schema of what stands there. */
export interface Place {
  id: string;
  schema: Schema;
}

const AMOUNTS: readonly (FieldSort | undefined)[] = ["cpu", "memory", "duration"];

/** True for fields that are written as a number or as text with a unit. */
export function isAmount(schema: Schema): boolean {
  return AMOUNTS.includes(sortOf(schema));
}

/** True if nothing of the schema lies below it. */
export function isLeaf(schema: Schema): boolean {
  if (sortOf(schema) !== undefined) return true;
  return branches(schema).length === 1 && !["object", "array", "record"].includes(defOf(schema).type);
}

/** All places of a schema, outermost first. */
export function placesOf(schema: Schema, path = ""): Place[] {
  if (isAmount(schema)) return ["number", "text"].map((form) => ({ id: `${path}|${form}`, schema }));
  if (sortOf(schema) !== undefined) return [];
  const options = branches(schema);
  if (options.length > 1)
    return options.flatMap((option, i) => [{ id: `${path}|${i}`, schema: option }, ...placesOf(option, `${path}|${i}`)]);
  const def = defOf(schema);
  if (def.type === "object")
    return Object.entries(def.shape ?? {}).flatMap(([key, child]) => [
      { id: fieldId(path, key), schema: child },
      ...placesOf(child, fieldId(path, key)),
    ]);
  if (def.type === "array" && def.element) return placesOf(def.element, `${path}[]`);
  if (def.type === "record" && def.valueType) return placesOf(def.valueType, `${path}{}`);
  return [];
}

/** The place of a field. */
export function fieldId(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

/** The places that a value stands at. */
export function placesIn(schema: Schema, value: unknown, path = ""): string[] {
  if (isAmount(schema)) return [`${path}|${typeof value === "number" ? "number" : "text"}`];
  if (sortOf(schema) !== undefined || isRef(value) || isText(value)) return [];
  const options = branches(schema);
  if (options.length > 1) {
    const at = options.findIndex((option) => z.safeParse(option, value).success);
    return at < 0 ? [] : [`${path}|${at}`, ...placesIn(options[at] as Schema, value, `${path}|${at}`)];
  }
  const def = defOf(schema);
  if (Array.isArray(value) && def.element) return value.flatMap((item) => placesIn(def.element as Schema, item, `${path}[]`));
  if (!isPlainObject(value)) return [];
  if (def.type === "record" && def.valueType)
    return Object.values(value).flatMap((item) => placesIn(def.valueType as Schema, item, `${path}{}`));
  return Object.entries(value).flatMap(([key, item]) => {
    const child = def.shape?.[key];
    return child ? [fieldId(path, key), ...placesIn(child, item, fieldId(path, key))] : [];
  });
}

/** True if the way to `target` leads through `path`. */
export function leadsTo(path: string, target: string | undefined): boolean {
  if (target === undefined) return false;
  return target === path || path === "" || (target.startsWith(path) && ".[{|".includes(target[path.length] ?? " "));
}
