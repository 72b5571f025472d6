/** `panka tenant list`: the tenants of the back end. */
import { Command } from "clipanion";
import { StackCommand } from "../base-command.js";
import { envelope } from "../views/document.js";
import { type Output, table } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class TenantListCommand extends StackCommand {
  static override paths = [["tenant", "list"]];
  static override usage = Command.Usage({
    category: GROUP.account,
    description: "list the tenants and their stacks",
  });

  protected async run(output: Output): Promise<number> {
    const { listTenants } = await import("../../framework/operations/tenants.js");
    const tenants = await listTenants(await this.open(output));
    if (output.json) output.document(envelope(true, tenants));
    else if (tenants.length === 0) output.out("No tenants. Next: panka tenant init TEAM");
    else {
      const rows = tenants.map((t) => [
        t.name,
        t.setUp ? `${t.stacks.length}${t.mostStacks === null ? "" : ` of ${t.mostStacks}`} stacks` : "not set up",
        t.stacks.join(", "),
      ]);
      for (const row of table([["TENANT", "STACKS", ""], ...rows])) output.out(row);
    }
    return 0;
  }
}
