/** `panka unlock --lock-id ID`: takes over a lock that its holder will not release, and releases it. */
import { Command, Option } from "clipanion";
import { usageError } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { isYes } from "../prompt.js";
import { printUnlock } from "../views/unlock.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class UnlockCommand extends StackCommand {
  static override paths = [["unlock"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "free a lock that its holder left",
    details:
      "Never deletes the lock: takes it over, fences the old holder off, releases. Refuses a lock that beat within 90 s without --force.",
    examples: [["The id is in `panka state locks`", "panka unlock --lock-id 6f1c... -e production"]],
  });
  lockId = Option.String("--lock-id", { description: "ID: the one that `panka state locks` shows" });
  force = Option.Boolean("--force", false, { description: "also if the holder was alive within 90 s" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });

  protected async run(output: Output): Promise<number> {
    if (!this.lockId) throw usageError("no-lock-id", "panka unlock needs --lock-id", { next: "panka state locks" });
    const { unlockStack } = await import("../../framework/operations/unlock-stack.js");
    const context = await this.open(output, undefined, { ask: !this.yes });
    const confirm = async (question: string) => {
      if (this.yes) return true;
      return context.ask ? isYes(await context.ask(`${question} [y/N] `)) : false;
    };
    return printUnlock(await unlockStack(context, { lockId: this.lockId, force: this.force, confirm }), output);
  }
}
