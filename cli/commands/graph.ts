/** `panka graph`: components and what they need. */
import { Command, Option } from "clipanion";
import { EXIT, usageError } from "../../framework/base/errors.js";
import { SelectingCommand } from "../base-command.js";
import { GRAPH_FORMATS, type GraphFormat, renderGraph } from "../views/graph.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class GraphCommand extends SelectingCommand {
  static override paths = [["graph"]];
  static override usage = Command.Usage({
    category: GROUP.write,
    description: "show the components and what each needs",
    details: "Formats: text (default), dot, mermaid, json.",
    examples: [["As a picture", "panka graph --format dot | dot -Tsvg > graph.svg"]],
  });
  format = Option.String("--format", { description: `FORMAT: ${GRAPH_FORMATS.join(", ")}` });

  protected override wantsJson(): boolean {
    return this.json || this.format === "json";
  }

  protected async run(output: Output): Promise<number> {
    const format = (output.json ? "json" : (this.format ?? "text")) as GraphFormat;
    if (!GRAPH_FORMATS.includes(format)) throw usageError("bad-format", `unknown format "${format}"; expected ${GRAPH_FORMATS.join(", ")}`);
    const { stackGraph } = await import("../../framework/operations/graph.js");
    const context = await this.open(output);
    const { stack, graph, waves } = await stackGraph(context, {
      services: this.service,
      components: this.component,
      withDependencies: false,
    });
    output.out(renderGraph(graph, waves, format, stack));
    return EXIT.ok;
  }
}
