/** The plan: what a deploy would do, change by change. `panka plan --json` prints it. */
import type { Json } from "../base/json.js";
import type { BindingGrant } from "./assembly.js";
import type { ResourceState } from "./state-file.js";
import type { ResourceSpec } from "./resource.js";

/** What happens to a resource. */
export type ChangeAction = "create" | "update" | "replace" | "delete" | "same";

/** One property that differs. Secret values are shown as `"[secret]"`, unknown ones as null with `unknown: true`. */
export interface PropertyChange {
  path: string;
  before?: Json;
  after?: Json;
  secret: boolean;
  unknown: boolean;
  /** This change alone forces a replacement. */
  replaces: boolean;
}

/** One resource's part of the plan, as printed. */
export interface Change {
  urn: string;
  /** `service/component`. */
  component: string;
  type: string;
  action: ChangeAction;
  /** Plain words: `name changed and can't be changed in place`. */
  reasons: string[];
  properties: PropertyChange[];
}

/** What the engine needs for a change beyond what is printed. */
export interface Step {
  /** Key in the state. */
  key: string;
  change: Change;
  /** Absent for deletes. */
  spec?: ResourceSpec;
  prior?: ResourceState;
  /** Where the prior stands in the state when that is not `key`: an alias of the resource. */
  priorKey?: string;
  /** A delete that only drops the entry from the state (retainOnDelete). */
  retain?: boolean;
  /** A replacement asked for only because an input is not known yet; the engine asks again when it is. */
  tentative?: boolean;
  generation: number;
  /** For `replace`. */
  deleteBeforeReplace: boolean;
}

/** What is shown of a plan, to people and as JSON. Up to `changes` it is hashed. */
export interface ShownPlan {
  version: 1;
  stack: string;
  environment: string;
  /** Serial of the state it was made against; 0 without one. */
  serial: number;
  assemblyHash: string;
  /** SHA-256 over stack, environment, serial, assemblyHash and changes, names unfilled. */
  planHash: string;
  summary: Record<ChangeAction, number>;
  /** In dependency order; deletes last, in reverse dependency order; `same` included. */
  changes: Change[];
  /** Facts for the reader: items over $10 a month, rounded sizes, warnings. */
  notices: string[];
  /** Components that a selection left out. */
  leftOut: string[];
  /** What the roles of the planned components are allowed, printed beside the changes. */
  grants?: BindingGrant[];
}

/** A plan and the steps behind it. */
export interface Plan extends ShownPlan {
  /** One per change that is not `same`, and `same` ones whose recorded options differ. */
  steps: Step[];
  /** Look-ups and allotments to record. */
  lookups: { [key: string]: { token: string; args: Json; result: Json } };
  allotments: { [pool: string]: { [key: string]: number } };
  /** Results that must not be recorded: look-ups inside `$secret` or of sensitive outputs. In memory only, never printed. */
  secretLookups?: { [key: string]: { token: string; args: Json; result: Json } };
}
