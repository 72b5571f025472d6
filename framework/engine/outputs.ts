/** Outputs of components, resolved from what is recorded. */
import type { Json } from "../base/json.js";
import type { Assembly } from "../model/assembly.js";
import type { StateFile } from "../model/state-file.js";
import { outputOf, recordedOutputs } from "../plan/outputs.js";
import { resolveValue, type ResolveSource } from "../plan/resolve.js";

/**
 * The outputs of an assembly, as far as their resources stand; secret ones are listed as `<component>.<output>`, sorted.
 * An output that can't be resolved is left out.
 */
export function resolveOutputs(assembly: Assembly, state: StateFile): Pick<StateFile, "outputs" | "secretOutputs"> {
  const source = recordedSource(state);
  const outputs: { [component: string]: { [output: string]: Json } } = {};
  const secretOutputs: string[] = [];
  for (const component of Object.keys(assembly.outputs).sort()) {
    for (const [name, value] of Object.entries(assembly.outputs[component] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
      const resolved = resolveValue(value, source);
      if (resolved.value === undefined || resolved.unknown || resolved.problems.length > 0) continue;
      const of = outputs[component] ?? {};
      of[name] = resolved.value;
      outputs[component] = of;
      if (resolved.secretPaths.length > 0) secretOutputs.push(`${component}.${name}`);
    }
  }
  return { outputs, secretOutputs };
}

/** Where values come from when all is made: what is recorded. */
export function recordedSource(state: StateFile): ResolveSource {
  return {
    output: (urn, path) => {
      const resource = state.resources[urn];
      return resource ? outputOf(urn, recordedOutputs(resource), path) : { problem: `${urn} is not deployed` };
    },
    lookup: (key) => {
      const found = state.lookups[key];
      return found && { result: found.result, secret: false };
    },
    allotted: (pool, key) => state.allotments[pool]?.[key] ?? 0,
  };
}
