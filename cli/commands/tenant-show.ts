/** `panka tenant show`: a tenant's document. */
import { Command, Option } from "clipanion";
import { StackCommand } from "../base-command.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class TenantShowCommand extends StackCommand {
  static override paths = [["tenant", "show"]];
  static override usage = Command.Usage({
    category: GROUP.account,
    description: "print a tenant's document",
  });
  tenant = Option.String({ name: "TENANT" });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });

  protected async run(output: Output): Promise<number> {
    const { requireTenant } = await import("../../framework/operations/tenant-store.js");
    const { tenant, text, location } = await requireTenant(await this.open(output), this.tenant);
    if (output.json) output.document(envelope(true, { location, ...tenant }));
    else output.out(text.trimEnd());
    return 0;
  }
}
