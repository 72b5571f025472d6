/** `panka state push FILE`: puts an edited state in place of the recorded one. */
import { Command, Option } from "clipanion";
import { StateChangingCommand } from "../state-changing.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StatePushCommand extends StateChangingCommand {
  static override paths = [["state", "push"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "write an edited state as a new serial",
    details: "Takes what `panka state pull` printed. Refused for another stack, and if the state moved on since it was pulled.",
    examples: [["After an edit", "panka state push state.json"]],
  });
  file = Option.String({ name: "FILE", required: true });

  protected async run(output: Output): Promise<number> {
    const operations = await import("../../framework/operations/state-change.js");
    return this.change(output, (context, confirm) => operations.statePush(context, this.file, confirm));
  }
}
