/**
 * Resolution: an assembly value becomes the JSON that is recorded and sent to the provider. What is not known yet becomes UNKNOWN.
 * The result keeps `{"$asset"}` and the escape `$$` of user keys, so that it can be recorded and compared; {@link providerInputs}
 * turns it into what the provider gets.
 */
import { canonicalJson, hashJson, isPlainObject, type Json } from "../base/json.js";
import { getPath, joinPath } from "../base/property-path.js";
import { hasUnknown, isUnknown, tagOf, UNKNOWN, walkTags, type Value } from "../model/values.js";

/** The value of an output; `known: false` before it is made. `problem` says why there is none. */
export type OutputValue = { known: true; value: Json; secret: boolean } | { known: false; secret: boolean } | { problem: string };

/** A look-up's result: known and perhaps secret, not read yet, or failed. */
export type LookupResult = { result: Json; secret: boolean } | undefined;

/** Where resolution finds what values refer to. */
export interface ResolveSource {
  /** An output of a resource of this stack. */
  output(urn: string, path: string): OutputValue;
  /** The result of a look-up that was read before; undefined when its arguments are not known yet. */
  lookup(key: string): LookupResult;
  /** The number allotted to a key of a pool. */
  allotted(pool: string, key: string): number;
  /** The physical name for `{"$name": true}`; UNKNOWN where there is none. */
  name?: Json;
}

/** A resolved value. */
export interface Resolved {
  /** May hold UNKNOWN. Undefined when the value is null or has nothing in it. */
  value: Json | undefined;
  /** Paths below the value (`""` = the whole) that are secret. */
  secretPaths: string[];
  /** Why parts could not be resolved, plain words. */
  problems: string[];
  /** True if an unknown stands anywhere in it. */
  unknown: boolean;
}

interface Walk {
  source: ResolveSource;
  secretPaths: string[];
  problems: string[];
  unknown: boolean;
  /** Keep `{"$json": structure}` instead of text, for differences. */
  structured: boolean;
}

/** Key of a look-up in state and plan: SHA-256 of {token, args}, args resolved. */
export function lookupKey(token: string, args: Json): string {
  return hashJson({ token, args });
}

/** Resolves one value. With `structured`, `$json` stays `{"$json": resolved structure}` so that it can be compared part by part. */
export function resolveValue(value: Value, source: ResolveSource, structured = false): Resolved {
  const walk: Walk = { source, secretPaths: [], problems: [], unknown: false, structured };
  const resolved = visit(value, "", walk, true);
  return { value: resolved, secretPaths: [...new Set(walk.secretPaths)].sort(), problems: walk.problems, unknown: walk.unknown };
}

function visit(value: Value, path: string, walk: Walk, dropNull: boolean): Json | undefined {
  if (value === null) return dropNull ? undefined : null;
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((v, i) => visit(v, `${path}[${i}]`, walk, false) ?? null);
  const tag = tagOf(value);
  if (tag) return visitTag(tag, (value as { [key: string]: Value })[tag] as Value, path, walk);
  if (value["$name"] === true && Object.keys(value).length === 1) return unknownIf(walk, walk.source.name ?? UNKNOWN_JSON);
  const out: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) {
    const inner = visit(value[key] as Value, joinPath(path, unescapeKey(key)), walk, dropNull);
    if (inner !== undefined) out[key] = inner;
  }
  return out;
}

const UNKNOWN_JSON = UNKNOWN as unknown as Json;

function unknownIf(walk: Walk, value: Json): Json {
  if (hasUnknown(value)) walk.unknown = true;
  return value;
}

function visitTag(tag: string, inner: Value, path: string, walk: Walk): Json | undefined {
  switch (tag) {
    case "$ref":
      return visitRef(inner as { urn: string; output: string }, path, walk);
    case "$text":
      return visitText(inner as Value[], path, walk);
    case "$json":
      return visitJson(inner, path, walk);
    case "$lookup":
      return visitLookup(inner as { token: string; args: Value; output: string }, path, walk);
    case "$allot": {
      const { pool, key } = inner as { pool: string; key: string };
      return walk.source.allotted(pool, key);
    }
    case "$secret":
      walk.secretPaths.push(path);
      return visit(inner, path, walk, true);
    case "$unknown":
      walk.unknown = true;
      return UNKNOWN_JSON;
    default:
      return { [tag]: inner as Json };
  }
}

function visitRef(ref: { urn: string; output: string }, path: string, walk: Walk): Json | undefined {
  const found = walk.source.output(ref.urn, ref.output);
  if ("problem" in found) {
    walk.problems.push(found.problem);
    return undefined;
  }
  if (found.secret) walk.secretPaths.push(path);
  return unknownIf(walk, found.known ? found.value : UNKNOWN_JSON);
}

function visitText(parts: Value[], path: string, walk: Walk): Json {
  const inner: Walk = { ...walk, secretPaths: [], unknown: false };
  const resolved = parts.map((p) => visit(p, path, inner, true));
  if (inner.secretPaths.length > 0) walk.secretPaths.push(path);
  if (inner.unknown) return unknownIf(walk, UNKNOWN_JSON);
  return resolved.map((p) => (p === undefined ? "" : typeof p === "object" ? canonicalJson(p) : String(p))).join("");
}

function visitJson(value: Value, path: string, walk: Walk): Json {
  const inner: Walk = { ...walk, secretPaths: [], unknown: false };
  const resolved = visit(value, path, inner, false) ?? null;
  if (inner.secretPaths.length > 0) walk.secretPaths.push(...(walk.structured ? inner.secretPaths : [path]));
  if (inner.unknown) walk.unknown = true;
  if (walk.structured) return { $json: resolved };
  return inner.unknown ? UNKNOWN_JSON : canonicalJson(unescapeKeys(resolved));
}

function visitLookup(lookup: { token: string; args: Value; output: string }, path: string, walk: Walk): Json | undefined {
  const inner: Walk = { ...walk, secretPaths: [], unknown: false, structured: false };
  const args = visit(lookup.args, path, inner, true) ?? {};
  if (inner.unknown) return unknownIf(walk, UNKNOWN_JSON);
  const found = walk.source.lookup(lookupKey(lookup.token, args));
  if (!found) return unknownIf(walk, UNKNOWN_JSON);
  if (found.secret || inner.secretPaths.length > 0) walk.secretPaths.push(path);
  const value = getPath(found.result, lookup.output);
  if (value === undefined) walk.problems.push(`the look-up ${lookup.token} has no "${lookup.output}" in its result`);
  return value as Json | undefined;
}

/** The user's own key: `$$x` in an assembly is `$x`. */
export function unescapeKey(key: string): string {
  return key.startsWith("$$") ? key.slice(1) : key;
}

function unescapeKeys(value: Json): Json {
  return providerInputs(value, (sha) => sha);
}

/** What the provider gets for recorded inputs: escapes undone, `{"$asset": sha}` as the path of the file. Unknown values stay. */
export function providerInputs<T extends Json>(value: T, assetPath: (sha: string) => string): T {
  return convert(value, assetPath) as T;
}

function convert(value: Json, assetPath: (sha: string) => string): Json {
  if (Array.isArray(value)) return value.map((v) => convert(v, assetPath));
  if (!isPlainObject(value)) return value;
  const tag = tagOf(value);
  if (tag === "$asset") return assetPath(String(value["$asset"]));
  if (isUnknown(value)) return value as unknown as Json;
  const out: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) out[unescapeKey(key)] = convert(value[key] as Json, assetPath);
  return out;
}

/** The reverse for what a provider found: user keys that begin with `$` are escaped. */
export function recordedInputs<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(recordedInputs) as unknown as T;
  if (!isPlainObject(value)) return value;
  const out: { [key: string]: Json } = {};
  for (const key of Object.keys(value)) out[key.startsWith("$") ? `$${key}` : key] = recordedInputs(value[key] as Json);
  return out as T;
}

/** SHA-256 hashes of the assets that a value names, each once. */
export function assetsIn(value: unknown): string[] {
  const found = new Set<string>();
  walkTags(value, (v, tag) => {
    if (tag === "$asset") found.add(String(v["$asset"]));
  });
  return [...found];
}

/** The look-ups in a value, innermost first. */
export function lookupsIn(value: unknown): { token: string; args: Value; output: string; secret: boolean }[] {
  const found: { token: string; args: Value; output: string; secret: boolean }[] = [];
  let secretPaths: string[] = [];
  walkTags(value, (v, tag, path) => {
    if (tag === "$secret") secretPaths = [...secretPaths, path];
    if (tag !== "$lookup") return;
    const lookup = v["$lookup"] as { token: string; args: Value; output: string };
    found.unshift({ ...lookup, secret: secretPaths.some((p) => path.startsWith(p)) });
  });
  return found;
}
