/** Which stack a reading command is about: from its files, or `--stack [TENANT/]NAME` where its files are not here. */
import { DiagnosticBag } from "../base/diagnostics.js";
import { LABEL } from "../base/names.js";
import type { StackId } from "../model/stack-model.js";
import { stackIdOf } from "../overlays/tenant.js";
import { invalid, readDocuments, requireEntry } from "./compile.js";
import type { OperationContext } from "./context.js";

/** The stack. Throws usage errors, and PankaError `invalid-stack` where the files can't be read. */
export async function stackId(context: OperationContext): Promise<StackId> {
  const named = context.stackEntry || context.stackName === undefined ? undefined : idOf(context.stackName);
  if (named) return named;
  requireEntry(context);
  const bag = new DiagnosticBag();
  const input = await readDocuments(context, bag);
  if (!input) throw invalid(bag);
  return stackIdOf(input);
}

/** `stack`, or `tenant/stack`; undefined for text that is neither. */
function idOf(text: string): StackId | undefined {
  const [stack = "", tenant, ...more] = text.split("/").reverse();
  if (more.length > 0 || !LABEL.test(stack) || (tenant !== undefined && !LABEL.test(tenant))) return undefined;
  return { stack, ...(tenant === undefined ? {} : { tenant }) };
}
