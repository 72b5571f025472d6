/** `panka plan` (diff): what a deploy would do. Takes no lock, changes nothing. */
import { Command, Option } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { EXIT } from "../../framework/base/errors.js";
import { notYet, parseImages, SelectingCommand } from "../base-command.js";
import { printDiagnostics } from "../views/diagnostics.js";
import { validationDocument } from "../views/document.js";
import type { Output } from "../views/output.js";
import { sayRegion } from "../views/region.js";
import { hasChanges, planJson, printPlan } from "../views/plan.js";

/** The command. */
export class PlanCommand extends SelectingCommand {
  static override paths = [["plan"], ["diff"]];
  static override usage = Command.Usage({
    description: "show what a deploy would do",
    details: "Changes nothing and takes no lock. With --exit-code it ends with 3 if there are changes.",
    examples: [["What would change in production?", "panka plan -e production"]],
  });
  exitCode = Option.Boolean("--exit-code", false, { description: "exit 3 if there are changes" });
  refresh = Option.Boolean("--refresh", false, { description: "ask the cloud also about what has not changed" });
  withDependencies = Option.Boolean("--with-dependencies", false, { description: "with --service or --component: also what they need" });
  out = Option.String("--out", { hidden: true });
  image = Option.Array("--image", [], { description: "service/component=IMAGE: plan with this image (repeatable)" });

  protected async run(output: Output): Promise<number> {
    notYet({ "--out": this.out });
    const images = parseImages(this.image);
    const { planStack } = await import("../../framework/operations/plan.js");
    const { onlyRun, regionRuns } = await import("../../framework/operations/regions.js");
    const selection = { services: this.service, components: this.component, withDependencies: this.withDependencies };
    let changes = false;
    const runs = await regionRuns(await this.open(output));
    for (const { region, context } of output.json ? [onlyRun(runs)] : runs) {
      const { plan, diagnostics } = await planStack({ ...context, images }, { selection, refresh: this.refresh });
      changes ||= hasChanges(plan);
      if (!output.json && region !== undefined) sayRegion(region, output);
      if (output.json) output.document(planJson(plan));
      else {
        printDiagnostics([...context.settings.warnings, ...diagnostics], output);
        printPlan(plan, context.settings, output);
      }
    }
    return this.exitCode && changes ? EXIT.changes : EXIT.ok;
  }

  protected override failure(diagnostics: readonly Diagnostic[]): unknown {
    return validationDocument(false, diagnostics);
  }
}
