/** Patterns for values of an assembly: objects match by the members named, lists and everything else whole, matchers as they say. */
import { canonicalJson, isPlainObject, jsonEqual } from "../framework/base/json.js";
import { isRef, tagOf, type Value } from "../framework/model/index.js";

const MATCHER = Symbol.for("panka.matcher");

/** A value that stands for many in a pattern. */
export interface Matcher {
  readonly [MATCHER]: true;
  /** For messages: `any value`. */
  readonly expected: string;
  /** What is wrong with a value (undefined: it is absent), or undefined. */
  test(value: Value | undefined): string | undefined;
}

function matcher(expected: string, good: (value: Value | undefined) => boolean): Matcher {
  return { [MATCHER]: true, expected, test: (value) => (good(value) ? undefined : `expected ${expected}, found ${shown(value)}`) };
}

/** Makers of matchers. */
export const match = {
  /** Any value, but one. */
  any: (): Matcher => matcher("any value", (v) => v !== undefined),
  /** No value. */
  absent: (): Matcher => matcher("no value", (v) => v === undefined),
  /** Text that matches. */
  text: (pattern: RegExp): Matcher => matcher(`text like ${pattern}`, (v) => typeof v === "string" && pattern.test(v)),
  /** A list in which every pattern is met by an item. */
  listWith: (...patterns: unknown[]): Matcher =>
    matcher(
      `a list with ${patterns.map(shown).join(", ")}`,
      (v) => Array.isArray(v) && patterns.every((p) => v.some((item) => mismatches(p, item).length === 0)),
    ),
  /** The value and nothing beside it, for objects too. */
  exactly: (value: unknown): Matcher => matcher(`exactly ${shown(value)}`, (v) => jsonEqual(v, value)),
  /** A reference to an output (`arn`) of a resource: `service/component`, or `service/component/role`. */
  ref: (resource: string, output?: string): Matcher =>
    matcher(`a reference to ${resource}${output === undefined ? "" : `.${output}`}`, (v) => {
      if (!isPlainObject(v) || tagOf(v as Value) !== "$ref") return false;
      const { urn, output: found } = (v as unknown as { $ref: { urn: string; output: string } }).$ref;
      return urn.endsWith(`::${resource}`) && (output === undefined || output === found);
    }),
};

/** One difference between a pattern and a value. */
export interface Mismatch {
  /** `tags.team`, `policy.Statement[0].Action`; "" for the value itself. */
  path: string;
  what: string;
}

/** What of a value does not meet a pattern; empty where all does. JSON made at apply is looked into. */
export function mismatches(pattern: unknown, value: Value | undefined, path = ""): Mismatch[] {
  if (isMatcher(pattern)) {
    const what = pattern.test(value);
    return what === undefined ? [] : [{ path, what }];
  }
  if (isRef(pattern)) throw new TypeError("a reference is not a pattern: write match.ref(component, output)");
  if (tagOf(value as Value) === "$json" && !(isPlainObject(pattern) && "$json" in pattern))
    return mismatches(pattern, (value as unknown as { $json: Value }).$json, path);
  if (isPlainObject(pattern) && isPlainObject(value))
    return Object.entries(pattern).flatMap(([key, p]) =>
      mismatches(p, (value as { [key: string]: Value })[key], path ? `${path}.${key}` : key),
    );
  if (Array.isArray(pattern) && Array.isArray(value) && pattern.length === value.length)
    return pattern.flatMap((p, i) => mismatches(p, value[i], `${path}[${i}]`));
  return jsonEqual(pattern, value) ? [] : [{ path, what: `expected ${shown(pattern)}, found ${shown(value)}` }];
}

function isMatcher(value: unknown): value is Matcher {
  return typeof value === "object" && value !== null && (value as { [MATCHER]?: boolean })[MATCHER] === true;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (isMatcher(value)) return value.expected;
  const text = canonicalJson(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
