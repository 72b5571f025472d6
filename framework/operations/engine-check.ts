/** Whether the run's engine can make what the stack has: known without loading an engine, which synth needs none of. */
import type { DiagnosticBag } from "../base/diagnostics.js";
import { componentOf, packageOf } from "../base/names.js";
import type { SynthResult } from "../model/assembly.js";
import type { Settings } from "./context.js";
import { positionIn } from "./positions.js";

/** Reports resources that only another engine than the run's can make, each where it is written. */
export function checkResources({ assembly, sources }: SynthResult, { engine, origins }: Settings, bag: DiagnosticBag): void {
  for (const { urn, type, options } of assembly.resources) {
    if (!options.engine || options.engine === engine) continue;
    const path = componentOf(urn);
    const message = `${type} is of the Pulumi package ${packageOf(type)}, which only the engine ${options.engine} can make; this run has ${engine} (${origins.engine ?? "default"})`;
    bag.error("other-engine-only", message, {
      ...positionIn(sources, path),
      path,
      next: `set engine: ${options.engine} in panka.config.yaml (for a deployed stack: panka engine switch ${options.engine}), or remove the resource`,
    });
  }
}
