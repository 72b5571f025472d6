/** Other names that a component gives its outputs: `outputs: { address: endpoint }`. */
import { Ref, type ResolvedComponent, type Value } from "../model/index.js";
import type { SynthRun } from "./run.js";

/** What can be written behind the dot of a reference. */
const NAME = /^[A-Za-z_]\w*$/;

/** Adds them to the outputs of an expanded component; reports names that are taken or can't be written, and outputs that are not there. */
export function otherNames(run: SynthRun, component: ResolvedComponent): void {
  const { address, props } = component;
  const kind = run.options.registry.find(component.kind);
  const outputs = run.expanded.get(address)?.outputs as { [name: string]: Value } | undefined;
  if (!kind || !outputs) return;
  const added: { [name: string]: Value } = {};
  for (const [name, meant] of Object.entries((props["outputs"] ?? {}) as { [name: string]: string })) {
    const path = `outputs.${name}`;
    if (!NAME.test(name))
      run.problem(address, path, "output-name", `"${name}" can't be written in a reference`, {
        expected: "letters, digits and underscores",
      });
    else if (Object.hasOwn(kind.outputs, name) || Object.hasOwn(kind.outputAliases ?? {}, name) || Object.hasOwn(outputs, name))
      run.problem(address, path, "output-taken", `${kind.name} has an output "${name}" of its own`, { expected: "another name" });
    else added[name] = run.resolveRef(new Ref(address, meant), address, path, address);
  }
  Object.assign(outputs, added);
}
