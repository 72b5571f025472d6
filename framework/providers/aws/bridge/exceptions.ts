/** Where Pulumi's names and shapes of one type leave the rules. Data: data/exceptions.json. Paths are wire names joined by dots. */

/** Exceptions of one token. */
export interface TypeExceptions {
  /** Wire path -> Pulumi name of its last part. */
  renames?: { [path: string]: string };
  /** Wire path -> is it flattened, where that is not what `max_items` says. */
  maxItemsOne?: { [path: string]: boolean };
  /** Wire path -> Pulumi's scalar type. */
  typeOverrides?: { [path: string]: "string" | "number" | "boolean" };
  /** Wire paths of texts that hold JSON documents. */
  jsonDocuments?: string[];
  /** Wire paths that take files. */
  assets?: string[];
  /** Wire paths that the provider requires and the SDK does not (names, mostly). */
  optional?: string[];
  /** Wire names that the SDK's class lacks; sent as null. */
  hidden?: string[];
  /** Attributes whose values, joined by `__`, make the id of a type that has no `id` attribute. */
  idFrom?: string[];
}
