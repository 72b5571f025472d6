/** Which stack a reading command is about: from its files, or `--stack [TENANT/]NAME` where its files are not here. */
import { DiagnosticBag } from "../base/diagnostics.js";
import { LABEL } from "../base/names.js";
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
