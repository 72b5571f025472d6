/** `panka list`: the stacks and environments that the back end knows. */
import type { ListedStack } from "../../framework/operations/list.js";
import { Command } from "clipanion";
import { ListingCommand } from "../base-command.js";
import { printList } from "../list-format.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class ListCommand extends ListingCommand {
  static override paths = [["list"]];
  static override usage = Command.Usage({
    category: GROUP.look,
    description: "list the deployed stacks and environments",
    examples: [["All that this project's back end holds", "panka list"]],
  });

  protected async run(output: Output): Promise<number> {
    const format = this.listFormat();
    const { listStacks } = await import("../../framework/operations/list.js");
    const rows = await listStacks(await this.open(output));
    await printList(
      rows,
      [
        ...(rows.some((r) => r.tenant !== undefined) ? [{ name: "tenant", read: (r: ListedStack) => r.tenant ?? "" }] : []),
        { name: "stack", read: (r) => r.stack },
        { name: "environment", read: (r) => r.environment },
        { name: "resources", read: (r) => String(r.resources) },
        { name: "serial", read: (r) => String(r.serial) },
        { name: "provider", read: (r) => r.provider },
        { name: "region", read: (r) => r.region, wide: true },
        { name: "account", read: (r) => r.account, wide: true },
      ],
      format,
      output,
      "No stack is deployed here. Next: panka deploy",
    );
    return 0;
  }
}
