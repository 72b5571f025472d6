/** `panka secret list`: the secrets of a deployed stack; never their values. */
import { Command } from "clipanion";
import { StackCommand } from "../base-command.js";
import { envelope } from "../views/document.js";
import { type Output, table } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class SecretListCommand extends StackCommand {
  static override paths = [["secret", "list"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "list the stack's secrets, without their values",
  });

  protected async run(output: Output): Promise<number> {
    const { listSecrets } = await import("../../framework/operations/secrets-set.js");
    const secrets = await listSecrets(await this.open(output));
    if (output.json) output.document(envelope(true, secrets));
    else if (secrets.length === 0) output.out("No secrets.");
    else for (const row of table(secrets.map((s) => [s.component, s.arn]))) output.out(row);
    return 0;
  }
}
