/** `panka version`: the version of Panka. */
import { Command } from "clipanion";
import { BaseCommand } from "../base-command.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class VersionCommand extends BaseCommand {
  static override paths = [["version"], ["--version"], ["-v"]];
  static override usage = Command.Usage({
    category: GROUP.look,
    description: "print the version",
  });

  protected async run(output: Output): Promise<number> {
    if (output.json) output.document(envelope(true, { panka: this.context.version }));
    else output.out(this.context.version);
    return 0;
  }
}
