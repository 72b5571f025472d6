/** What the local provider knows of a resource type beyond its schema: ids, ARNs, names that must be unique, parents, deletion. Pure data. */
import type { Json } from "../../base/json.js";

/** A name (or several properties together) that may exist once. */
export interface UniqueRule {
  /** Output properties that together make the name; a path such as `rule[0].id` is allowed. */
  by: string[];
  /** `region` (default), `account`: all regions, `world`: every account. The model has one account, so `world` differs in words only. */
  scope?: "region" | "account" | "world";
  /**
   * What the cloud does when the name is taken: `refuse`; `same`: gives back the existing one if the attributes are equal, else refuses
   * (SQS CreateQueue, SNS CreateTopic); `overwrite`: a put that replaces what was there. Default `refuse`.
   */
  existing?: "refuse" | "same" | "overwrite";
  /** The cloud's error code. */
  code: string;
}

/** A property that names something else in the account. */
export interface ParentRule {
  /** Types of which one must have the value. */
  types: string[];
  /** Outputs that the value may equal. Default id, arn. */
  by?: string[];
  /** The cloud's error code. */
  code: string;
}

/** Other resources that name this one. */
export interface NamingRule {
  type: string;
  /** Path in the other resource's outputs that names this one. */
  path: string;
  /** Output of this one that the path must equal. Default id. */
  by?: string;
}

/** Resources that keep this one from being deleted. */
export interface BlockRule extends NamingRule {
  code: string;
}

/**
 * Rules of one type. Texts are templates: `{name}`, `{a.b[0].c}` an output of the resource, `{account}`, `{region}`, `{partition}`,
 * `{hex:17}` (an id: `10ca1` and random hex digits, so that anyone sees where it came from), `{random:8}`, `{upper:12}`, `{uuid}`, `{now}` (ISO time), `{serial}` (a
 * number that grows), `{name|last:/}` the part after the last slash, `{name|lower}`, `{engine|map:postgres=5432,mysql=3306}` by the front of the value. A text that is one template keeps the value's type.
 * `{unknown}`: what only the cloud will say (in `planned`). `{?name}` at the front: the text is empty, or what follows `{:}`, unless the output `name` has a value.
 */
export interface TypeRule {
  id: string;
  arn?: string;
  /** Default `{id}`. */
  importId?: string;
  /** Values of computed outputs that were not given, in the order in which they are filled. */
  computed?: { [output: string]: Json };
  /** Computed outputs that plan already knows (their templates use inputs only). */
  planned?: { [output: string]: Json };
  /** Computed outputs that change when one of these inputs does: unknown in the plan of an update, and computed anew. `*`: any. */
  recomputed?: { [output: string]: string[] };
  unique?: UniqueRule[];
  /** Property path (`[*]` = each element) -> what it must name. */
  parents?: { [path: string]: ParentRule };
  blockedBy?: BlockRule[];
  /** Resources that are gone when this one is deleted. */
  takesAlong?: readonly NamingRule[];
  /** Boolean properties that forbid deletion while true. */
  protectedBy?: string[];
  /** Blocks (paths by `.`) that the cloud fills when they are not given: unknown in the plan of a create, kept in later plans. */
  openBlocks?: string[];
  /** Paths (without indexes) that the schema calls computed although the cloud adds nothing there: never unknown. */
  neverUnknown?: string[];
  /** Properties that an import does not give back. */
  notRead?: string[];
  /** Overrides of the schema's forceNew: a change of these paths replaces (true) or not (false), as the provider's own code decides. */
  forceNew?: { [path: string]: boolean };
  /** Provider code answers: one of these properties must be set. */
  oneOf?: string[][];
}

/** Rules by token. */
export type RuleTable = { readonly [token: string]: TypeRule };
