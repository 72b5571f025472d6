/** Selection: a plan for some components only. What they need elsewhere must already stand. */
import { compareText, type Diagnostic } from "../base/diagnostics.js";
import { componentOf } from "../base/names.js";
import type { Assembly } from "../model/assembly.js";

/** What a plan may touch; a resource is selected if any of the three names it. */
export interface Selection {
  /** Addresses `service/component`. */
  components?: Iterable<string>;
  /** Service names: also what they had and have no more. */
  services?: Iterable<string>;
  urns?: Iterable<string>;
  /** The command that would include what is missing; default: the deploy command with `--with-dependencies`. */
  next?: string;
}

/** Answers whether a state key or URN is selected. */
export function selector(selection: Selection | undefined): (key: string) => boolean {
  if (!selection) return () => true;
  const components = new Set(selection.components ?? []);
  const services = new Set(selection.services ?? []);
  const urns = new Set(selection.urns ?? []);
  return (key) => {
    const urn = urnOfKey(key);
    const component = componentOf(urn);
    return urns.has(urn) || components.has(component) || services.has(component.slice(0, component.indexOf("/")));
  };
}

/** The URN of a state key: `<urn>` or `<urn>#<generation>`. */
export function urnOfKey(key: string): string {
  const at = key.indexOf("#");
  return at < 0 ? key : key.slice(0, at);
}

/** Components of the assembly that a selection leaves out, sorted. */
export function leftOutComponents(assembly: Assembly, selected: (key: string) => boolean): string[] {
  const out = new Set<string>();
  for (const r of assembly.resources) if (!selected(r.urn)) out.add(componentOf(r.urn));
  return [...out].sort(compareText);
}

/** One error for everything that the selected components need and that is not deployed. `missing`: component -> what it needs. */
export function missingDependencies(
  assembly: Assembly,
  selection: Selection,
  missing: ReadonlyMap<string, ReadonlySet<string>>,
): Diagnostic {
  const needs = [...missing]
    .sort(([a], [b]) => compareText(a, b))
    .map(([component, needed]) => `${component} needs ${[...needed].sort(compareText).join(", ")}`);
  return {
    severity: "error",
    code: "missing-dependencies",
    message: `what the selected components need is not deployed yet: ${needs.join("; ")}`,
    next: selection.next ?? defaultCommand(assembly, selection),
  };
}

function defaultCommand(assembly: Assembly, selection: Selection): string {
  const flags = [
    ...[...(selection.services ?? [])].map((s) => `--service ${s}`),
    ...[...(selection.components ?? [])].map((c) => `--component ${c}`),
  ];
  return `panka deploy --stack ${assembly.stack} ${flags.join(" ")} -e ${assembly.environment} --with-dependencies`;
}
