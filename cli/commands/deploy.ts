/** `panka deploy` (apply): brings the environment to what the stack says. */
import { Command, Option } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import type { EventSink } from "../../framework/model/events.js";
import { parseImages, SelectingCommand, takeoverOf } from "../base-command.js";
import { type Operate, runStream } from "../run-stream.js";
import { failedJson } from "../views/result.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class DeployCommand extends SelectingCommand {
  static override paths = [["deploy"], ["apply"]];
  static override usage = Command.Usage({
    category: GROUP.deploy,
    description: "create and change what the stack says",
    details: "Shows the plan, asks, then deploys. `apply` is the same. A second deploy of the same stack does nothing.",
    examples: [
      ["Deploy the stack in this folder", "panka deploy"],
      ["In CI", "panka deploy -e production --yes"],
      ["What was shown and approved", "panka deploy --plan plan.json"],
    ],
  });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });
  refresh = Option.Boolean("--refresh", false, { description: "ask the cloud also about what has not changed" });
  allowDelete = Option.Array("--allow-delete", [], { description: "NAME: this protected component or URN may be deleted (repeatable)" });
  allowReplace = Option.Array("--allow-replace", [], { description: "NAME: this protected component or URN may be replaced (repeatable)" });
  forget = Option.Array("--forget", [], {
    description: "URN@RUN.STEP: as a message names it; looked after by hand, recovery leaves it out (repeatable)",
  });
  wait = Option.String("--wait", { description: "TIME: wait this long for a held lock: 90s, 10m" });
  plan = Option.String("--plan", { description: "FILE: deploy this saved plan, exactly, or nothing" });
  image = Option.Array("--image", [], {
    description: "SERVICE/COMPONENT=IMAGE: the image of a component for this release, over what is written (repeatable)",
  });
  lockScope = Option.String("--lock-scope", {
    description: "SCOPE: what to lock: stack (default), or the one service or component of this run",
  });
  takeover = Option.Boolean("--takeover", false, { description: "take the lock of a holder that has not beaten for 90 s, as unlock does" });
  force = Option.Boolean("--force", false, { description: "with --takeover: also from a holder that beat within 90 s" });

  protected async run(output: Output): Promise<number> {
    const operate = this.plan === undefined ? await this.asWritten() : await this.asPlanned(this.plan);
    const images = parseImages(this.image);
    const open = async (emit: EventSink) => ({ ...(await this.open(output, emit, { ask: !this.yes })), images });
    return runStream(this.context, output, this.yes, open, operate, { check: this.plan === undefined });
  }

  private async asWritten(): Promise<Operate> {
    const { deploy } = await import("../../framework/operations/deploy.js");
    return (context, hooks) => deploy(context, { ...this.options(), ...this.selected(), refresh: this.refresh }, hooks);
  }

  private async asPlanned(file: string): Promise<Operate> {
    const { deployPlan } = await import("../../framework/operations/deploy-plan.js");
    const planned = await this.planned(file, { "--image": this.image, "--refresh": this.refresh });
    return (context, hooks) => deployPlan(context, planned, this.options(), hooks);
  }

  private options() {
    return {
      yes: this.yes,
      allowDelete: this.allowDelete,
      allowReplace: this.allowReplace,
      wait: this.wait,
      lockScope: this.lockScope,
      takeover: takeoverOf(this.takeover, this.force),
      forget: this.forget,
    };
  }

  protected override printFailure(diagnostics: readonly Diagnostic[], exitCode: number, output: Output): void {
    output.out(JSON.stringify(failedJson(exitCode, diagnostics)));
  }
}
