/** Where a part of a normalised spec was written in its document. */
import type { SourcePosition } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import { formatPath, type PathSegment, valueAt } from "../model/paths.js";
import type { SourceMap } from "../model/stack-model.js";
import type { Writer } from "./layered.js";
import { rawPathsOf } from "./normalize.js";

/** What a writer is made of: a ModelDocument, or a patch of a TypeScript stack. */
export interface Written {
  spec: { [key: string]: unknown };
  literal: boolean;
  source: SourceMap;
}

/** The writer of a document's values. `shared`: its problems are reported for the document, not for each component that inherits it. */
export function writerOf(document: Written, shared: boolean): Writer {
  return { literal: document.literal, shared, locate: (path, exact) => locateIn(document, path, exact) };
}

function locateIn(document: Written, path: readonly PathSegment[], exact: boolean): SourcePosition | undefined {
  const direct = document.source(formatPath(path));
  if (direct) return direct;
  const listed = inLists(document.spec, path);
  if (listed) return locateIn(document, listed, exact);
  for (const raw of rawPathsOf(path)) {
    const found = document.source(formatPath(raw));
    if (found) return found;
  }
  for (let length = path.length - 1; length >= 0; length--) {
    const above = path.slice(0, length);
    const parent = document.source(formatPath(above));
    if (!parent && length > 0) continue;
    if (exact) return parent;
    return similar(document, above, path[length] as PathSegment) ?? parent;
  }
  return undefined;
}

/** The path where a key is that of a list's item by its name: the map form of a list that was written. Undefined where there is none. */
function inLists(spec: unknown, path: readonly PathSegment[]): PathSegment[] | undefined {
  for (const [i, key] of path.entries()) {
    const list = valueAt(spec, path.slice(0, i));
    if (typeof key !== "string" || !Array.isArray(list)) continue;
    const index = list.findIndex((item) => isPlainObject(item) && item.name === key);
    return index < 0 ? undefined : [...path.slice(0, i), index, ...path.slice(i + 1)];
  }
  return undefined;
}

/** A short form beside where the long one would be: `port` for `ports`. */
function similar(document: Written, above: readonly PathSegment[], key: PathSegment): SourcePosition | undefined {
  const raw = valueAt(document.spec, above);
  if (typeof key !== "string" || !isPlainObject(raw)) return undefined;
  const near = nearest(key, Object.keys(raw));
  return near === undefined ? undefined : document.source(formatPath([...above, near]));
}
