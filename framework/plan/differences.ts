/** Differences between recorded and new inputs, property by property. */
import { isPlainObject, jsonEqual, type Json } from "../base/json.js";
import { isBelow, joinPath, pathsTouch } from "../base/property-path.js";
import { hasUnknown, tagOf } from "../model/values.js";
import type { PropertyChange } from "../model/plan.js";
import { unescapeKey } from "./resolve.js";

/** What differences need to know of the paths. */
export interface DifferenceRules {
  /** Paths that are secret now. */
  secretPaths: readonly string[];
  /** Paths whose recorded values are secret. A JSON text is secret as a whole; its parts are compared, none of the old ones shown. */
  secretBefore: readonly string[];
  /** Paths that force a replacement, as the provider says. */
  replacePaths: readonly string[];
}

/** What stands for a secret wherever it is shown. */
export const SECRET_TEXT = "[secret]";

/**
 * Every property that differs. `after` is structured (see resolveValue): where it holds `{"$json"}`, the recorded text is parsed and
 * compared part by part. Objects are compared by key, lists of equal length by index, other lists as a whole.
 */
export function differences(before: Json | undefined, after: Json | undefined, rules: DifferenceRules): PropertyChange[] {
  const found: PropertyChange[] = [];
  compare(before, after, "", rules, found);
  return found;
}

function compare(before: Json | undefined, after: Json | undefined, path: string, rules: DifferenceRules, found: PropertyChange[]): void {
  if (tagOf(after) === "$json") {
    compareJson(before, (after as { $json: Json }).$json, path, rules, found);
    return;
  }
  if (jsonEqual(before, after)) return;
  if (path === "" || (!secretAt(path, rules) && (bothObjects(before, after) || opensUp(before, after, path, rules)))) {
    const left = isObject(before) ? before : {};
    const right = isObject(after) ? after : {};
    for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
      compare(left[key], right[key], joinPath(path, unescapeKey(key)), rules, found);
    }
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && !secretAt(path, rules)) {
    for (const [i, v] of before.entries()) compare(v, after[i], `${path}[${i}]`, rules, found);
    return;
  }
  found.push(describe(before, after, path, rules));
}

function compareJson(before: Json | undefined, after: Json, path: string, rules: DifferenceRules, found: PropertyChange[]): void {
  let parsed: Json | undefined;
  try {
    parsed = typeof before === "string" ? (JSON.parse(before) as Json) : before;
  } catch {
    parsed = before;
  }
  if (isObject(parsed) && isObject(after)) compare(parsed, after, path, rules, found);
  else if (!jsonEqual(parsed, after)) found.push(describe(parsed, after, path, rules));
}

function isObject(value: unknown): value is { [key: string]: Json } {
  return isPlainObject(value) && tagOf(value) === undefined;
}

function bothObjects(before: unknown, after: unknown): boolean {
  return isObject(before) && isObject(after);
}

/** A new object that is partly secret or unknown is shown key by key, so that the rest of it can be seen. */
function opensUp(before: Json | undefined, after: Json | undefined, path: string, rules: DifferenceRules): boolean {
  if (!isObject(after) || before !== undefined) return false;
  return hasUnknown(after) || rules.secretPaths.some((p) => p !== path && isBelow(p, path));
}

/** The path itself or one above it is secret now. */
function secretAt(path: string, rules: DifferenceRules): boolean {
  return rules.secretPaths.some((p) => isBelow(path, p));
}

function describe(before: Json | undefined, after: Json | undefined, path: string, rules: DifferenceRules): PropertyChange {
  const secretNow = rules.secretPaths.some((p) => pathsTouch(path, p));
  const secret = secretNow || rules.secretBefore.some((p) => pathsTouch(path, p));
  const unknown = hasUnknown(after);
  const change: PropertyChange = { path, secret, unknown, replaces: rules.replacePaths.some((p) => pathsTouch(path, p)) };
  if (before !== undefined) change.before = secret ? SECRET_TEXT : before;
  if (after !== undefined) change.after = unknown ? null : secretNow ? SECRET_TEXT : plain(after);
  return change;
}

/** Tags inside a shown value made readable: `{"$json": x}` is shown as x. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (!isPlainObject(value)) return value;
  if (tagOf(value) === "$json") return plain(value["$json"] as Json);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [unescapeKey(k), plain(v as Json)]));
}
