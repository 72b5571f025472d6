/** What a run plans, held to its saved plan, or to the rule that there must be one. */
import type { ApprovalRule } from "../model/approval.js";
import type { Plan } from "../model/plan.js";
import type { SavedPlan } from "../model/saved-plan.js";
import type { StateFile } from "../model/state-file.js";
import { changesAnything } from "./carry-out.js";
import { checkSamePlan, checkUnmoved, type PlannedRun, planRequired } from "./planned-run.js";

/** What a run is held to. */
export interface HeldTo {
  operation: SavedPlan["operation"];
  environment: string;
  /** The saved plan that it is of. */
  planned: PlannedRun | undefined;
  /** What asks for an approval. */
  rules: readonly ApprovalRule[];
}

/** `plan`, which throws PankaError (exit 5) where it is not the saved one's, or where it changes anything that only a saved plan may. */
export function heldTo<T extends { plan: Plan }>(
  { operation, environment, planned, rules }: HeldTo,
  plan: (state: StateFile) => Promise<T>,
): (state: StateFile) => Promise<T> {
  return async (state) => {
    if (planned) await checkUnmoved(planned, state);
    const made = await plan(state);
    if (planned) checkSamePlan(planned, made.plan);
    else if (rules.length > 0 && changesAnything(made.plan)) throw planRequired(environment, rules, operation);
    return made;
  };
}
