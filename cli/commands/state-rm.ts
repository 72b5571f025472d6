/** `panka state rm TARGET...`: forgets resources without deleting them. */
import { Command, Option } from "clipanion";
import { StateChangingCommand } from "../state-changing.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StateRmCommand extends StateChangingCommand {
  static override paths = [["state", "rm"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "forget resources; the cloud keeps them",
    examples: [["What another tool manages from now on", "panka state rm users/api"]],
  });
  targets = Option.Rest({ name: "URN-OR-COMPONENT", required: 1 });

  protected async run(output: Output): Promise<number> {
    const operations = await import("../../framework/operations/state-change.js");
    return this.change(output, (context, confirm) => operations.stateRemove(context, this.targets, confirm));
  }
}
