/** Outputs of components, resolved from what is recorded. */
import type { Json } from "../base/json.js";
import type { Assembly } from "../model/assembly.js";
import type { StateFile } from "../model/state-file.js";
import { recordedSource } from "../plan/outputs.js";
import { resolveValue } from "../plan/resolve.js";

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
