/** A resource of the assembly: one thing in the cloud, described; nothing done yet. */
import type { RefValue, Value } from "./values.js";

/** How a lost create is found again (protocol: A by name or id, B by tag, C among the parent's children, D not at all, E made once more: it is nothing that would be there twice). */
export interface ProbeSpec {
  class: "A" | "B" | "C" | "D" | "E";
  /** Import id computed from known values (may hold `$ref` and `{"$name": true}`, the physical name filled in by plan). With a `lookup`: what follows its answer in the import id. */
  importId?: Value;
  /** A data source, or a list of listings.ts, that finds it: token, args, and the path of the import id in its result. `tagged`: the identity tags are one more argument. */
  lookup?: { token: string; args: Value; output: string; tagged?: true };
}

/** Options of a resource; every one absent means its default. */
export interface ResourceOptions {
  /** Delete and replace are refused unless allowed by name. Default false. */
  protect?: boolean;
  /** Property paths whose changes are ignored after create. */
  ignoreChanges?: string[];
  /** Delete the old one before creating its successor. Default false: create first. */
  deleteBeforeReplace?: boolean;
  /** URNs that this resource had before. */
  aliases?: string[];
  /** Drop from the state instead of deleting. Default false. */
  retainOnDelete?: boolean;
  /** The engine that alone can make it; absent: any. */
  engine?: "pulumi";
  /** Seconds. */
  timeouts?: { create?: number; update?: number; delete?: number };
}

/** A journaled step after create or update; idempotent; run by a function table that operations passes to the engine. */
export interface ActionSpec {
  name: string;
  args: { [key: string]: Value };
}

/** One resource. `type` is a Pulumi token, `props` are the inputs of that class in its spelling, with tagged values. */
export interface ResourceSpec {
  urn: string;
  type: string;
  /** The readable name: `<stack>-<environment>-<service>-<component>[-<role>]`. */
  name: string;
  props: { [key: string]: Value };
  /** URNs that must be ready first, beyond those that `props` refers to; sorted. */
  dependsOn: string[];
  options: ResourceOptions;
  probe: ProbeSpec;
  actions?: ActionSpec[];
}

/** A handle on a resource while expanding: its URN and a maker of references to its outputs. */
export interface ResourceHandle {
  readonly urn: string;
  /** `{"$ref": {urn, output}}`. */
  out(output: string): RefValue & Value;
}
