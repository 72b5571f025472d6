/**
 * Splits a plan whose deletes can't all wait for the end. Pulumi deletes what is not registered once everything else is made, so what
 * must go before its successor is deleted in a run of its own.
 */
import type { Plan, Step } from "../../model/plan.js";
import { urnOfKey } from "../../plan/selection.js";

/** The plan in two: what must go first (undefined where nothing must) and the rest. */
export function splitDeletesFirst(plan: Plan): { first: Plan | undefined; rest: Plan } {
  const replaced = plan.steps.filter((s) => s.change.action === "replace" && s.deleteBeforeReplace && s.prior);
  if (replaced.length === 0) return { first: undefined, rest: plan };
  const going = new Set(replaced.map((s) => s.key));
  const early = new Set<Step>();
  for (let grew = true; grew; ) {
    grew = false;
    for (const step of plan.steps) {
      if (step.spec || early.has(step) || !(step.prior?.dependsOn ?? []).some((urn) => going.has(urn))) continue;
      early.add(step);
      going.add(urnOfKey(step.key));
      grew = true;
    }
  }
  const deletes = replaced.map((step): Step => {
    const { spec: _spec, tentative: _tentative, ...rest } = step;
    return { ...rest, change: { ...step.change, action: "delete" }, generation: step.prior?.generation ?? 0, deleteBeforeReplace: false };
  });
  return {
    first: { ...plan, steps: [...deletes, ...early] },
    rest: { ...plan, steps: plan.steps.filter((step) => !early.has(step)) },
  };
}
