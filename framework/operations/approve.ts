/** Approve: a person's, or a pipeline's, agreement to one saved plan, kept in the back end beside the state. */
import type { Agreement } from "../model/approval.js";
import { addAgreement, sealsApprovals } from "../state/approvals.js";
import { readState } from "../state/read.js";
import { withBackend } from "./access.js";
import { callerIdentity } from "./account.js";
import { refusedBy } from "./approval-rules.js";
import type { OperationContext } from "./context.js";
import { rulesOf } from "./deploy-plan.js";
import { checkUnmoved, type PlannedRun, refusal } from "./planned-run.js";

/** What an approval came to. `done` false: not confirmed. */
export interface ApproveResult {
  done: boolean;
  /** The plan's id. */
  plan: string;
  stack: string;
  environment: string;
  /** Who asked to approve. */
  by: string;
  /** All who have agreed, in order. */
  agreements: Agreement[];
}

/**
 * Approves a plan for as long as the state is as it was. Throws PankaError (exit 5): `other-plan`, `moved-state`, `not-an-approver` where
 * the rules name others; and what reading the state throws.
 */
export async function approve(
  context: OperationContext,
  planned: PlannedRun,
  confirm: (by: string) => Promise<boolean>,
): Promise<ApproveResult> {
  const { saved } = planned;
  const rules = await rulesOf(context, planned);
  const { id: plan, stack, environment } = saved;
  return withBackend(context, saved, async (backend) => {
    const state = (await readState(backend))?.state ?? null;
    await checkUnmoved(planned, state);
    const by = await callerIdentity(context, saved.provider.region);
    const rule = refusedBy(rules, by);
    if (rule)
      throw refusal("not-an-approver", `${by} may not approve plans for ${environment}`, `ask ${rule.by.join(" or ")} (${rule.asked})`);
    if (!(await confirm(by))) return { done: false, plan, stack, environment, by, agreements: [] };
    const at = new Date(context.clock.now()).toISOString();
    const agreements = await addAgreement(backend, saved, await sealsApprovals(backend, state), { by, at });
    return { done: true, plan, stack, environment, by, agreements };
  });
}
