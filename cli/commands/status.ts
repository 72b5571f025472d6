/** `panka status`: what stands in an environment, and who holds its lock. */
import { Command } from "clipanion";
import { ListingCommand } from "../base-command.js";
import { printStatus } from "../views/status.js";
import type { Output } from "../views/output.js";
import { sayRegion } from "../views/region.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StatusCommand extends ListingCommand {
  static override paths = [["status"]];
  static override usage = Command.Usage({
    category: GROUP.look,
    description: "show what stands in an environment",
    examples: [["What stands in production?", "panka status -e production"]],
  });

  protected async run(output: Output): Promise<number> {
    const format = this.listFormat();
    const { status } = await import("../../framework/operations/status.js");
    const { onlyRun, regionRuns } = await import("../../framework/operations/regions.js");
    const runs = await regionRuns(await this.open(output));
    const oneDocument = format === "json" || format === "yaml";
    for (const { region, context } of oneDocument ? [onlyRun(runs)] : runs) {
      if (!oneDocument && region !== undefined) sayRegion(region, output);
      await printStatus(await status(context), format, output);
    }
    return 0;
  }
}
