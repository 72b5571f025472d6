/** The graph of a stack's components, whole or selected. */
import type { ComponentGraph } from "../model/assembly.js";
import { waves } from "../graph/index.js";
import { chosen } from "./selection.js";
import { compile } from "./compile.js";
import type { OperationContext } from "./context.js";
import { isNarrowed, type SelectionOptions } from "./selection.js";

/** Compiles the stack and gives its graph. Throws PankaError `invalid-stack`; usage errors for an unknown selection. */
export async function stackGraph(
  context: OperationContext,
  selection: SelectionOptions,
): Promise<{ stack: string; graph: ComponentGraph; waves: string[][] }> {
  const { synth, model } = await compile(context);
  let graph = synth.graph;
  if (isNarrowed(selection)) {
    const shown = new Set(chosen(graph, { ...selection, withDependencies: true }));
    graph = {
      nodes: graph.nodes.filter((n) => shown.has(n.address)),
      edges: graph.edges.filter((e) => shown.has(e.from) && shown.has(e.to)),
    };
  }
  return { stack: model.stack, graph, waves: waves(needsOf(graph)) };
}

/** Address -> addresses it needs before itself. */
function needsOf(graph: ComponentGraph): Map<string, string[]> {
  const needs = new Map<string, string[]>(graph.nodes.map((n) => [n.address, []]));
  for (const edge of graph.edges) if (edge.reason !== "afterwards") needs.get(edge.from)?.push(edge.to);
  return needs;
}
