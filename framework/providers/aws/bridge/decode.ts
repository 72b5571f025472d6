/** The provider's state to Pulumi outputs: names translated, one-element lists unwrapped, nulls dropped, secrets noted. */
import { isPlainObject } from "../../../base/json.js";
import { isUnknown, type PropertySchema, type Props, UNKNOWN } from "../../../model/index.js";
import type { Wire, WireObject } from "../protocol/codec.js";
import { formatPath, type PathPart } from "./paths.js";

/** Outputs and which of them are secret. */
export interface Decoded {
  outputs: Props;
  /** Pulumi paths of sensitive values that are there, sorted. */
  secretPaths: string[];
}

/** Translates a state. `id` and `timeouts` are not outputs. */
export function decodeObject(properties: { [name: string]: PropertySchema }, state: WireObject): Decoded {
  const secrets: string[] = [];
  const outputs = decodeFields(properties, state, [], secrets);
  return { outputs: outputs as Props, secretPaths: secrets.sort() };
}

function decodeFields(
  fields: { [name: string]: PropertySchema },
  state: WireObject,
  path: PathPart[],
  secrets: string[],
): { [name: string]: Wire } {
  const out: { [name: string]: Wire } = {};
  for (const [name, p] of Object.entries(fields)) {
    const value = decodeValue(p, state[p.wire], [...path, name], secrets);
    if (value === undefined) continue;
    out[name] = value;
    if (p.sensitive) secrets.push(formatPath([...path, name]));
  }
  return out;
}

function decodeValue(p: PropertySchema, value: Wire | undefined, path: PathPart[], secrets: string[]): Wire | undefined {
  if (value === undefined || value === null) return undefined;
  if (isUnknown(value)) return UNKNOWN as unknown as Wire;
  if (!p.maxOne) return decodeBare(p, value, path, secrets);
  if (!Array.isArray(value)) return decodeBare(p, value, path, secrets);
  return value.length === 0 ? undefined : decodeValue({ ...p, maxOne: false }, value[0], path, secrets);
}

function decodeBare(p: PropertySchema, value: Wire, path: PathPart[], secrets: string[]): Wire | undefined {
  switch (p.type) {
    case "list":
    case "set":
      if (!Array.isArray(value)) return value;
      return value.map((item, i) => decodeElement(p.element, item, [...path, i], secrets));
    case "map":
      if (!isPlainObject(value)) return value;
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, v]) => v !== null)
          .map(([key, v]) => [key, decodeElement(p.element, v as Wire, [...path, key], secrets)]),
      );
    case "object":
      return isPlainObject(value) ? decodeFields(p.fields ?? {}, value as WireObject, path, secrets) : value;
    case "number":
      return typeof value === "string" ? (value === "" ? undefined : Number(value)) : value;
    case "boolean":
      return typeof value === "string" ? (value === "" ? undefined : value === "true") : value;
    default:
      return value;
  }
}

function decodeElement(p: PropertySchema | undefined, value: Wire, path: PathPart[], secrets: string[]): Wire {
  if (value === null || !p) return value;
  if (isUnknown(value)) return UNKNOWN as unknown as Wire;
  return decodeBare(p, value, path, secrets) ?? null;
}
