/** The part of a plan that is shown and saved. */
import type { ShownPlan } from "../model/plan.js";

/** Without the steps behind it, which hold inputs in clear. */
export function shownPlan(plan: ShownPlan): ShownPlan {
  const { version, stack, environment, serial, assemblyHash, planHash, summary, changes, notices, leftOut, grants = [] } = plan;
  return { version, stack, environment, serial, assemblyHash, planHash, summary, changes, notices, leftOut, grants };
}
