/** Other names that a component gives its outputs: `outputs: { address: endpoint }`. */
import { Ref, type ResolvedComponent, type Value } from "../model/index.js";
import type { SynthRun } from "./run.js";

/** Adds them to the outputs of an expanded component. */
export function otherNames(run: SynthRun, { address, props }: ResolvedComponent): void {
  const outputs = run.expanded.get(address)?.outputs as { [name: string]: Value } | undefined;
  if (!outputs) return;
  for (const [name, meant] of Object.entries((props["outputs"] ?? {}) as { [name: string]: string }))
    outputs[name] = run.resolveRef(new Ref(address, meant), address, `outputs.${name}`, address);
}
