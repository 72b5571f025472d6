/** `panka show COMPONENT`: one component: its resources, outputs, and what it needs. */
import { Command, Option } from "clipanion";
import { StackCommand } from "../base-command.js";
import { listFormat } from "../list-format.js";
import { printComponent } from "../views/status.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class ShowCommand extends StackCommand {
  static override paths = [["show"]];
  static override usage = Command.Usage({
    category: GROUP.look,
    description: "show one component as it stands",
    examples: [["The queue of the quickstart", "panka show shop/jobs"]],
  });
  target = Option.String({ name: "COMPONENT", required: true });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  format = Option.String("-o", { description: "FORMAT: table, json or yaml" });

  protected override wantsJson(): boolean {
    return this.json || this.format === "json";
  }

  protected async run(output: Output): Promise<number> {
    const format = listFormat(this.format, this.json);
    const { showComponent } = await import("../../framework/operations/show.js");
    const context = await this.open(output);
    await printComponent(await showComponent(context, this.target), format, output);
    return 0;
  }
}
