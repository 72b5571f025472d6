/** `panka import`: takes what exists in the cloud into the state, as the resources that the stack describes. */
import { Command, Option } from "clipanion";
import { EXIT, usageError } from "../../framework/base/errors.js";
import type { Import } from "../../framework/operations/import.js";
import { StackCommand } from "../base-command.js";
import { isYes } from "../prompt.js";
import { printDiagnostics } from "../views/diagnostics.js";
import { importJson, printImport, printImported } from "../views/import.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class ImportCommand extends StackCommand {
  static override paths = [["import"]];
  static override usage = Command.Usage({
    category: GROUP.deploy,
    description: "take what exists in the cloud into the stack",
    details:
      "Shows what the next deploy would change on it, asks, then records it; nothing in the cloud is touched. An id is of a component's main resource; what else the component has is looked for by what is known. Without an id the ids that are needed are listed.",
    examples: [
      ["A bucket, and what belongs to it", "panka import files/uploads acme-uploads -e production"],
      ["Several at once, from a YAML map of component or URN to id", "panka import --from ids.yaml"],
    ],
  });
  target = Option.String({ name: "COMPONENT", required: false });
  id = Option.String({ name: "ID", required: false });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  from = Option.String("--from", { description: "FILE: YAML, URN or component -> id" });
  dryRun = Option.Boolean("--dry-run", false, { description: "only show" });
  force = Option.Boolean("--force", false, { description: "also what carries the tags of another stack or resource" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });

  protected async run(output: Output): Promise<number> {
    if (this.from !== undefined && this.target !== undefined) {
      throw usageError("two-sources", "--from and a component exclude each other; expected one of them");
    }
    const { importResources } = await import("../../framework/operations/import.js");
    const context = await this.openOne(output, { ask: !this.yes });
    const { ask, settings } = context;
    if (!output.json) printDiagnostics(settings.warnings, output);
    const confirm = async (shown: Import): Promise<boolean> => {
      if (!output.json) printImport(shown, output);
      return this.yes || (ask !== undefined && isYes(await ask("Record this in the state? [y/N] ")));
    };
    const wishes = this.target === undefined ? [] : [{ target: this.target, id: this.id }];
    const done = await importResources(context, { wishes, from: this.from, dryRun: this.dryRun, force: this.force }, confirm);
    if (output.json) output.document(importJson(done, this.dryRun));
    else if (this.dryRun) printImport(done, output);
    else printImported(done, output);
    return done.done || this.dryRun ? EXIT.ok : EXIT.refused;
  }
}
