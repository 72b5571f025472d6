/** `panka plan` (diff): what a deploy would do. Takes no lock, changes nothing. */
import { Command, Option } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { EXIT, usageError } from "../../framework/base/errors.js";
import type { SavedPlan } from "../../framework/model/saved-plan.js";
import type { OperationContext } from "../../framework/operations/context.js";
import type { MadePlan } from "../../framework/operations/plan.js";
import { parseImages, SelectingCommand } from "../base-command.js";
import { printDiagnostics } from "../views/diagnostics.js";
import { validationDocument } from "../views/document.js";
import type { Output } from "../views/output.js";
import { sayRegion } from "../views/region.js";
import { hasChanges, planJson, printKept, printPlan } from "../views/plan.js";
import { GROUP } from "../groups.js";

/** The command. */
export class PlanCommand extends SelectingCommand {
  static override paths = [["plan"], ["diff"]];
  static override usage = Command.Usage({
    category: GROUP.deploy,
    description: "show what a deploy would do",
    details: "Changes nothing and takes no lock. With --exit-code it ends with 3 if there are changes.",
    examples: [
      ["What would change in production?", "panka plan -e production"],
      ["Saved, to be approved and deployed", "panka plan -e production --out plan.json"],
    ],
  });
  exitCode = Option.Boolean("--exit-code", false, { description: "exit 3 if there are changes" });
  refresh = Option.Boolean("--refresh", false, { description: "ask the cloud also about what has not changed" });
  out = Option.String("--out", { description: "FILE: save the plan in this file, for approve and deploy --plan" });
  destroy = Option.Boolean("--destroy", false, { description: "what a destroy would delete" });
  allowDelete = Option.Array("--allow-delete", [], {
    description: "NAME: with --destroy: this protected component or URN may be deleted (repeatable)",
  });
  image = Option.Array("--image", [], { description: "SERVICE/COMPONENT=IMAGE: plan with this image (repeatable)" });

  protected async run(output: Output): Promise<number> {
    const images = parseImages(this.image);
    const { onlyRun, regionRuns } = await import("../../framework/operations/regions.js");
    let [changes, ownFirst] = [false, false];
    const runs = await regionRuns({ ...(await this.open(output)), images });
    if (!this.destroy && runs.length > 1) {
      const { checkRuns } = await import("../../framework/operations/region-checks.js");
      await checkRuns(runs);
    }
    // One document, and one file, is about one region.
    for (const { region, context } of output.json || this.out !== undefined ? [onlyRun(runs)] : runs) {
      const { plan, diagnostics, saved } = await this.make(context, ownFirst);
      const kept = saved && (await this.keep(context, saved));
      changes ||= hasChanges(plan);
      ownFirst ||= region === runs[0]?.region && hasChanges(plan);
      if (!output.json && region !== undefined) sayRegion(region, output);
      if (output.json) output.document(planJson(plan, kept));
      else {
        printDiagnostics([...context.settings.warnings, ...diagnostics], output);
        printPlan(plan, context.settings, output);
        if (kept) printKept(kept, saved, output);
      }
    }
    return this.exitCode && changes ? EXIT.changes : EXIT.ok;
  }

  private async make(context: OperationContext, afterOwnRegion: boolean): Promise<MadePlan> {
    const options = { ...this.selected(), save: this.out !== undefined };
    if (this.destroy) {
      const { planDestroy } = await import("../../framework/operations/plan-destroy.js");
      return planDestroy(context, { ...options, allowDelete: this.allowDelete });
    }
    if (this.allowDelete.length > 0) throw usageError("allow-delete-alone", "--allow-delete goes with --destroy");
    const { planStack } = await import("../../framework/operations/plan.js");
    return planStack(context, { ...options, refresh: this.refresh, afterOwnRegion });
  }

  /** Writes the saved plan. */
  private async keep(context: OperationContext, saved: SavedPlan): Promise<{ file: string; id: string }> {
    const { writeSavedPlan } = await import("../../framework/operations/saved-plan.js");
    const file = this.out as string;
    await writeSavedPlan(context, file, saved);
    return { file, id: saved.id };
  }

  protected override failure(diagnostics: readonly Diagnostic[]): unknown {
    return validationDocument(false, diagnostics);
  }
}
