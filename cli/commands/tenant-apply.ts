/** `panka tenant apply`: puts a tenant's document into the back end. */
import { Command, Option } from "clipanion";
import { EXIT } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { isYes } from "../prompt.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class TenantApplyCommand extends StackCommand {
  static override paths = [["tenant", "apply"]];
  static override usage = Command.Usage({
    category: GROUP.account,
    description: "put a tenant's document into the back end",
  });
  file = Option.String({ name: "FILE" });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });

  protected async run(output: Output): Promise<number> {
    const { applyTenant } = await import("../../framework/operations/tenants.js");
    const context = await this.open(output, undefined, { ask: !this.yes });
    const { ask } = context;
    const done = await applyTenant(context, this.file, async (question) => this.yes || (ask !== undefined && isYes(await ask(question))));
    if (output.json) output.document(envelope(done.change !== "declined", done));
    else output.out(`${done.tenant}: ${done.change === "same" ? "no changes" : done.change}, ${done.location}`);
    return done.change === "declined" ? EXIT.refused : 0;
  }
}
