/** Property paths in Pulumi's spelling: `a.b[0].c`, and `tags["panka:urn"]` for keys that are no identifiers. */
import { isPlainObject } from "./json.js";

const PLAIN_KEY = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;
const TOKEN = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Splits a path into keys and list indexes. Throws TypeError for text that is no path. */
export function parsePath(path: string): (string | number)[] {
  const parts: (string | number)[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < path.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(path);
    if (!match) throw new TypeError(`not a property path: ${path} (at character ${at + 1})`);
    if (match[1] !== undefined) parts.push(match[1]);
    else if (match[2] !== undefined) parts.push(Number(match[2]));
    else parts.push(JSON.parse(`"${match[3] ?? ""}"`) as string);
  }
  return parts;
}

/** Adds one key or index to a path. */
export function joinPath(path: string, part: string | number): string {
  if (typeof part === "number") return `${path}[${part}]`;
  if (!PLAIN_KEY.test(part)) return `${path}[${JSON.stringify(part)}]`;
  return path === "" ? part : `${path}.${part}`;
}

/** The value at a path, or undefined where there is none. A one-element list may be left out: `a.b` finds `a[0].b`. */
export function getPath(value: unknown, path: string | readonly (string | number)[]): unknown {
  let at = value;
  for (const part of typeof path === "string" ? parsePath(path) : path) {
    if (Array.isArray(at) && typeof part === "string" && at.length === 1) at = at[0];
    if (typeof part === "number") at = Array.isArray(at) ? at[part] : part === 0 ? at : undefined;
    else at = isPlainObject(at) && Object.hasOwn(at, part) ? at[part] : undefined;
    if (at === undefined || at === null) return at;
  }
  return at;
}

/** A copy of `value` with `leaf` at the path; objects and lists on the way are made where absent; undefined removes the key, if it is there. */
export function setPath(value: unknown, path: string | readonly (string | number)[], leaf: unknown): unknown {
  const parts = typeof path === "string" ? parsePath(path) : path;
  const [head, ...rest] = parts;
  if (head === undefined) return leaf;
  if (leaf === undefined && !(typeof head === "number" ? Array.isArray(value) : isPlainObject(value))) return value;
  if (typeof head === "number") {
    const list = Array.isArray(value) ? [...value] : [];
    list[head] = setPath(list[head], rest, leaf);
    return list;
  }
  const object = isPlainObject(value) ? { ...value } : {};
  const inner = setPath(object[head], rest, leaf);
  if (inner === undefined) delete object[head];
  else object[head] = inner;
  return object;
}

/** True if one path is the other or lies below or above it. */
export function pathsTouch(a: string, b: string): boolean {
  return isBelow(a, b) || isBelow(b, a);
}

/** True if `path` is `above` or lies below it. */
export function isBelow(path: string, above: string): boolean {
  if (above === "" || path === above) return true;
  return path.startsWith(above) && (path[above.length] === "." || path[above.length] === "[");
}
