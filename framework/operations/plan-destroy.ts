/** `plan --destroy`: what a destroy would do. Takes no lock, changes nothing. */
import { STACK_SCOPE } from "../model/scopes.js";
import { recordedState } from "./access.js";
import { schemaIndex } from "./compile.js";
import type { OperationContext } from "./context.js";
import { destroyedBy } from "./destroy.js";
import { type DestroySubject, destroySubject, planDeletion } from "./destroy-subject.js";
import { checkEngine } from "./engine.js";
import type { MadePlan } from "./plan.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { savedPlanOf } from "./saved-plan.js";

/** Plans the deletion; `save`: also for later. What stays, and why, is among the notices. Throws like destroy. */
export async function planDestroy(
  context: OperationContext,
  options: Pick<DestroySubject, "selection" | "allowDelete"> & { save: boolean },
): Promise<MadePlan> {
  const { selection, allowDelete } = options;
  const subject = await destroySubject(context, { selection, allowDelete });
  const where = `${subject.id.stack} in ${context.settings.environment}`;
  const state = await recordedState(context, subject.id);
  const model = { region: subject.region || (state?.provider.region ?? ""), spec: subject.spec };
  const identity = wantedIdentity(context, model);
  checkIdentity(state?.provider, identity, where);
  checkEngine(state, context, where);
  const schemas = schemaIndex(context);
  const provider = await openProvider(context, schemas, model);
  try {
    const { account } = await provider.identity();
    checkAccount(account, state?.provider, undefined, where);
    const made = await planDeletion(subject, { state, scope: STACK_SCOPE, provider, schemas });
    const plan = { ...made.plan, notices: [...made.plan.notices, ...made.kept] };
    if (!options.save) return { plan, diagnostics: [] };
    const of = { ...destroyedBy(context, subject, model), plan, state, provider: { ...identity, account } };
    return { plan, diagnostics: [], saved: await savedPlanOf(context, of) };
  } finally {
    await provider.close();
  }
}
