/** A resource on its way into the plan: what it was, what it is to be, and whether the provider must be asked. */
import { jsonEqual, type Json } from "../base/json.js";
import { getPath, setPath } from "../base/property-path.js";
import type { PriorResource, Props } from "../model/provider.js";
import type { TypeSchema } from "../model/provider-schema.js";
import type { ResourceSpec } from "../model/resource.js";
import type { ResourceState } from "../model/state-file.js";
import { fillIdentity, sensitivePaths } from "./identity.js";
import { providerInputs, resolveValue, type ResolveSource } from "./resolve.js";

/** Recorded resource and its key. */
export interface Prior {
  key: string;
  state: ResourceState;
}

/** Inputs of one generation of a resource. */
export interface ResolvedInputs {
  /** As recorded: escapes and assets kept. May hold UNKNOWN. */
  inputs: Props;
  /** Paths below the inputs that are secret, sorted. */
  secretPaths: string[];
  unknown: boolean;
  problems: string[];
}

/** What inputs are resolved with. */
export interface ResolveOptions {
  source: ResolveSource;
  schema: TypeSchema | undefined;
  lineage: string;
  generation: number;
  prior?: ResourceState;
  /** Keep `$json` as structure. */
  structured?: boolean;
}

/** Resolves the props of a spec: values, name, tags, and what `ignoreChanges` keeps from before. */
export function resolveInputs(spec: ResourceSpec, options: ResolveOptions): ResolvedInputs {
  const { source, schema, prior } = options;
  const resolved = resolveValue(spec.props, source, options.structured ?? false);
  let inputs = fillIdentity((resolved.value ?? {}) as Props, spec, schema, {
    lineage: options.lineage,
    generation: options.generation,
    recorded: prior?.generation === options.generation ? prior.inputs : undefined,
  });
  if (prior) {
    for (const path of spec.options.ignoreChanges ?? []) inputs = setPath(inputs, path, getPath(prior.inputs, path)) as Props;
  }
  const secretPaths = [...new Set([...resolved.secretPaths, ...sensitivePaths(schema, inputs)])].sort();
  return { inputs, secretPaths, unknown: resolved.unknown, problems: resolved.problems };
}

/** The recorded resource as the provider wants it. */
export function toPrior(state: ResourceState, assetPath: (sha: string) => string): PriorResource {
  return {
    id: state.id,
    inputs: providerInputs(state.inputs as Json, assetPath) as Props,
    outputs: state.outputs,
    private: state.private,
    schemaVersion: state.schemaVersion,
  };
}

/** URNs that a resource needs: those its props, probe and actions refer to, and `dependsOn`; sorted. */
export function needsOf(spec: ResourceSpec, refs: readonly string[]): string[] {
  const all = new Set([...refs, ...spec.dependsOn]);
  all.delete(spec.urn);
  return [...all].sort();
}

/** True if what is recorded beside the inputs differs from what the spec wants: protect, edges, secrets, other options. */
export function optionsDiffer(state: ResourceState, spec: ResourceSpec, needs: readonly string[], secretPaths: readonly string[]): boolean {
  const o = spec.options;
  return (
    state.protect !== (o.protect ?? false) ||
    (state.retainOnDelete ?? false) !== (o.retainOnDelete ?? false) ||
    (state.deleteBeforeReplace ?? false) !== (o.deleteBeforeReplace ?? false) ||
    !jsonEqual(state.dependsOn, needs) ||
    secretPaths.some((p) => !state.secretPaths.includes(`inputs.${p}`)) ||
    actionsLeft(spec, state).length > 0
  );
}

/** Actions of a spec that are not recorded as done. */
export function actionsLeft(spec: ResourceSpec, state: ResourceState): NonNullable<ResourceSpec["actions"]> {
  const done = new Set(state.actionsDone ?? []);
  return (spec.actions ?? []).filter((a) => !done.has(a.name));
}
