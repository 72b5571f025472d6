/** What the commands that change the recorded state by hand share: they ask, and say what was done. */
import { Option } from "clipanion";
import { StackCommand } from "./base-command.js";
import type { OperationContext } from "../framework/operations/context.js";
import type { StateChange } from "../framework/operations/state-change.js";
import { isYes } from "./prompt.js";
import { envelope } from "./views/document.js";
import type { Output } from "./views/output.js";

/** A command that changes the state by hand. */
export abstract class StateChangingCommand extends StackCommand {
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });

  /** Runs the change; prints what was done. Exit code 5 where nobody said yes. */
  protected async change(
    output: Output,
    body: (context: OperationContext, confirm: (question: string) => Promise<boolean>) => Promise<StateChange>,
  ): Promise<number> {
    const context = await this.open(output, undefined, { ask: !this.yes });
    const confirm = async (question: string): Promise<boolean> => {
      if (this.yes) return true;
      return context.ask ? isYes(await context.ask(`${question} [y/N] `)) : false;
    };
    const result = await body(context, confirm);
    if (output.json) output.document(envelope(result.done, result));
    else if (!result.done) output.err("Not confirmed; nothing was changed. In CI: --yes");
    else
      for (const line of [...result.lines, `The state of ${result.path} is at serial ${result.serial}. Next: panka plan`]) output.out(line);
    return result.done ? 0 : 5;
  }
}
