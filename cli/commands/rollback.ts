/** `panka rollback [SERIAL]` (undo): deploys an earlier release again. */
import { Command, Option } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { usageError } from "../../framework/base/errors.js";
import { StackCommand, takeoverOf } from "../base-command.js";
import { runStream } from "../run-stream.js";
import { failedJson } from "../views/result.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class RollbackCommand extends StackCommand {
  static override paths = [["rollback"], ["undo"]];
  static override usage = Command.Usage({
    category: GROUP.deploy,
    description: "deploy an earlier release again",
    details:
      "Without a serial: the last good release that differs from what stands. The release holds its assembly, so any machine will do.",
    examples: [
      ["Back to the previous release", "panka rollback -e production"],
      ["To one of `panka history`", "panka rollback 12"],
    ],
  });
  serial = Option.String({ name: "SERIAL", required: false });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });
  allowDelete = Option.Array("--allow-delete", [], { description: "NAME: this protected component or URN may be deleted (repeatable)" });
  allowReplace = Option.Array("--allow-replace", [], { description: "NAME: this protected component or URN may be replaced (repeatable)" });
  wait = Option.String("--wait", { description: "TIME: wait this long for a held lock: 90s, 10m" });
  takeover = Option.Boolean("--takeover", false, { description: "take the lock of a holder that has not beaten for 90 s, as unlock does" });
  force = Option.Boolean("--force", false, { description: "with --takeover: also from a holder that beat within 90 s" });

  protected async run(output: Output): Promise<number> {
    if (this.serial !== undefined && !/^[1-9]\d{0,14}$/.test(this.serial))
      throw usageError("bad-serial", `${this.serial} is no serial; expected a number`, { next: "panka history" });
    const { rollback } = await import("../../framework/operations/rollback.js");
    const options = {
      selection: { services: [], components: [], withDependencies: false },
      yes: this.yes,
      allowDelete: this.allowDelete,
      allowReplace: this.allowReplace,
      wait: this.wait,
      takeover: takeoverOf(this.takeover, this.force),
      forget: [],
      refresh: false,
    };
    return runStream(
      this.context,
      output,
      this.yes,
      (emit) => this.open(output, emit, { ask: !this.yes }),
      (context, hooks) => {
        if (this.serial !== undefined && context.settings.region !== undefined && this.region === undefined)
          throw usageError("which-region", "a serial is one region's", { next: "the same command with --region" });
        return rollback(context, this.serial === undefined ? undefined : Number(this.serial), options, hooks);
      },
    );
  }

  protected override printFailure(diagnostics: readonly Diagnostic[], exitCode: number, output: Output): void {
    output.out(JSON.stringify(failedJson(exitCode, diagnostics)));
  }
}
