/** `panka state mv FROM TO`: gives what is recorded another name. */
import { Command, Option } from "clipanion";
import { StateChangingCommand } from "../state-changing.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StateMvCommand extends StateChangingCommand {
  static override paths = [["state", "mv"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "record a resource or component under another name",
    details: "Nothing in the cloud is touched.",
    examples: [["A component that was renamed in the code", "panka state mv users/api users/web"]],
  });
  from = Option.String({ name: "FROM", required: true });
  to = Option.String({ name: "TO", required: true });

  protected async run(output: Output): Promise<number> {
    const operations = await import("../../framework/operations/state-change.js");
    return this.change(output, (context, confirm) => operations.stateMove(context, this.from, this.to, confirm));
  }
}
