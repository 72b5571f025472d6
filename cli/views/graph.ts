/** The graph of components as a text tree, DOT, Mermaid or JSON. */
import type { ComponentGraph } from "../../framework/model/assembly.js";
import { DOCUMENT_VERSION } from "./document.js";

/** What `--format` takes. */
export const GRAPH_FORMATS = ["text", "dot", "mermaid", "json"] as const;

/** One of {@link GRAPH_FORMATS}. */
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

/** Edges that carry nothing but an order, or not even that: drawn as dashes. */
const SOFT: ReadonlySet<string> = new Set(["dependsOn", "afterwards"]);

/** The graph as text in a format. `waves` are groups of addresses, each deployable once the ones before it stand. */
export function renderGraph(graph: ComponentGraph, waves: readonly (readonly string[])[], format: GraphFormat, stack: string): string {
  if (format === "dot") return dot(graph, stack);
  if (format === "mermaid") return mermaid(graph);
  if (format === "json")
    return JSON.stringify({ version: DOCUMENT_VERSION, stack, nodes: graph.nodes, edges: graph.edges, waves }, null, 2);
  return tree(graph, waves, stack);
}

/** The graph below services: each component with what it needs. */
function tree(graph: ComponentGraph, waves: readonly (readonly string[])[], stack: string): string {
  const lines = [stack];
  const services = [...new Set(graph.nodes.map((n) => n.service))].sort();
  for (const [i, service] of services.entries()) {
    const lastService = i === services.length - 1;
    lines.push(`${lastService ? "└── " : "├── "}${service}`);
    const nodes = graph.nodes.filter((n) => n.service === service);
    for (const [j, node] of nodes.entries()) {
      const lastNode = j === nodes.length - 1;
      const pad = lastService ? "    " : "│   ";
      lines.push(`${pad}${lastNode ? "└── " : "├── "}${node.address.split("/").pop()}  ${node.kind}`);
      const needs = graph.edges.filter((e) => e.from === node.address);
      for (const [k, edge] of needs.entries()) {
        lines.push(`${pad}${lastNode ? "    " : "│   "}${k === needs.length - 1 ? "└── " : "├── "}needs ${edge.to} (${edge.reason})`);
      }
    }
  }
  lines.push("", "Order:");
  for (const [i, wave] of waves.entries()) lines.push(`  ${i + 1}. ${wave.join(", ")}`);
  return lines.join("\n");
}

function dot(graph: ComponentGraph, stack: string): string {
  const q = (text: string) => JSON.stringify(text);
  const lines = [`digraph ${q(stack)} {`, "  rankdir=LR;", "  node [shape=box];"];
  for (const service of [...new Set(graph.nodes.map((n) => n.service))].sort()) {
    lines.push(`  subgraph ${q(`cluster_${service}`)} {`, `    label=${q(service)};`);
    for (const n of graph.nodes.filter((n) => n.service === service)) {
      lines.push(`    ${q(n.address)} [label=${q(`${n.address.split("/").pop()}\n${n.kind}`)}];`);
    }
    lines.push("  }");
  }
  for (const e of graph.edges) lines.push(`  ${q(e.from)} -> ${q(e.to)}${SOFT.has(e.reason) ? " [style=dashed]" : ""};`);
  return [...lines, "}"].join("\n");
}

function mermaid(graph: ComponentGraph): string {
  const ids = new Map(graph.nodes.map((n, i) => [n.address, `n${i}`]));
  const lines = ["graph LR"];
  for (const service of [...new Set(graph.nodes.map((n) => n.service))].sort()) {
    lines.push(`  subgraph ${service}`);
    for (const n of graph.nodes.filter((n) => n.service === service)) {
      lines.push(`    ${ids.get(n.address)}["${n.address.split("/").pop()} (${n.kind})"]`);
    }
    lines.push("  end");
  }
  for (const e of graph.edges) lines.push(`  ${ids.get(e.from)} ${SOFT.has(e.reason) ? "-.->" : "-->"} ${ids.get(e.to)}`);
  return lines.join("\n");
}
