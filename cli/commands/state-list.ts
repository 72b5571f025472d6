/** `panka state list`: lists what is recorded. */
import { Command } from "clipanion";
import { ListingCommand } from "../base-command.js";
import { printList } from "../list-format.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StateListCommand extends ListingCommand {
  static override paths = [["state", "list"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "list the recorded resources",
    examples: [["What stands", "panka state list"]],
  });

  protected async run(output: Output): Promise<number> {
    const format = this.listFormat();
    const { stateShow } = await import("../../framework/operations/state-show.js");
    const { state } = await stateShow(await this.open(output), {});
    const rows = Object.entries(state.resources).map(([key, r]) => ({ key, type: r.type, id: r.id, status: r.status }));
    await printList(
      rows,
      [
        { name: "urn", read: (r) => r.key },
        { name: "id", read: (r) => r.id },
        { name: "status", read: (r) => r.status },
        { name: "type", read: (r) => r.type, wide: true },
      ],
      format,
      output,
      "Nothing is recorded here.",
    );
    return 0;
  }
}
