/** Inputs derived from what was found in the cloud, for adopting it. */
import type { Json } from "../../../base/json.js";
import { isPlainObject } from "../../../base/json.js";
import { jsonEqual } from "../../../base/json.js";
import type { Props, PropertySchema } from "../../../model/index.js";

/** Never inputs: the provider makes them of others, and refuses them beside those. */
const DERIVED = new Set(["tagsAll", "namePrefix", "bucketPrefix", "identifierPrefix", "clusterIdentifierPrefix", "statementIdPrefix"]);

/** What may be given, without empty values and defaults. */
export function inputsFrom(properties: { [name: string]: PropertySchema }, outputs: Props): Props {
  const out: Props = {};
  for (const [name, p] of Object.entries(properties)) {
    const value = outputs[name];
    if (value === undefined || DERIVED.has(name) || !(p.required || p.optional)) continue;
    if (!p.required && (isEmpty(value) || jsonEqual(value, p.default))) continue;
    out[name] = inner(p, value);
  }
  return out;
}

/** Inside blocks, what only the provider sets is left out too. */
function inner(p: PropertySchema, value: Json): Json {
  if (!p.block) return value;
  const fields = p.fields ?? p.element?.fields;
  if (!fields) return value;
  if (Array.isArray(value)) return value.map((item) => (isPlainObject(item) ? inputsFrom(fields, item as Props) : item));
  return isPlainObject(value) ? inputsFrom(fields, value as Props) : value;
}

function isEmpty(value: Json): boolean {
  if (value === "" || value === 0 || value === false || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isPlainObject(value) && Object.keys(value).length === 0;
}
