/** Property paths of documents, as lists of steps. The spelling is that of base/property-path. */
import { joinPath } from "../base/property-path.js";

export { joinPath, parsePath } from "../base/property-path.js";

/** A step of a path: a key of a map or an index of a list. */
export type PathSegment = string | number;

/** `["ports", 0, "port"]` as `ports[0].port`; no segments give "". */
export function formatPath(segments: readonly PathSegment[]): string {
  let out = "";
  for (const s of segments) out = joinPath(out, s);
  return out;
}

/** The value at a path, or undefined where the path leaves the value. Own members only; nothing is skipped over. */
export function valueAt(value: unknown, path: readonly PathSegment[]): unknown {
  let current = value;
  for (const s of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, s)) return undefined;
    current = (current as Record<PathSegment, unknown>)[s];
  }
  return current;
}
