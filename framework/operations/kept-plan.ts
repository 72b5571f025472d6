/** What becomes of a plan whose prompt nobody answered: it is saved, so that the lock need not be held for it. Protocol section 1a. */
import { join, relative } from "node:path";
import { isPankaError, PankaError } from "../base/errors.js";
import type { Plan } from "../model/plan.js";
import type { SavedPlan } from "../model/saved-plan.js";
import type { OperationContext } from "./context.js";
import { isApproved, type PlannedRun, type RunApproval } from "./planned-run.js";
import type { RunHooks } from "./run-result.js";
import { keptPlanFile, writeSavedPlan } from "./saved-plan.js";

/** What is known of a run's plan before anybody is asked. */
export interface KnownPlan {
  operation: SavedPlan["operation"];
  /** The saved plan that the run is of already. */
  planned: PlannedRun | undefined;
  approval: RunApproval | undefined;
}

/**
 * The hooks, which ask nobody where another one has approved, save a plan that nobody answered for in time and name its file. A plan that
 * can't be saved changes nothing about how the run ends.
 */
export function keepingPlan(
  context: OperationContext,
  hooks: RunHooks,
  { operation, planned, approval }: KnownPlan,
  save: (plan: Plan) => Promise<SavedPlan>,
): RunHooks {
  if (isApproved(approval)) return { ...hooks, approve: async () => "yes" };
  const keep = async (plan: Plan): Promise<string> => {
    if (planned) return planned.file;
    const { projectRoot } = context.settings;
    const saved = await save(plan);
    const kept = keptPlanFile(saved);
    await writeSavedPlan(context, kept, saved, projectRoot);
    return relative(context.cwd, join(projectRoot, kept));
  };
  return {
    ...hooks,
    approve: async (plan) => {
      try {
        return await hooks.approve(plan);
      } catch (error) {
        const kept = isPankaError(error) && error.code === "prompt-timeout" ? await keep(plan).catch(() => undefined) : undefined;
        if (!isPankaError(error) || kept === undefined) throw error;
        throw new PankaError(error.code, `${error.message}; the lock was let go, and the plan is kept in ${kept}`, {
          exitCode: error.exitCode,
          next: `panka ${operation} --plan ${kept}`,
          cause: error,
        });
      }
    },
  };
}
