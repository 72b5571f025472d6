/** `panka engine install`: the Pulumi CLI, for engine: pulumi. */
import { Command } from "clipanion";
import { StackCommand } from "../base-command.js";
import { printInstalled } from "../views/engine.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class EngineInstallCommand extends StackCommand {
  static override paths = [["engine", "install"]];
  static override usage = Command.Usage({
    category: GROUP.engine,
    description: "install the Pulumi CLI that engine: pulumi needs",
    details: "Downloads the pinned version into ~/.panka/pulumi. A CLI on PATH or in PANKA_PULUMI_HOME is used as it is.",
    examples: [["Once per machine", "panka engine install"]],
  });

  protected async run(output: Output): Promise<number> {
    const { installEngine } = await import("../../framework/operations/engine-install.js");
    return printInstalled(await installEngine(await this.open(output)), output);
  }
}
