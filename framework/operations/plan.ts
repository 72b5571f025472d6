/** Plan: what a deploy would do. Takes no lock, writes nothing but panka.out/. */
import type { Diagnostic } from "../base/diagnostics.js";
import { costNotices } from "../cost/notices.js";
import { refreshState } from "../engine/refresh.js";
import type { BindingGrant } from "../model/assembly.js";
import type { Engine } from "../model/engine.js";
import type { LockScope } from "../model/locker.js";
import type { Plan } from "../model/plan.js";
import { isProviderError, type PlanPort, type Props, type Provider, ProviderError } from "../model/provider.js";
import type { SavedPlan } from "../model/saved-plan.js";
import { STACK_SCOPE } from "../model/scopes.js";
import type { StateFile } from "../model/state-file.js";
import { UNKNOWN } from "../model/values.js";
import { makePlan, type PlanRequest } from "../plan/make-plan.js";
import { lookupKey } from "../plan/resolve.js";
import type { Selection } from "../plan/selection.js";
import { newVersions, rolloutNotices } from "../plan/stages.js";
import { recordedState } from "./access.js";
import { approvalRules } from "./approval-rules.js";
import { compile, type Deployable } from "./compile.js";
import type { OperationContext } from "./context.js";
import { checkEngine, openEngine } from "./engine.js";
import { withDigests } from "./images.js";
import { sharedNeeds, withinScope } from "./lock-scope.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { savedPlanOf } from "./saved-plan.js";
import { checkTenantLimits } from "./tenant-limits.js";
import { isNarrowed, planSelection, type SelectionOptions } from "./selection.js";

/** What plan is asked for. */
export interface PlanOptions {
  selection: SelectionOptions;
  refresh: boolean;
  /** The lock's scope; what lies outside of it must not change. Default: the whole stack. */
  scope?: LockScope;
  /** Of a saved plan, made again: what look-ups found then, and the serial that its hash is over. */
  again?: { lookups: Plan["lookups"]; serial: number } | undefined;
  /** A plan only: the stack's own region has changes to make before this one. What look-ups don't find is taken to come of them. */
  afterOwnRegion?: boolean;
  /** A rollback takes over at once, and is not watched. */
  recordAs?: "rollback";
}

/** A plan as it was made for a person. */
export interface MadePlan {
  plan: Plan;
  diagnostics: Diagnostic[];
  /** Where it was asked for. */
  saved?: SavedPlan;
}

/** Plans the stack; `save`: also for later. Throws PankaError `invalid-stack`, `plan-failed`, usage errors. */
export async function planStack(context: OperationContext, options: PlanOptions & { save?: boolean }): Promise<MadePlan> {
  const compiled = await compile(context);
  const where = `${compiled.model.stack} in ${compiled.model.environment}`;
  const state = await recordedState(context, compiled.model);
  const identity = wantedIdentity(context, compiled.model);
  checkIdentity(state?.provider, identity, where);
  checkEngine(state, context, where);
  await checkTenantLimits(context, compiled, state !== null);
  const provider = await openProvider(context, compiled.schemas, compiled.model, compiled.builds);
  try {
    const { account } = context.settings.provider === "aws" || options.save ? await provider.identity() : { account: "" };
    if (context.settings.provider === "aws") checkAccount(account, state?.provider, accountIdOf(compiled), where);
    const { model, schemas } = compiled;
    const engine = await openEngine(context, { stack: model.stack, model, schemas, provider });
    const { plan } = await makeStackPlan(compiled, state, { provider, engine }, options);
    const { diagnostics } = compiled;
    if (!options.save) return { plan, diagnostics };
    const rules = approvalRules(context, model);
    const parts = { operation: "deploy" as const, compiled, plan, state, provider: { ...identity, account }, rules };
    return { plan, diagnostics, saved: await savedPlanOf(context, { ...parts, selection: options.selection, refresh: options.refresh }) };
  } finally {
    await provider.close();
  }
}

/** `provider.accountId` of the Stack document. */
export function accountIdOf(compiled: Pick<Deployable, "model">): unknown {
  return (compiled.model.spec["provider"] as { accountId?: unknown } | undefined)?.accountId;
}

/** A plan of a compiled stack against a state; with `refresh` the state as the cloud has it comes back, too. */
export async function makeStackPlan(
  compiled: Deployable,
  recorded: StateFile | null,
  { provider, engine }: { provider: Provider; engine: Engine },
  options: PlanOptions,
): Promise<{ plan: Plan; state?: StateFile }> {
  const { synth, schemas } = compiled;
  const refreshed = options.refresh && recorded ? await refreshState(recorded, provider, schemas) : undefined;
  const request: Omit<PlanRequest, "port"> = {
    assembly: synth.assembly,
    assemblyHash: synth.hash,
    state: refreshed?.state ?? recorded,
    schemas,
    ...(refreshed ? { refreshed: refreshed.refreshed } : {}),
    ...(options.again ? { serial: options.again.serial } : {}),
    ...(isNarrowed(options.selection) ? { selection: scopedSelection(compiled, options) } : {}),
  };
  const images: string[] = [];
  const whole = await engine.planning({ state: request.state, assembly: synth.assembly }, (port) =>
    makePlan({ ...request, port: withDigests(answering(port, compiled.model, options), recorded, (notice) => images.push(notice)) }),
  );
  const plan = withinScope(whole, options.scope ?? STACK_SCOPE);
  const rollouts = options.recordAs ? [] : rolloutNotices(newVersions(plan, synth.assembly, request.state));
  const notices = [...new Set([...rollouts, ...synth.notices, ...costNotices(plan, synth.assembly), ...images.sort(), ...plan.notices])];
  return { plan: { ...plan, notices, grants: plannedGrants(plan, synth.grants) }, ...(refreshed ? { state: refreshed.state } : {}) };
}

/**
 * The port, which answers look-ups as a saved plan has them: what was approved is what is made. In a region that is not the stack's own
 * what is not found may be still to be made there.
 */
function answering(port: PlanPort, { regions = [], region }: Deployable["model"], options: PlanOptions): PlanPort {
  const lookups = options.again?.lookups ?? {};
  const [home] = regions;
  return {
    plan: (call) => port.plan(call),
    lookup: async (token, args) => {
      const known = lookups[lookupKey(token, args)];
      if (known) return known.result as Props;
      try {
        return await port.lookup(token, args);
      } catch (error) {
        if (!isProviderError(error) || error.code !== "not-found" || home === undefined || home === region) throw error;
        if (options.afterOwnRegion) return UNKNOWN as unknown as Props;
        const hint = `what is made in ${home}, the stack's own region, is looked up in ${region}, and must be deployed there first`;
        throw new ProviderError("not-found", `${error.message}; ${hint}`);
      }
    },
  };
}

/** The permissions of what is in the plan. */
function plannedGrants(plan: Plan, grants: readonly BindingGrant[]): BindingGrant[] {
  const planned = new Set(plan.changes.filter((c) => c.action !== "delete").map((c) => c.component));
  return grants.filter((g) => planned.has(g.component));
}

/** The selection of a plan; under a narrower lock with the shared resources that it needs, and the way to the wider one. */
function scopedSelection(compiled: Deployable, options: PlanOptions): Selection {
  const { synth, model } = compiled;
  const selection = planSelection(synth.graph, options.selection);
  if (options.scope === undefined || options.scope === STACK_SCOPE) return selection;
  return {
    ...selection,
    urns: sharedNeeds(synth.assembly, options.scope),
    next: `panka deploy --stack ${model.stack} -e ${model.environment} --lock-scope stack`,
  };
}
