/** Stacks in several regions: each region has a state, locks and a run of its own. */
import { usageError } from "../base/errors.js";
import { stackRegions } from "../overlays/stack-id.js";
import { withDocuments } from "./compile.js";
import type { OperationContext, RegionSerials } from "./context.js";

/** One region's run. */
export interface RegionRun {
  /** Undefined: the stack has one region. */
  region: string | undefined;
  context: OperationContext;
}

/**
 * The runs that a command makes, in order of region: one for a stack with one region, else one for each, or for that of `--region` alone.
 * Throws a usage error for a region that the stack is not in.
 */
export async function regionRuns(context: OperationContext): Promise<RegionRun[]> {
  const { environment, region } = context.settings;
  if (!context.stackEntry && context.program === undefined) return [{ region: undefined, context }];
  const read = await withDocuments(context);
  const input = read.documents?.input;
  const regions = input ? stackRegions(input, environment) : [];
  if (regions.length < 2) return [{ region: undefined, context: read }];
  const regionSerials: RegionSerials = {};
  return (region === undefined ? regions : [region]).map((own) => ({ region: own, context: { ...inRegion(read, own), regionSerials } }));
}

/** The only run of a command that prints one document. Throws a usage error where there are several. */
export function onlyRun(runs: readonly RegionRun[]): RegionRun {
  const [first, second] = runs;
  if (first && !second) return first;
  const names = runs.map((r) => r.region).join(", ");
  throw usageError("which-region", `the stack is in several regions, and one document is about one of them: ${names}`, {
    next: `the same command with --region ${first?.region}`,
  });
}

/** The context of a run in one region. */
export function inRegion(context: OperationContext, region: string): OperationContext {
  const { settings } = context;
  return { ...context, settings: { ...settings, region, aws: { ...settings.aws, environmentRegion: region } } };
}
