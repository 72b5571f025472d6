/** `panka state pull`: prints the state as it is recorded. */
import { Command } from "clipanion";
import { StackCommand } from "../base-command.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StatePullCommand extends StackCommand {
  static override paths = [["state", "pull"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "print the recorded state as JSON",
    details: "In clear, but for secret values, which stay encrypted. `panka state push` takes it back.",
    examples: [["Keep a copy", "panka state pull > state.json"]],
  });

  protected async run(output: Output): Promise<number> {
    const { statePull } = await import("../../framework/operations/state-change.js");
    output.out(await statePull(await this.open(output)));
    return 0;
  }
}
