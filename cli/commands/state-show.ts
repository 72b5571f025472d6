/** `panka state show`: the state as recorded, secrets left out. */
import { Command, Option } from "clipanion";
import { ListingCommand } from "../base-command.js";
import { printState } from "../views/status.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StateShowCommand extends ListingCommand {
  static override paths = [["state", "show"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "show the state as recorded",
    details: "With a URN or an address: only that. Secrets are shown as [secret].",
    examples: [["All of it", "panka state show --json"]],
  });
  urn = Option.String("--urn", { description: "URN: only the resource of this URN" });

  protected async run(output: Output): Promise<number> {
    const format = this.listFormat();
    const { stateShow } = await import("../../framework/operations/state-show.js");
    await printState(await stateShow(await this.open(output), { urn: this.urn }), format, output);
    return 0;
  }
}
