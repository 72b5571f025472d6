/** The name of the stack that a reading command is about: from its files, or `--stack` where its files are not here. */
import { DiagnosticBag } from "../base/diagnostics.js";
import { LABEL } from "../base/names.js";
import { invalid, readStack, requireEntry } from "./compile.js";
import type { OperationContext } from "./context.js";

/** The stack's name. Throws usage errors, and PankaError `invalid-stack` where the files can't be read. */
export async function stackName(context: OperationContext): Promise<string> {
  if (!context.stackEntry && context.stackName !== undefined && LABEL.test(context.stackName)) return context.stackName;
  requireEntry(context);
  const bag = new DiagnosticBag();
  const input = await readStack(context, bag);
  if (!input) throw invalid(bag);
  return input.stack;
}
