/** What of a stack a run is narrowed to. */
import { usageError } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { ComponentNames } from "../model/component-names.js";
import { select } from "../graph/index.js";
import type { ComponentGraph } from "../model/assembly.js";

/** From `--service`, `--component`, `--with-dependencies`. Empty lists select all. */
export interface SelectionOptions {
  services: string[];
  components: string[];
  withDependencies: boolean;
}

/** True if it narrows anything. */
export function isNarrowed(selection: SelectionOptions): boolean {
  return selection.services.length > 0 || selection.components.length > 0;
}

/** Checks the names of a selection and turns it into what the plan takes. Throws a usage error with the nearest name. */
export function planSelection(graph: ComponentGraph, selection: SelectionOptions): { components: string[]; services?: string[] } {
  const addresses = chosen(graph, selection);
  const withShared = selection.withDependencies ? { services: [...selection.services, "_stack"] } : { services: selection.services };
  return { components: addresses, ...withShared };
}

/** Addresses that a selection means. */
export function chosen(graph: ComponentGraph, selection: SelectionOptions): string[] {
  const { withDependencies } = selection;
  const services = [...new Set(graph.nodes.map((n) => n.service))];
  const found = new Set<string>();
  for (const service of selection.services) {
    if (!services.includes(service)) throw unknown("--service", service, services, nearest(service, services));
    if (selection.components.length > 0) continue;
    for (const address of select(graph, { service, withDependencies })) found.add(address);
  }
  for (const component of selection.components) {
    const [service] = selection.services.length === 1 ? selection.services : [];
    const hits = select(graph, { component, ...(service ? { service } : {}), withDependencies });
    if (hits.length === 0) {
      const addresses = graph.nodes.map((n) => n.address);
      throw unknown("--component", component, addresses, new ComponentNames(addresses).nearest(component));
    }
    for (const address of hits) found.add(address);
  }
  return [...found].sort();
}

function unknown(flag: string, name: string, known: readonly string[], guess: string | undefined): Error {
  return usageError("unknown-selection", `${flag} ${name}: the stack has none of that name${guess ? `; did you mean ${guess}?` : ""}`, {
    next: `one of ${known.join(", ")}`,
  });
}
