/** `panka secret set NAME`: gives a secret its value, from the terminal without an echo or from stdin; never from an argument. */
import { Command, Option } from "clipanion";
import { usageError } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { readSecret } from "../prompt.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class SecretSetCommand extends StackCommand {
  static override paths = [["secret", "set"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "give a secret its value",
    details: "Asks for the value without showing it, or reads it from stdin. It goes to Secrets Manager and nowhere else.",
    examples: [
      ["Type it", "panka secret set users/api-key -e production"],
      ["From another program", "pass show api-key | panka secret set users/api-key -e production"],
    ],
  });
  target = Option.String({ name: "COMPONENT", required: true });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  // Taken only to be refused without being repeated.
  rest = Option.Rest({ name: "" });

  protected async run(output: Output): Promise<number> {
    if (this.rest.length > 0)
      throw usageError(
        "secret-in-argument",
        "a value given as an argument stays in the shell's history and in the process list; it was not used",
        {
          next: `panka secret set ${this.target}, then type the value or pipe it in`,
        },
      );
    const { setSecret } = await import("../../framework/operations/secrets-set.js");
    const context = await this.open(output);
    const set = await setSecret(context, this.target, () => readSecret(this.context, `New value of ${this.target} (not shown): `));
    if (output.json) output.document(envelope(true, set));
    else output.out(`${set.component} has a new value. Services that read it at start see it after their next deploy or restart.`);
    return 0;
  }
}
