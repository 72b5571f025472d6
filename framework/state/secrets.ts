/** Sealing and opening of the secret values inside a JSON value, by their paths. */
import { isPankaError } from "../base/errors.js";
import { isPlainObject, type Json } from "../base/json.js";
import { isBelow, parsePath } from "../base/property-path.js";
import type { Cipher, Encrypted } from "../model/cipher.js";

/** True for a value as it is stored when encrypted. */
export function isEncrypted(value: unknown): value is Encrypted {
  return isPlainObject(value) && typeof value["$enc"] === "string" && Object.keys(value).length === 1;
}

/** Text that binds a sealed value to its place: stack path, key, property path. */
export function sealContext(path: string, key: string, property: string): string {
  return `${path}\n${key}\n${property}`;
}

/** A copy of `value` with the values at `paths` encrypted. Paths that find nothing are passed over; what is encrypted already stays. */
export function sealPaths(value: Json, paths: readonly string[], cipher: Cipher, context: (path: string) => string): Promise<Json> {
  return mapPaths(value, paths, async (at, path) => {
    return isEncrypted(at) ? at : ({ ...(await cipher.seal(JSON.stringify(at), context(path))) } as Json);
  });
}

/** The reverse of {@link sealPaths}. Without a key at hand (`cipher` undefined, or it throws `no-key`) values stay as they are stored. */
export function openPaths(
  value: Json,
  paths: readonly string[],
  cipher: Cipher | undefined,
  context: (path: string) => string,
): Promise<Json> {
  if (!cipher) return Promise.resolve(value);
  return mapPaths(value, paths, async (at, path) => {
    if (!isEncrypted(at)) return at;
    try {
      return JSON.parse(await cipher.open(at, context(path))) as Json;
    } catch (error) {
      if (isPankaError(error) && error.code === "no-key") return at as unknown as Json;
      throw error;
    }
  });
}

/** True if one of the paths finds a value that is not encrypted: it must not be written like this. */
export function hasClear(value: Json, paths: readonly string[]): boolean {
  return paths.some((path) => {
    const parts = locate(value, parsePath(path));
    return parts !== undefined && !isEncrypted(valueAt(value, parts));
  });
}

/** A copy of `value` with null at `paths`. */
export function cutPaths(value: Json, paths: readonly string[]): Promise<Json> {
  return mapPaths(value, paths, async () => null);
}

async function mapPaths(value: Json, paths: readonly string[], change: (at: Json, path: string) => Promise<Json>): Promise<Json> {
  const outermost = paths.filter((p) => !paths.some((q) => q !== p && isBelow(p, q)));
  if (outermost.length === 0) return value;
  const copy = structuredClone(value);
  for (const path of outermost) {
    const parts = locate(copy, parsePath(path));
    const last = parts?.at(-1);
    if (!parts || last === undefined) continue;
    const parent = valueAt(copy, parts.slice(0, -1)) as Record<string | number, Json>;
    const changed = await change(parent[last] as Json, path);
    Object.defineProperty(parent, last, { value: changed, writable: true, enumerable: true, configurable: true });
  }
  return copy;
}

/** The path as it really leads: a list of one may be left out of a path. Undefined: it leads nowhere. */
function locate(value: unknown, path: readonly (string | number)[]): (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  let at = value;
  for (const part of path) {
    if (Array.isArray(at) && typeof part === "string" && at.length === 1) {
      parts.push(0);
      at = at[0];
    }
    if (part === 0 && !Array.isArray(at)) continue;
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    parts.push(part);
    at = (at as Record<string | number, unknown>)[part];
  }
  return at === undefined || at === null ? undefined : parts;
}

function valueAt(value: unknown, parts: readonly (string | number)[]): unknown {
  return parts.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], value);
}
