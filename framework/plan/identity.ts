/** What Panka adds to a resource's inputs so that it can be found again: its physical name, and the tags `panka:urn` and `panka:lineage`. */
import { sha256, type Json } from "../base/json.js";
import { nameHash, physicalName, type NameRule } from "../base/names.js";
import { joinPath } from "../base/property-path.js";
import type { Props } from "../model/provider.js";
import type { PropertySchema, TypeSchema } from "../model/provider-schema.js";
import type { ResourceSpec } from "../model/resource.js";

/** Stands for the lineage before a state exists; names and tags made with it are shown as `(new)`. */
export const NEW_LINEAGE = "00000000-0000-0000-0000-000000000000";

/** The value of the tag `panka:urn`: the URN, or its SHA-256 where it is longer than the 256 characters that a tag may have. */
export function urnTag(urn: string): string {
  return urn.length <= 256 ? urn : sha256(urn);
}

/** The tags that every taggable resource carries. */
export function identityTags(lineage: string, urn: string): { [key: string]: string } {
  return { "panka:lineage": lineage, "panka:urn": urnTag(urn) };
}

/** The input that holds a generated name; undefined for types without a naming rule and for names that the user chose. */
export function generatedName(spec: ResourceSpec, schema: TypeSchema | undefined): string | undefined {
  const property = schema?.naming?.property;
  if (property === undefined || spec.props[property] != null || spec.props[`${property}Prefix`] != null) return undefined;
  return property;
}

/** True if the user named the thing, so that two generations of it can't stand side by side. */
export function hasOwnName(spec: ResourceSpec, schema: TypeSchema | undefined): boolean {
  const property = schema?.naming?.property;
  return property !== undefined && spec.props[property] != null;
}

/** What identity depends on. */
export interface Identity {
  lineage: string;
  generation: number;
  /** Recorded inputs of the same generation: what stands keeps its name, also one that it had before Panka or under an earlier URN or rule. */
  recorded?: Props;
}

/** A copy of resolved inputs with name and tags filled in. */
export function fillIdentity(inputs: Props, spec: ResourceSpec, schema: TypeSchema | undefined, identity: Identity): Props {
  const out: Props = { ...inputs };
  const property = generatedName(spec, schema);
  if (property !== undefined && schema?.naming) {
    const kept = identity.recorded?.[property];
    out[property] =
      typeof kept === "string" && suffixFits(schema.naming, kept, inputs)
        ? kept
        : physicalName(schema.naming, identity.lineage, spec.urn, identity.generation, inputs);
  }
  if (schema?.taggable && hasTagMap(schema)) {
    const tags = (out["tags"] ?? {}) as { [key: string]: Json };
    out["tags"] = { ...tags, ...identityTags(identity.lineage, spec.urn) };
  }
  return out;
}

/** A kept name must have the ending that the inputs ask for now, or the provider refuses it before it can say "replace". */
function suffixFits(rule: NameRule, name: string, inputs: Props): boolean {
  const { suffixWhen } = rule;
  return !suffixWhen || name.endsWith(suffixWhen.suffix) === (inputs[suffixWhen.property] === true);
}

function hasTagMap(schema: TypeSchema): boolean {
  const tags = schema.properties["tags"];
  return tags === undefined || tags.type === "map" || tags.type === "any";
}

/** Per type: its properties that are sensitive or hold something sensitive. */
const sensitiveTypes = new WeakMap<TypeSchema, [string, PropertySchema][]>();

/** Paths in `inputs` (or outputs) that the schema calls sensitive. */
export function sensitivePaths(schema: TypeSchema | undefined, value: Props): string[] {
  if (!schema) return [];
  let sensitive = sensitiveTypes.get(schema);
  if (sensitive === undefined) {
    sensitive = Object.entries(schema.properties).filter(([, property]) => isSensitive(property));
    sensitiveTypes.set(schema, sensitive);
  }
  const found: string[] = [];
  for (const [name, property] of sensitive) collect(property, value[name], joinPath("", name), found);
  return found;
}

function isSensitive(schema: PropertySchema): boolean {
  return (
    schema.sensitive === true ||
    (schema.element !== undefined && isSensitive(schema.element)) ||
    Object.values(schema.fields ?? {}).some(isSensitive)
  );
}

function collect(schema: PropertySchema, value: Json | undefined, path: string, found: string[]): void {
  if (value === undefined || value === null) return;
  if (schema.sensitive) found.push(path);
  else if (Array.isArray(value)) {
    if (schema.element) for (const [i, v] of value.entries()) collect(schema.element, v, `${path}[${i}]`, found);
  } else if (typeof value === "object") {
    for (const [key, v] of Object.entries(value)) {
      const inner = schema.fields?.[key] ?? schema.element;
      if (inner) collect(inner, v, joinPath(path, key), found);
    }
  }
}

/** The names and lineage in text as they are shown before a state exists: the part that depends on the lineage is `(new)`. */
export class Unfilled {
  private readonly hashes = new Set<string>();
  /** @param lineage the lineage in use; its text is `(new)` too */
  constructor(private readonly lineage: string) {}

  /** Adds a resource that gets a new name. */
  add(urn: string, generation: number): void {
    this.hashes.add(nameHash(this.lineage, urn, generation));
  }

  /** The text with every new name's hash and the lineage replaced. */
  text(text: string): string {
    const named = this.hashes.size === 0 ? text : text.replace(/[a-z2-7]{8}(?![a-z2-7])/g, (m) => (this.hashes.has(m) ? "(new)" : m));
    return named.includes(this.lineage) ? named.replaceAll(this.lineage, "(new)") : named;
  }
}
