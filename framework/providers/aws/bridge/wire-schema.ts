/** The provider's schema as it comes over the wire (plugin protocol 5, message Schema), types parsed. */

/** A cty type: a scalar's name, or a constructor with its argument. */
export type CtyType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | ["list" | "set" | "map", CtyType]
  | ["object", { [name: string]: CtyType }]
  | ["tuple", CtyType[]];

/** An attribute. */
export interface WireAttribute {
  name: string;
  type: CtyType;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  write_only?: boolean;
  deprecated?: boolean;
}

/** A nested block. */
export interface WireBlockType {
  type_name: string;
  /** 1 single, 2 list, 3 set (4 map and 5 group do not occur in the AWS provider). */
  nesting: number;
  min_items: number;
  max_items: number;
  block: WireBlock;
}

/** The content of a type or a nested block. */
export interface WireBlock {
  attributes: WireAttribute[];
  block_types: WireBlockType[];
}

/** The schema of one type. */
export interface WireSchema {
  version: number;
  block: WireBlock;
}
