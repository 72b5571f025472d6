/** Canonical JSON: the same value gives the same bytes, whatever order its keys were made in. */
import { createHash } from "node:crypto";

/** Plain JSON data. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** True for a plain object: not null, not an array, not a class instance. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/** Canonical text: keys sorted by code unit at every level, no members that are undefined; `indent` spaces (default 0, one line). */
export function canonicalJson(value: unknown, indent = 0): string {
  return JSON.stringify(inOrder(value), null, indent);
}

/** The value with sorted keys. What has them already is not copied: most of a state, which was read from canonical text. */
export function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return listInOrder(value);
  const from = value as Record<string, unknown>;
  const keys = Object.keys(from);
  // An object without prototype would be written half as fast.
  const asItIs = Object.getPrototypeOf(from) === Object.prototype && isSorted(keys);
  let copy: Record<string, unknown> | undefined = asItIs ? undefined : {};
  for (const key of asItIs ? keys : keys.sort()) {
    const done = inOrder(from[key]);
    if (copy === undefined && done === from[key]) continue;
    copy ??= { ...from };
    if (key === "__proto__") Object.defineProperty(copy, key, { value: done, enumerable: true });
    else copy[key] = done;
  }
  return copy ?? from;
}

function listInOrder(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const done = inOrder(list[i]);
    if (done === list[i]) continue;
    copy ??= [...list];
    copy[i] = done;
  }
  return copy ?? list;
}

function isSorted(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  return true;
}

/** Lower-case hex SHA-256 of text or bytes. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Lower-case hex SHA-256 of the canonical JSON of a value. */
export function hashJson(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** Deep equality of JSON values; object key order does not count, a member that is undefined counts as absent. */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a)) {
    const other = b as unknown[];
    return a.length === other.length && a.every((v, i) => jsonEqual(v, other[i]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) if (!jsonEqual(left[key], right[key])) return false;
  return true;
}
