/** `panka outputs`: the outputs of the components. */
import { Command, Option } from "clipanion";
import { SelectingCommand } from "../base-command.js";
import { listFormat } from "../list-format.js";
import { printOutputsList } from "../views/outputs.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class OutputsCommand extends SelectingCommand {
  static override paths = [["outputs"]];
  static override usage = Command.Usage({
    category: GROUP.look,
    description: "print the outputs of the components",
    details: "Secret outputs are shown as [secret]. `-o env` prints lines for a shell.",
    examples: [["As environment variables", "panka outputs -o env"]],
  });
  format = Option.String("-o", { description: "FORMAT: table, wide, json, yaml or env" });

  protected override wantsJson(): boolean {
    return this.json || this.format === "json";
  }

  protected async run(output: Output): Promise<number> {
    const format = listFormat(this.format, this.json, ["env"]);
    const { stackOutputs } = await import("../../framework/operations/outputs.js");
    const context = await this.open(output);
    await printOutputsList(await stackOutputs(context, { services: this.service, components: this.component }), format, output);
    return 0;
  }
}
