/**
 * Classes of other Pulumi packages in an ejected program: imported where the npm package is known, else declared in the program itself, which
 * is all that Pulumi needs to register them.
 */
import type { Assembly } from "../../../model/assembly.js";
import type { StateFile } from "../../../model/state-file.js";
import { packageOf } from "../../../base/names.js";
import { keyOf } from "./code.js";
import { classOf, identifierOf, memberOf } from "./names.js";

/** The npm package of a Pulumi package. */
export interface NodePackage {
  /** `@pulumi/random`. */
  name: string;
  version: string;
}

/** Pulumi package -> npm package, as far as known. */
export type NodePackages = ReadonlyMap<string, NodePackage>;

/** What a program says of other packages. */
export interface ForeignClasses {
  /** Import lines, sorted. */
  imports: string[];
  /** Declarations of classes, sorted. */
  declarations: string[];
  /** Names that both take. */
  names: string[];
  /** The class of a type. */
  member(type: string): string;
}

/** The classes of all types that are not of the provider's own package. */
export function foreignClasses(parts: { assembly: Assembly; state: StateFile; package: string; packages: NodePackages }): ForeignClasses {
  const { assembly, state, packages } = parts;
  const types = [...new Set(assembly.resources.map((r) => r.type))].filter((type) => packageOf(type) !== parts.package).sort();
  const known = types.filter((type) => packages.has(packageOf(type)));
  const unknown = types.filter((type) => !packages.has(packageOf(type)));
  const imported = [...new Set(known.map(packageOf))];
  const properties = (type: string): string[] => {
    const recorded = Object.values(state.resources).filter((r) => r.type === type);
    return [...new Set(recorded.flatMap((r) => [...Object.keys(r.inputs), ...Object.keys(r.outputs)]))].sort();
  };
  return {
    imports: imported.map((name) => `import * as ${identifierOf(name)} from ${JSON.stringify(packages.get(name)?.name)};`),
    declarations: unknown.map((type) => declaration(type, properties(type))),
    names: [...imported.map(identifierOf), ...unknown.map(classOf)],
    member: (type) => (unknown.includes(type) ? classOf(type) : memberOf(type)),
  };
}

function declaration(type: string, properties: readonly string[]): string {
  const names = properties.filter((name) => name !== "id" && name !== "urn");
  return [
    `/** ${type}. If its package has a class for it, that one can stand here instead. */`,
    `class ${classOf(type)} extends pulumi.CustomResource {`,
    ...names.map((name) => `  declare readonly ${keyOf(name)}: pulumi.Output<any>;`),
    "  constructor(name: string, args: { [name: string]: any }, options?: pulumi.CustomResourceOptions) {",
    `    super(${JSON.stringify(type)}, name, { ${[...names.map((name) => `${keyOf(name)}: undefined`), "...args"].join(", ")} }, options);`,
    "  }",
    "}",
  ].join("\n");
}
