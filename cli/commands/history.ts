/** `panka history`: the releases of a stack in an environment. */
import { Command } from "clipanion";
import { EXIT } from "../../framework/base/errors.js";
import { ListingCommand } from "../base-command.js";
import { printList } from "../list-format.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The last part of an ARN; any other name as it is. */
const shortName = (by: string): string => (by.startsWith("arn:") ? by.slice(by.lastIndexOf("/") + 1) : by);

/** The command. */
export class HistoryCommand extends ListingCommand {
  static override paths = [["history"]];
  static override usage = Command.Usage({
    category: GROUP.look,
    description: "list the releases, newest first",
    examples: [["Who deployed production?", "panka history -e production"]],
  });

  protected async run(output: Output): Promise<number> {
    const format = this.listFormat();
    const { history } = await import("../../framework/operations/history.js");
    const { releases, problems } = await history(await this.open(output));
    await printList(
      releases,
      [
        { name: "serial", read: (r) => String(r.serial) },
        { name: "when", read: (r) => r.at },
        { name: "who", read: (r) => r.by },
        { name: "operation", read: (r) => r.operation },
        { name: "approved", read: (r) => (r.approvedBy ?? []).map(shortName).join(", ") },
        { name: "status", read: (r) => r.status },
        { name: "changes", read: (r) => `+${r.summary.create} ~${r.summary.update} ±${r.summary.replace} -${r.summary.delete}` },
        { name: "commit", read: (r) => (r.gitCommit ?? "").slice(0, 12), wide: true },
        { name: "plan", read: (r) => (r.plan ?? "").slice(0, 12), wide: true },
        { name: "assembly", read: (r) => r.assemblyHash.slice(0, 12), wide: true },
      ],
      format,
      output,
      "Nothing was released here yet. Next: panka deploy",
      problems,
    );
    return problems.length === 0 ? EXIT.ok : EXIT.failed;
  }
}
