/** `panka approve FILE`: agrees to a saved plan. */
import { Command, Option } from "clipanion";
import { EXIT } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { isYes } from "../prompt.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";
import { printPlan } from "../views/plan.js";
import { GROUP } from "../groups.js";

/** The command. */
export class ApproveCommand extends StackCommand {
  static override paths = [["approve"]];
  static override usage = Command.Usage({
    category: GROUP.deploy,
    description: "agree to a saved plan, for another person to deploy",
    details: "Shows the plan, asks, and keeps who agreed beside the state. It holds for this plan alone, and until the state moves on.",
    examples: [["A colleague's plan", "panka approve plan.json"]],
  });
  file = Option.String({ name: "FILE", required: true });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });

  protected async run(output: Output): Promise<number> {
    const { approve } = await import("../../framework/operations/approve.js");
    const { readSavedPlan } = await import("../../framework/operations/saved-plan.js");
    const saved = await readSavedPlan(this.context.cwd, this.file);
    this.about(saved);
    const context = await this.open(output, undefined, { ask: !this.yes });
    const confirm = async (by: string): Promise<boolean> => {
      if (!output.json) {
        printPlan(saved.plan, context.settings, output);
        output.out(`Made ${saved.at} by ${saved.by}${saved.gitCommit ? ` from commit ${saved.gitCommit.slice(0, 12)}` : ""}.`);
      }
      if (this.yes) return true;
      return context.ask ? isYes(await context.ask(`Approve it as ${by}? [y/N] `)) : false;
    };
    const result = await approve(context, { saved, file: this.file }, confirm);
    if (output.json) output.document(envelope(result.done, result));
    else if (!result.done) output.err("Not approved; nothing was changed. In CI: --yes");
    else output.out(`Approved as ${result.by}. ${output.paint.dim("Next:")} another person: panka ${saved.operation} --plan ${this.file}`);
    return result.done ? EXIT.ok : EXIT.refused;
  }
}
