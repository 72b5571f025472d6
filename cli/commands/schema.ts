/** `panka schema [KIND]`: the JSON Schema of the documents, for editors. */
import { Command, Option } from "clipanion";
import { BaseCommand } from "../base-command.js";
import type { Output } from "../views/output.js";

/** The command. */
export class SchemaCommand extends BaseCommand {
  static override paths = [["schema"]];
  static override usage = Command.Usage({
    description: "print the JSON Schema of the documents",
    details: "For all kinds, or for one. Editors read it for completion in YAML; `config` is panka.config.yaml.",
    examples: [["For an editor", "panka schema > .panka-schema.json"]],
  });
  kind = Option.String({ name: "KIND", required: false });

  protected async run(output: Output): Promise<number> {
    const [{ schemaOf }, { registry }] = await Promise.all([
      import("../../framework/operations/schema.js"),
      import("../../constructs/registry.js"),
    ]);
    output.document(schemaOf(registry, this.kind));
    return 0;
  }
}
