/** `panka plan` (diff): what a deploy would do. Takes no lock, changes nothing. */
import { Command, Option } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { EXIT } from "../../framework/base/errors.js";
import type { SavedPlan } from "../../framework/model/saved-plan.js";
import type { OperationContext } from "../../framework/operations/context.js";
import { parseImages, SelectingCommand } from "../base-command.js";
import { printDiagnostics } from "../views/diagnostics.js";
import { validationDocument } from "../views/document.js";
import type { Output } from "../views/output.js";
import { sayRegion } from "../views/region.js";
import { hasChanges, planJson, printKept, printPlan } from "../views/plan.js";

/** The command. */
export class PlanCommand extends SelectingCommand {
  static override paths = [["plan"], ["diff"]];
  static override usage = Command.Usage({
    description: "show what a deploy would do",
    details: "Changes nothing and takes no lock. With --exit-code it ends with 3 if there are changes.",
    examples: [
      ["What would change in production?", "panka plan -e production"],
      ["Saved, to be approved and deployed", "panka plan -e production --out plan.json"],
    ],
  });
  exitCode = Option.Boolean("--exit-code", false, { description: "exit 3 if there are changes" });
  refresh = Option.Boolean("--refresh", false, { description: "ask the cloud also about what has not changed" });
  out = Option.String("--out", { description: "save the plan in this file, for approve and deploy --plan" });
  image = Option.Array("--image", [], { description: "service/component=IMAGE: plan with this image (repeatable)" });

  protected async run(output: Output): Promise<number> {
    const images = parseImages(this.image);
    const { planStack } = await import("../../framework/operations/plan.js");
    const { onlyRun, regionRuns } = await import("../../framework/operations/regions.js");
    let changes = false;
    const runs = await regionRuns(await this.open(output));
    // One document, and one file, is about one region.
    for (const { region, context } of output.json || this.out !== undefined ? [onlyRun(runs)] : runs) {
      const options = { ...this.selected(), refresh: this.refresh, save: this.out !== undefined };
      const { plan, diagnostics, saved } = await planStack({ ...context, images }, options);
      const kept = saved && (await this.keep(context, saved));
      changes ||= hasChanges(plan);
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
