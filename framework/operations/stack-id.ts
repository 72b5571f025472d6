/** Which stack a reading command is about: from its files, or `--stack [TENANT/]NAME` where its files are not here. */
import { DiagnosticBag } from "../base/diagnostics.js";
import { LABEL } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import type { StackId } from "../model/stack-model.js";
import { usageError } from "../base/errors.js";
import { stackIdOf, stackRegions } from "../overlays/stack-id.js";
import { invalid, readDocuments, requireEntry } from "./compile.js";
import type { OperationContext } from "./context.js";

/** The stack. Throws usage errors, and PankaError `invalid-stack` where the files can't be read. */
export async function stackId(context: OperationContext): Promise<StackId> {
  const named = context.stackEntry || context.stackName === undefined ? undefined : idOf(context.stackName, context.settings.region);
  if (named) return named;
  requireEntry(context);
  const bag = new DiagnosticBag();
  const input = await readDocuments(context, bag);
  if (!input) throw invalid(bag);
  const regions = stackRegions(input, context.settings.environment);
  checkRegion(context.settings.region, regions);
  if (regions.length > 1 && context.settings.region === undefined)
    throw usageError("which-region", `${input.stack} is in several regions, each with a state of its own: ${regions.join(", ")}`, {
      next: `the same command with --region ${regions[0]}`,
    });
  return stackIdOf(input, context.settings);
}

/** `stack`, or `tenant/stack`; undefined for text that is neither. A region that was typed is taken to be one of several. */
function idOf(text: string, region: string | undefined): StackId | undefined {
  const [stack = "", tenant, ...more] = text.split("/").reverse();
  if (more.length > 0 || !LABEL.test(stack) || (tenant !== undefined && !LABEL.test(tenant))) return undefined;
  return { stack, ...(tenant === undefined ? {} : { tenant }), ...(region === undefined ? {} : { regional: region }) };
}

/** Throws a usage error for a `--region` that is none of the stack's several. */
export function checkRegion(region: string | undefined, regions: readonly string[]): void {
  if (region === undefined || (regions.length > 1 && regions.includes(region))) return;
  if (regions.length < 2)
    throw usageError("one-region", "--region is for stacks in several regions, and this one names no provider.regions", {
      next: "leave --region out, or list all regions in spec.provider.regions",
    });
  const guess = nearest(region, regions);
  throw usageError("not-a-region", `the stack is not in ${region}, but in ${regions.join(", ")}${guess ? `; did you mean ${guess}?` : ""}`);
}
