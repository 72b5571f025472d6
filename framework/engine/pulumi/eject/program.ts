/** The program of an ejected project: every resource as an object of its Pulumi class, in the order in which they need each other. */
import type { Json } from "../../../base/json.js";
import { componentOf } from "../../../base/names.js";
import type { Assembly } from "../../../model/assembly.js";
import type { ResourceSpec } from "../../../model/resource.js";
import type { ResourceState, StateFile } from "../../../model/state-file.js";
import { refsIn, type Value } from "../../../model/values.js";
import { topologicalOrder } from "../../../graph/order.js";
import { needsOf } from "../../../plan/candidate.js";
import { inputSecrets } from "../../../plan/outputs.js";
import { recordedSource } from "../../../plan/outputs.js";
import { pulumiName } from "../urns.js";
import { secondsOf } from "../values.js";
import { type Code, literal, print } from "./code.js";
import { expression, type Scope } from "./expressions.js";
import { foreignClasses, type ForeignClasses, type NodePackages } from "./foreign.js";
import { variablesOf } from "./names.js";

/** What a program is made of. */
export interface ProgramParts {
  assembly: Assembly;
  state: StateFile;
  /** Pulumi's package of the provider: `aws`. */
  package: string;
  /** Of other Pulumi packages. */
  packages: NodePackages;
  /** The archive of an asset, relative to the project. */
  asset(sha: string): string;
}

/** index.ts; deterministic. Throws PankaError `secret-in-code`. */
export function programOf(parts: ProgramParts): string {
  const { assembly, state } = parts;
  const classes = foreignClasses(parts);
  const specs = new Map(assembly.resources.map((r) => [r.urn, r]));
  const order = topologicalOrder(new Map([...specs].map(([urn, spec]) => [urn, needsOf(spec, refsIn(spec.props))])));
  const variables = variablesOf(order, [parts.package, ...classes.names]);
  const source = recordedSource(state);
  const make = (secrets: readonly string[]): Scope => ({
    variable: (urn) => variables.get(urn) as string,
    outputs: (urn) => ({ ...state.resources[urn]?.outputs, id: state.resources[urn]?.id ?? "" }),
    source,
    asset: parts.asset,
    secret: (path) => secrets.includes(path),
  });
  const lines: string[] = [
    `// ${assembly.stack} in ${assembly.environment}, as it was deployed. The names in quotes are those of the components.`,
    'import * as pulumi from "@pulumi/pulumi";',
    `import * as ${parts.package} from "@pulumi/${parts.package}";`,
    ...classes.imports,
    ...classes.declarations.flatMap((text) => ["", text]),
  ];
  let component = "";
  for (const urn of order) {
    const recorded = state.resources[urn];
    if (!recorded) continue;
    if (componentOf(urn) !== component) lines.push("", `// ${componentOf(urn)}`);
    component = componentOf(urn);
    lines.push(resourceText(specs.get(urn) as ResourceSpec, recorded, classes, make(inputSecrets(recorded.secretPaths))));
  }
  return `${[...lines, "", outputsText(assembly, state, make([]))].join("\n")}\n`;
}

function resourceText(spec: ResourceSpec, recorded: ResourceState, classes: ForeignClasses, scope: Scope): string {
  const props = expression(spec.props as unknown as Value, recorded.inputs as Json, scope) ?? { fields: [] };
  const options = optionsOf(spec, scope);
  const args = [literal(pulumiName(spec.urn)), props, ...(options.fields.length > 0 ? [options] : [])];
  return `const ${scope.variable(spec.urn)} = ${print({ call: `new ${classes.member(spec.type)}`, of: args }, 0, scope.variable(spec.urn).length + 9)};`;
}

function optionsOf({ options, dependsOn }: ResourceSpec, scope: Scope): { fields: [string, Code][] } {
  const fields: [string, Code][] = [];
  if (dependsOn.length > 0) fields.push(["dependsOn", { items: dependsOn.map((urn) => ({ text: scope.variable(urn) })) }]);
  for (const flag of ["protect", "retainOnDelete", "deleteBeforeReplace"] as const) if (options[flag]) fields.push([flag, literal(true)]);
  if (options.ignoreChanges?.length) fields.push(["ignoreChanges", literal(options.ignoreChanges)]);
  if (options.timeouts) fields.push(["customTimeouts", literal(secondsOf(options.timeouts))]);
  return { fields };
}

/** The components' outputs, as the stack's one output `outputs`. */
function outputsText(assembly: Assembly, state: StateFile, scope: Scope): string {
  const secret = new Set(state.secretOutputs);
  const fields = Object.entries(state.outputs).map(([address, values]): [string, Code] => {
    const own = Object.entries(values).map(([name, recorded]): [string, Code] => {
      const hidden = secret.has(`${address}.${name}`);
      const code = expression(assembly.outputs[address]?.[name], recorded, { ...scope, secret: () => hidden }) ?? literal(null);
      return [name, code];
    });
    return [address, { fields: own }];
  });
  return `export const outputs = ${print({ fields }, 0, 23)};`;
}
