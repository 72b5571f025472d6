/** `panka state history`: lists the states that are kept. */
import { Command } from "clipanion";
import { ListingCommand } from "../base-command.js";
import { printList } from "../list-format.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StateHistoryCommand extends ListingCommand {
  static override paths = [["state", "history"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "list the states that are kept, newest first",
    examples: [["Which serial to go back to", "panka state history"]],
  });

  protected async run(output: Output): Promise<number> {
    const format = this.listFormat();
    const { stateHistory } = await import("../../framework/operations/state-change.js");
    const rows = await stateHistory(await this.open(output));
    await printList(
      rows,
      [
        { name: "serial", read: (r) => String(r.serial) },
        { name: "when", read: (r) => r.at },
        { name: "who", read: (r) => r.by },
        { name: "operation", read: (r) => r.operation },
        { name: "fence", read: (r) => String(r.fence), wide: true },
      ],
      format,
      output,
      "No state is kept here yet. Next: panka deploy",
    );
    return 0;
  }
}
