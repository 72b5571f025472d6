/** Guards: protected resources are not deleted or replaced unless they are named. */
import type { Diagnostic } from "../base/diagnostics.js";
import type { Plan, Step } from "../model/plan.js";
import type { StateFile } from "../model/state-file.js";

/** Components (`service/component`) or URNs that may be deleted or replaced although they are protected. */
export interface Allowed {
  allowDelete?: readonly string[];
  allowReplace?: readonly string[];
}

/**
 * One error per protected component that the plan would delete or replace without leave. The guard is the recorded one, or for a
 * replacement the code's: removing a line from the code does not remove its guard.
 */
export function checkGuards(plan: Plan, state: StateFile | null, allowed: Allowed = {}): Diagnostic[] {
  const deletes = new Set(allowed.allowDelete ?? []);
  const replaces = new Set(allowed.allowReplace ?? []);
  const found = new Map<string, Diagnostic>();
  for (const step of plan.steps) {
    const { action, component, urn } = step.change;
    if (action !== "delete" && action !== "replace") continue;
    if (!isProtected(step, state)) continue;
    const leave = action === "delete" ? deletes : replaces;
    if (leave.has(component) || leave.has(urn)) continue;
    const key = `${action} ${component}`;
    if (!found.has(key)) found.set(key, refusal(step, action));
  }
  return [...found.values()];
}

function isProtected(step: Step, state: StateFile | null): boolean {
  const recorded = state?.resources[step.priorKey ?? step.key] ?? step.prior;
  if (recorded?.protect) return true;
  return step.change.action === "replace" && (step.spec?.options.protect ?? false);
}

function refusal(step: Step, action: "delete" | "replace"): Diagnostic {
  const { component, type, reasons } = step.change;
  const why = reasons.length > 0 ? ` (${reasons.join("; ")})` : "";
  return {
    severity: "error",
    code: "protected",
    message: `${component} is protected, and the plan would ${action} its ${type}${why}`,
    path: component,
    next: `if that is meant, add --allow-${action} ${component}`,
  };
}
