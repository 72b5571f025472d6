/** `panka schema [KIND]`: the JSON Schema of the documents, for editors. */
import { Command, Option } from "clipanion";
import type { OperationContext } from "../../framework/operations/context.js";
import { BaseCommand } from "../base-command.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class SchemaCommand extends BaseCommand {
  static override paths = [["schema"]];
  static override usage = Command.Usage({
    category: GROUP.write,
    description: "print the JSON Schema of the documents",
    details: "For all kinds, or for one. Editors read it for completion in YAML; `config` is panka.config.yaml.",
    examples: [["For an editor", "panka schema > .panka-schema.json"]],
  });
  kind = Option.String({ name: "KIND", required: false });

  protected async run(output: Output): Promise<number> {
    const { schemaOf } = await import("../../framework/operations/schema.js");
    // The configuration may name kinds; its own schema is wanted just when it has a problem.
    const { registry } = this.kind === "config" ? await import("../../constructs/registry.js") : await this.known(output);
    output.document(schemaOf(registry, this.kind));
    return 0;
  }

  /** The context of the folder, for its kinds. */
  private async known(output: Output): Promise<OperationContext> {
    const { openContext } = await import("../open-context.js");
    return openContext(this.context, { vars: {}, emit: () => {}, ask: false, say: (line) => output.err(line) });
  }
}
