/** Secret values: the modelled cloud keeps a salted hash of them, never the value. */
import { isPlainObject, type Json, sha256 } from "../../base/json.js";
import { joinPath } from "../../base/property-path.js";
import type { Props } from "../../model/provider.js";
import type { PropertySchema, TypeSchema } from "../../model/provider-schema.js";

/** Visits each sensitive value; `replace` gives what stands there afterwards. */
function mapSensitive(
  fields: { [name: string]: PropertySchema },
  value: Props,
  path: string,
  replace: (value: Json, path: string) => Json,
): Props {
  const out: Props = {};
  for (const [key, v] of Object.entries(value)) out[key] = mapValue(fields[key], v, joinPath(path, key), replace);
  return out;
}

function mapValue(schema: PropertySchema | undefined, value: Json, path: string, replace: (value: Json, path: string) => Json): Json {
  if (!schema || value === null) return value;
  if (schema.sensitive) return replace(value, path);
  if (Array.isArray(value)) return value.map((v, i) => mapValue(schema.element, v, joinPath(path, i), replace));
  if (isPlainObject(value) && schema.fields) return mapSensitive(schema.fields, value as Props, path, replace);
  return value;
}

/** Paths of the sensitive values that are set, sorted. */
export function secretPaths(schema: TypeSchema | undefined, outputs: Props): string[] {
  const found: string[] = [];
  if (schema)
    mapSensitive(schema.properties, outputs, "", (v, path) => {
      found.push(path);
      return v;
    });
  return found.sort();
}

/** Outputs as stored. */
export function hideSecrets(schema: TypeSchema | undefined, outputs: Props, salt: string): Props {
  return schema ? mapSensitive(schema.properties, outputs, "", (v) => hashOf(v, salt)) : { ...outputs };
}

/** Stored outputs with the values of `known` where the hash says that they are the same; other secrets are left out (null). */
export function revealSecrets(schema: TypeSchema | undefined, stored: Props, salt: string, known: Props): Props {
  if (!schema) return { ...stored };
  const clear = new Map<string, Json>();
  mapSensitive(schema.properties, known, "", (v) => {
    clear.set(JSON.stringify(hashOf(v, salt)), v);
    return v;
  });
  return mapSensitive(schema.properties, stored, "", (v) => (isHash(v) ? (clear.get(JSON.stringify(v)) ?? null) : v));
}

function hashOf(value: Json, salt: string): Json {
  return isHash(value) || value === null ? value : { $hash: sha256(`${salt}\n${JSON.stringify(value)}`) };
}

function isHash(value: Json): boolean {
  return isPlainObject(value) && Object.hasOwn(value, "$hash");
}
