/** `panka destroy`: deletes everything of the stack in the environment that is not protected. */
import { Command, Option } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { SelectingCommand, takeoverOf } from "../base-command.js";
import { runStream } from "../run-stream.js";
import { failedJson } from "../views/result.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class DestroyCommand extends SelectingCommand {
  static override paths = [["destroy"]];
  static override usage = Command.Usage({
    category: GROUP.deploy,
    description: "delete what the stack made",
    details: "Shows what would be deleted, asks, then deletes in reverse order. What is protected stays unless --allow-delete names it.",
    examples: [
      ["Delete the development environment", "panka destroy -e development"],
      ["What was shown and approved (panka plan --destroy --out)", "panka destroy --plan plan.json"],
    ],
  });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });
  allowDelete = Option.Array("--allow-delete", [], { description: "NAME: this protected component or URN may be deleted (repeatable)" });
  plan = Option.String("--plan", { description: "FILE: delete what this saved plan says, exactly, or nothing" });
  forget = Option.Array("--forget", [], {
    description: "URN@RUN.STEP: as a message names it; looked after by hand, recovery leaves it out (repeatable)",
  });
  wait = Option.String("--wait", { description: "TIME: wait this long for a held lock: 90s, 10m" });
  lockScope = Option.String("--lock-scope", {
    description: "SCOPE: what to lock: stack (default), or the one service or component of this run",
  });
  takeover = Option.Boolean("--takeover", false, { description: "take the lock of a holder that has not beaten for 90 s, as unlock does" });
  force = Option.Boolean("--force", false, { description: "with --takeover: also from a holder that beat within 90 s" });

  protected async run(output: Output): Promise<number> {
    const { destroy, destroyPlan } = await import("../../framework/operations/destroy.js");
    const planned = this.plan === undefined ? undefined : await this.planned(this.plan, { "--allow-delete": this.allowDelete });
    return runStream(
      this.context,
      output,
      this.yes,
      (emit) => this.open(output, emit, { ask: !this.yes }),
      (context, hooks) =>
        planned
          ? destroyPlan(context, planned, this.options(), hooks)
          : destroy(context, { ...this.options(), ...this.selected(), allowDelete: this.allowDelete }, hooks),
      { backwards: true },
    );
  }

  private options() {
    const takeover = takeoverOf(this.takeover, this.force);
    return { yes: this.yes, wait: this.wait, lockScope: this.lockScope, takeover, forget: this.forget };
  }

  protected override printFailure(diagnostics: readonly Diagnostic[], exitCode: number, output: Output): void {
    output.out(JSON.stringify(failedJson(exitCode, diagnostics)));
  }
}
