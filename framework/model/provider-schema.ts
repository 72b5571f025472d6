/**
 * The provider's schema in Pulumi's view: one tree per resource type, with what the wire schema lacks (forceNew, defaults) and
 * what the bridge needs (wire names, one-element lists). Extracted from the plugin by a script, shipped as data, passed in as a value.
 */
import type { Json } from "../base/json.js";
import type { NameRule } from "../base/names.js";

/** One property of a type. */
export interface PropertySchema {
  type: "string" | "number" | "boolean" | "list" | "set" | "map" | "object" | "any";
  /** Of lists, sets and maps. */
  element?: PropertySchema;
  /** Of objects: Pulumi name -> schema. */
  fields?: { [name: string]: PropertySchema };
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  /** A change forces a replacement. */
  forceNew?: boolean;
  /** The planned value when unset. */
  default?: Json;
  /** Text that holds a JSON document: an object is accepted and stringified. */
  json?: boolean;
  /** A file or archive goes here. */
  asset?: boolean;
  /** The provider's own (snake_case) name. */
  wire: string;
  /** How it is nested on the wire: absent = attribute. */
  block?: "single" | "list" | "set";
  /** On the wire a list or set of at most one; here a single value. */
  maxOne?: boolean;
  /** The scalar type on the wire, where it is not `type`. */
  wireType?: "string" | "number" | "boolean";
}

/** One resource type. */
export interface TypeSchema {
  token: string;
  /** The provider's own type name. */
  wire: string;
  /** The provider's schema version, stored with every resource. */
  version: number;
  properties: { [name: string]: PropertySchema };
  naming?: NameRule;
  /** Has `tags`. */
  taggable: boolean;
  /** Has a `timeouts` block with these keys. */
  timeouts?: string[];
  /** Wire names of top-level attributes and blocks that the SDK class lacks (`[]` after the name marks a block); sent empty. */
  hidden?: string[];
  /** Of a type that has no `id` on the wire: the properties whose values, joined by `__`, make the id. */
  idFrom?: string[];
  /** When it can be used: `attribute` reads one of `ready`; absent: as soon as create returns. */
  ready?: { attribute: string; ready: string[]; pending: string[]; failed: string[] };
}

/** One data source: arguments in, properties out. */
export interface LookupSchema {
  token: string;
  wire: string;
  properties: { [name: string]: PropertySchema };
  /** Keys of its `timeouts` block, where it has one. */
  timeouts?: string[];
  /** As {@link TypeSchema}'s. */
  hidden?: string[];
}

/** All that ships for one provider. */
export interface SchemaIndex {
  provider: string;
  /** The plugin's version the data was extracted from. */
  version: string;
  /** The schema of a type that ships; undefined for others. */
  type(token: string): TypeSchema | undefined;
  lookup(token: string): LookupSchema | undefined;
  /** All tokens that exist, shipped or not, sorted. */
  tokens(): string[];
}
