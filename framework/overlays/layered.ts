/** Values that remember who wrote what: merging keeps, for every part of the result, the document and path it came from. */
import type { SourcePosition } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import { formatPath, type PathSegment } from "../model/paths.js";
import { isRef, isText } from "../model/values.js";

/** A document as the writer of values. */
export interface Writer {
  /** Strings are final (TypeScript): no text is taken for a number. */
  literal: boolean;
  /** A document of defaults for many components: its problems are reported once, not per component. */
  shared: boolean;
  /** Where a path of its normalised spec was written; falls back to what is nearest. */
  locate(path: readonly PathSegment[], exact: boolean): SourcePosition | undefined;
}

/** Who wrote a part: the writer and the path there; `kids` are the parts that others wrote. */
export interface Trace {
  writer: Writer;
  path: readonly PathSegment[];
  kids?: Map<PathSegment, Trace>;
}

/** A value and who wrote it. */
export interface Layered {
  value: unknown;
  trace: Trace;
}

/** A whole spec by one writer. */
export function layer(value: unknown, writer: Writer): Layered {
  return { value, trace: { writer, path: [] } };
}

/** Who wrote the part at a path, and where in the writer's own document. */
export function writtenAt(trace: Trace, path: readonly PathSegment[]): { writer: Writer; path: PathSegment[] } {
  let at = trace;
  for (let i = 0; i < path.length; i++) {
    const kid = at.kids?.get(path[i] as PathSegment);
    if (!kid) return { writer: at.writer, path: [...at.path, ...path.slice(i)] };
    at = kid;
  }
  return { writer: at.writer, path: [...at.path] };
}

/**
 * `over` merged over `base`: maps by key; lists whose items all have `name`, `id` or `component` by it, other lists replace; `null`
 * removes; `$patch: replace` in a map (or as an item of a list) replaces the whole. Neither input is changed.
 */
export function merge(base: Layered, over: Layered): Layered {
  const patch = patchOf(over);
  if (patch) return patch;
  if (isPlainObject(base.value) && isPlainObject(over.value)) return mergeMaps(base, over, base.value, over.value);
  if (Array.isArray(base.value) && Array.isArray(over.value)) return mergeLists(base, over, base.value, over.value);
  return over;
}

/** A copy without nulls in maps and `$patch` marks. Lists keep their nulls. */
export function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isPatchMark(item)).map(withoutMarks);
  if (!isPlainObject(value)) return value;
  const out = Object.create(null) as Record<string, unknown>;
  for (const [k, v] of Object.entries(value)) if (v !== null && v !== undefined && k !== "$patch") out[k] = withoutMarks(v);
  return out;
}

function child(of: Layered, key: PathSegment): Layered {
  const value = (of.value as Record<PathSegment, unknown>)[key];
  return { value, trace: of.trace.kids?.get(key) ?? { writer: of.trace.writer, path: [...of.trace.path, key] } };
}

function mergeMaps(base: Layered, over: Layered, left: Record<string, unknown>, right: Record<string, unknown>): Layered {
  const value = Object.create(null) as Record<string, unknown>;
  for (const [k, v] of Object.entries(left)) value[k] = v;
  const kids = new Map(base.trace.kids ?? []);
  for (const [key, v] of Object.entries(right)) {
    if (v === undefined) continue;
    if (v === null) {
      delete value[key];
      kids.delete(key);
      continue;
    }
    const part = child(over, key);
    const merged = Object.hasOwn(left, key) && left[key] !== null ? merge(child(base, key), part) : part;
    value[key] = merged.value;
    kids.set(key, merged.trace);
  }
  return { value, trace: { writer: base.trace.writer, path: base.trace.path, kids } };
}

function mergeLists(base: Layered, over: Layered, left: unknown[], right: unknown[]): Layered {
  const key = listKey(left, right);
  if (!key) return over;
  const value = [...left];
  const kids = new Map(base.trace.kids ?? []);
  const index = new Map(left.map((item, i) => [(item as Record<string, unknown>)[key], i]));
  for (let i = 0; i < right.length; i++) {
    const id = (right[i] as Record<string, unknown>)[key];
    const part = child(over, i);
    const at = index.get(id);
    const merged = at === undefined ? part : merge(child(base, at), part);
    const to = at ?? value.length;
    value[to] = merged.value;
    kids.set(to, merged.trace);
    index.set(id, to);
  }
  return { value, trace: { writer: base.trace.writer, path: base.trace.path, kids } };
}

/** The field by which two lists merge: the first of name, id, component that every item of both has as text. */
function listKey(left: unknown[], right: unknown[]): string | undefined {
  const items = [...left, ...right];
  if (left.length === 0 || right.length === 0) return undefined;
  return ["name", "id", "component"].find((k) => items.every((i) => isPlainObject(i) && Object.hasOwn(i, k) && typeof i[k] === "string"));
}

function patchOf(over: Layered): Layered | undefined {
  const v = over.value;
  const marked = isPlainObject(v) ? v["$patch"] === "replace" : Array.isArray(v) && v.some(isPatchMark);
  return marked ? { value: withMarkRemoved(v), trace: over.trace } : undefined;
}

function withMarkRemoved(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((i) => !isPatchMark(i));
  const out = Object.create(null) as Record<string, unknown>;
  for (const [k, v] of Object.entries(value as object)) if (k !== "$patch") out[k] = v;
  return out;
}

function isPatchMark(item: unknown): boolean {
  return isPlainObject(item) && item["$patch"] === "replace" && Object.keys(item).length === 1;
}

/** True for a value that has no parts of its own here: plain JSON leaf, Ref or Text. */
export function isLeaf(value: unknown): boolean {
  return typeof value !== "object" || value === null || isRef(value) || isText(value);
}

/** The trace's position for a path of the merged value. `exact`: no guess among similar neighbours (for a field that is missing). */
export function locate(trace: Trace, path: readonly PathSegment[], exact = false): SourcePosition | undefined {
  const at = writtenAt(trace, path);
  return at.writer.locate(at.path, exact);
}

/** `service/component.spec.field`: how a path is named in messages. */
export function pathName(subject: string, path: readonly PathSegment[]): string {
  const text = formatPath(path);
  return text === "" ? subject : `${subject}.spec${text.startsWith("[") ? "" : "."}${text}`;
}
