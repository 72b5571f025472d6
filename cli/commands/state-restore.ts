/** `panka state restore SERIAL`: brings back a kept state. */
import { Command, Option } from "clipanion";
import { StateChangingCommand } from "../state-changing.js";
import { usageError } from "../../framework/base/errors.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StateRestoreCommand extends StateChangingCommand {
  static override paths = [["state", "restore"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "bring back a kept state, as a new serial",
    details: "Also where the state is damaged or gone. It changes what is recorded, not the cloud: panka plan then shows the difference.",
    examples: [["The serials are in `panka state history`", "panka state restore 12"]],
  });
  serial = Option.String({ name: "SERIAL", required: true });

  protected async run(output: Output): Promise<number> {
    if (!/^[1-9]\d{0,14}$/.test(this.serial))
      throw usageError("bad-serial", `${this.serial} is no serial; expected a number`, { next: "panka state history" });
    const { stateRestore } = await import("../../framework/operations/state-change.js");
    return this.change(output, (context, confirm) => stateRestore(context, Number(this.serial), confirm));
  }
}
