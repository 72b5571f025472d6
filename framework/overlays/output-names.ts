/** Names of a component's outputs: those of its kind, and others that its field `outputs` adds: `outputs: { address: endpoint }`. */
import { isPlainObject } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import { oneOf } from "../model/component-names.js";
import type { Kind } from "../model/kind.js";
import type { ResolvedComponent } from "../model/stack-model.js";
import type { Resolution } from "./resolve.js";

type Spec = { [key: string]: unknown };

/** What can be written behind the dot of a reference. */
const NAME = /^[A-Za-z_]\w*$/;

/** The kind's own name of an output, or undefined if it has none of that name. */
function outputOfKind(kind: Kind, spec: Spec, output: string): string | undefined {
  const aliases = kind.outputAliases ?? {};
  const name = Object.hasOwn(aliases, output) ? (aliases[output] as string) : output;
  if (kind.hasOutput) return kind.hasOutput(name, spec) ? name : undefined;
  return Object.hasOwn(kind.outputs, name) ? name : undefined;
}

/** The names that a component adds, each with the output that it means. */
export function addedNames({ outputs }: Spec): { [name: string]: unknown } {
  return isPlainObject(outputs) ? outputs : {};
}

/** The kind's own name of the output that a reference to a component means, or undefined if it means none. */
export function outputOf(component: { kind: Kind; spec: Spec } | undefined, output: string): string | undefined {
  if (!component) return undefined;
  const { kind, spec } = component;
  const added = addedNames(spec);
  return outputOfKind(kind, spec, Object.hasOwn(added, output) ? String(added[output]) : output);
}

/** Reports added names that are taken or can't be written, and outputs that are not there. */
export function checkAddedNames({ address, kind: kindName, props, source }: ResolvedComponent, r: Resolution): void {
  const kind = r.registry.find(kindName);
  if (!kind) return;
  for (const [name, meant] of Object.entries(addedNames(props))) {
    const where = `outputs.${name}`;
    const at = { ...(source(where) ?? source("")), path: `${address}.spec.${where}` };
    if (!NAME.test(name)) {
      r.bag.error("output-name", `"${name}" can't be written in a reference`, { ...at, expected: "letters, digits and underscores" });
    } else if (Object.hasOwn({ ...kind.outputs, ...kind.outputAliases }, name)) {
      r.bag.error("output-taken", `${kind.name} has an output "${name}" of its own`, { ...at, expected: "another name" });
    } else if (outputOfKind(kind, props, String(meant)) === undefined) {
      const known = Object.keys(kind.outputs);
      const suggestion = nearest(String(meant), [...known, ...Object.keys(kind.outputAliases ?? {})]);
      r.bag.error("unknown-output", `${address} (${kind.name}) has no output "${String(meant)}"`, {
        ...at,
        expected: known.length > 0 ? oneOf(known) : "no other names: this kind has no outputs",
        ...(suggestion ? { suggestion } : {}),
      });
    }
  }
}
