/** `panka doctor`: is everything in place to deploy, and where does each setting come from. */
import { Command } from "clipanion";
import { StackCommand } from "../base-command.js";
import { printDoctor } from "../views/doctor.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class DoctorCommand extends StackCommand {
  static override paths = [["doctor"]];
  static override usage = Command.Usage({
    category: GROUP.look,
    description: "check that everything is in place to deploy",
    details: "Each check says the next step. Also says which setting came from where.",
    examples: [["For production", "panka doctor -e production"]],
  });

  protected async run(output: Output): Promise<number> {
    const { doctor } = await import("../../framework/operations/doctor.js");
    const context = await this.open(output);
    return printDoctor(await doctor(context), output);
  }
}
