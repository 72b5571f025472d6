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

/** A copy with keys sorted by code unit at every level and undefined members dropped. */
export function sortKeys(value: unknown): Json {
  if (typeof value !== "object" || value === null) return value as Json;
  if (Array.isArray(value)) return value.map((v) => (v === undefined ? null : sortKeys(v)));
  // An object without prototype would be written half as fast.
  const out: JsonObject = {};
  for (const key of Object.keys(value).sort()) {
    const v = (value as Record<string, unknown>)[key];
    if (v === undefined) continue;
    if (key === "__proto__") Object.defineProperty(out, key, { value: sortKeys(v), enumerable: true });
    else out[key] = sortKeys(v);
  }
  return out;
}

/** Canonical text: sorted keys; `indent` spaces (default 0, one line). */
export function canonicalJson(value: unknown, indent = 0): string {
  return JSON.stringify(inOrder(value), null, indent);
}

/** As {@link sortKeys}, but what is in order already is not copied: most of a state, which was read from canonical text. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return listInOrder(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return sortKeys(value);
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return sortKeys(value);
  let copy: Record<string, unknown> | undefined;
  for (const key of keys) {
    const v = (value as Record<string, unknown>)[key];
    const done = v === undefined ? v : inOrder(v);
    if (done === v) continue;
    if (key === "__proto__") return sortKeys(value);
    copy ??= { ...value };
    copy[key] = done;
  }
  return copy ?? value;
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
