/** `environment` as it is written, per document: the list form made the map form; variables that say nothing, or twice, are reported. */
import { isPlainObject } from "../../framework/base/json.js";
import { nearest } from "../../framework/base/nearest.js";
import { joinPath } from "../../framework/base/property-path.js";
import type { Raw } from "../../framework/model/index.js";
import { VARIABLE } from "./schemas.js";

type Map = { [name: string]: unknown };

const FIELDS = ["name", "value", "valueFrom"];

/** The list form -> the map form, so that both merge by name. What is neither a list of maps with names nor a map stays for the check. */
export function normalizeEnvironment(environment: unknown, raw: Raw, path = "environment"): unknown {
  if (isPlainObject(environment)) {
    for (const [name, value] of Object.entries(environment)) if (name !== "$patch") checkVariable(name, value, joinPath(path, name), raw);
    return environment;
  }
  if (!Array.isArray(environment) || !environment.every((item) => isPatch(item) || isNamed(item))) return environment;
  const out: Map = {};
  for (const [i, item] of (environment as Map[]).entries()) {
    if (isPatch(item)) out.$patch = item.$patch;
    else readItem(item as Map & { name: string }, `${path}[${i}]`, out, raw);
  }
  return out;
}

/** One item of the list form. */
function readItem(item: Map & { name: string }, path: string, out: Map, raw: Raw): void {
  const { name, value, valueFrom } = item;
  for (const key of Object.keys(item).filter((k) => !FIELDS.includes(k))) {
    const suggestion = nearest(key, FIELDS);
    raw.error("unknown-field", `unknown field "${key}"`, joinPath(path, key), {
      expected: `one of ${FIELDS.join(", ")}`,
      ...(suggestion ? { suggestion } : {}),
    });
  }
  const given = [value, valueFrom].filter((v) => v !== undefined && v !== null);
  if (Object.hasOwn(out, name))
    raw.error("variable-twice", `two variables are named "${name}"`, path, { expected: "each name once", next: "take one of the two out" });
  else if (given.length === 2)
    raw.error("variable-value", `the variable "${name}" has a value and a valueFrom`, path, { expected: "one of the two" });
  else {
    const said = valueFrom === undefined || (valueFrom === null && value !== undefined) ? value : { valueFrom };
    checkVariable(name, valueFrom === null ? (value ?? null) : said, path, raw);
    out[name] = said;
  }
}

/** Null in an overlay takes the variable away; in a base it would be nothing at all. */
function checkVariable(name: string, value: unknown, path: string, raw: Raw): void {
  if (!VARIABLE.pattern.test(name))
    raw.error("variable-name", `a variable can't be named "${name}"`, path, { expected: VARIABLE.expected });
  if (value === undefined || (value === null && !raw.overlay))
    raw.error("variable-value", `the variable "${name}" has no value`, path, {
      expected: "value, or valueFrom with the component that gives it",
      next: `give "${name}" a value ("" for an empty one), or take it out`,
    });
}

function isPatch(item: unknown): boolean {
  return isPlainObject(item) && item.$patch !== undefined && Object.keys(item).length === 1;
}

function isNamed(item: unknown): boolean {
  return isPlainObject(item) && typeof item.name === "string";
}
