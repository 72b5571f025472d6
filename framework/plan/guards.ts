/** Guards: protected resources are not deleted or replaced unless they are named. */
import type { Diagnostic } from "../base/diagnostics.js";
import { componentOf } from "../base/names.js";
import type { Plan, Step } from "../model/plan.js";
import type { StateFile } from "../model/state-file.js";

/** Components (`service/component`) or URNs that may be deleted or replaced although they are protected. */
export interface Allowed {
  readonly allowDelete?: readonly string[];
  readonly allowReplace?: readonly string[];
}

/** True if a resource is among those that were named, by its component or by itself. */
export function isNamed(names: readonly string[] | undefined, urn: string): boolean {
  return names !== undefined && (names.includes(urn) || names.includes(componentOf(urn)));
}

/**
 * One error per protected component that the plan would delete or replace without leave. The guard is the recorded one, or for a
 * replacement the code's: removing a line from the code does not remove its guard.
 */
export function checkGuards(plan: Plan, state: StateFile | null, allowed: Allowed = {}): Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  for (const step of plan.steps) {
    const { action, component, urn } = step.change;
    if (action !== "delete" && action !== "replace") continue;
    if (!isProtected(step, state)) continue;
    if (isNamed(action === "delete" ? allowed.allowDelete : allowed.allowReplace, urn)) continue;
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
