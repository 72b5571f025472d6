/** `panka status`: what stands in an environment, and who holds its lock. */
import { Command, Option } from "clipanion";
import { StackCommand } from "../base-command.js";
import { listFormat } from "../list-format.js";
import { printStatus } from "../views/status.js";
import type { Output } from "../views/output.js";

/** The command. */
export class StatusCommand extends StackCommand {
  static override paths = [["status"]];
  static override usage = Command.Usage({
    description: "show what stands in an environment",
    examples: [["What stands in production?", "panka status -e production"]],
  });
  format = Option.String("-o", { description: "table, wide, json or yaml" });

  protected override wantsJson(): boolean {
    return this.json || this.format === "json";
  }

  protected async run(output: Output): Promise<number> {
    const format = listFormat(this.format, this.json);
    const { status } = await import("../../framework/operations/status.js");
    const context = await this.open(output);
    await printStatus(await status(context), format, output);
    return 0;
  }
}
