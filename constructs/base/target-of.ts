/** The component that a field means, where it is written as a name or as a reference. */
import { canonicalJson } from "../../framework/base/json.js";
import type { BoundTarget, ExpandContext, Value } from "../../framework/model/index.js";

/** By its name, or by a reference to its output; undefined for what is not of the stack, and for a field that is not written. */
export function targetOf(ctx: ExpandContext, written: Value | undefined, output: string): BoundTarget | undefined {
  if (written === undefined) return undefined;
  if (typeof written === "string") return ctx.target(written);
  const meant = canonicalJson(written);
  return ctx.targets.find((t) => t.outputs[output] !== undefined && canonicalJson(t.outputs[output]) === meant);
}
