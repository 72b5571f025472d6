/** Destroy: deletes what a stack made in an environment. What is protected stays, with all that it needs, and is named. */
import type { Plan } from "../model/plan.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ProviderIdentity, StateFile } from "../model/state-file.js";
import { withGuardsOff } from "../providers/guards-off.js";
import { isSealed } from "../state/journal-reader.js";
import { readState } from "../state/read.js";
import { requireBackend } from "./required-backend.js";
import { type Backend, openBackend } from "./backend.js";
import { changesAnything } from "./carry-out.js";
import { schemaIndex } from "./compile.js";
import type { OperationContext } from "./context.js";
import type { DeployOptions } from "./deploy.js";
import { type DestroySubject, destroySubject, planDeletion, plannedSubject } from "./destroy-subject.js";
import { checkEngine, openEngine } from "./engine.js";
import { heldTo } from "./held-to-plan.js";
import { keepingPlan } from "./kept-plan.js";
import { lockScopeOf } from "./lock-scope.js";
import type { LockedJob } from "./locked-job.js";
import { lockedRun } from "./locked-run.js";
import { approvalOf, checkPlace, checkUnmoved, isApproved, type PlannedRun } from "./planned-run.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { commandTarget, unattended } from "./run-report.js";
import { emptyResult, type RunHooks, type RunResult } from "./run-result.js";
import { savedPlanOf } from "./saved-plan.js";

/** What destroy is asked for beside what it is of. */
export type DestroyOptions = Pick<DeployOptions, "yes" | "wait" | "takeover" | "lockScope" | "forget">;

/** Deletes. Throws PankaError for everything that stops it before a change. */
export async function destroy(
  context: OperationContext,
  options: DestroyOptions & Pick<DestroySubject, "selection" | "allowDelete">,
  hooks: RunHooks,
): Promise<RunResult> {
  const { selection, allowDelete } = options;
  requireBackend(context.settings);
  return destroyIt(context, await destroySubject(context, { selection, allowDelete }), options, hooks);
}

/** `destroy --plan`: deletes what a saved plan says, or nothing. Throws like destroy, and PankaError (exit 5) where the plan is not for this, or no longer. */
export async function destroyPlan(
  context: OperationContext,
  planned: PlannedRun,
  options: DestroyOptions,
  hooks: RunHooks,
): Promise<RunResult> {
  requireBackend(context.settings);
  return destroyIt(context, await plannedSubject(context, planned), options, hooks);
}

async function destroyIt(context: OperationContext, subject: DestroySubject, options: DestroyOptions, hooks: RunHooks): Promise<RunResult> {
  const started = context.clock.monotonic();
  const { stack } = subject.id;
  const backend = await openBackend(context, subject.id);
  try {
    const recorded = (await readState(backend))?.state ?? null;
    const { environment } = context.settings;
    if (!recorded || (Object.keys(recorded.resources).length === 0 && isSealed(recorded))) {
      return { ...emptyResult("destroy", stack, environment), kind: "nothing-to-destroy", serial: recorded?.serial ?? null };
    }
    const model = { region: subject.region || recorded.provider.region, spec: subject.spec };
    const identity = wantedIdentity(context, model);
    checkIdentity(recorded.provider, identity, `${stack} in ${environment}`);
    checkEngine(recorded, context, `${stack} in ${environment}`);
    const schemas = schemaIndex(context);
    const provider = withGuardsOff(await openProvider(context, schemas, model), subject);
    try {
      const result = await run(context, { subject, options, hooks, backend, recorded, provider, schemas, model, identity });
      return { ...result, durationMs: Math.round(context.clock.monotonic() - started) };
    } finally {
      await provider.close();
    }
  } finally {
    await backend.close();
  }
}

interface Parts {
  subject: DestroySubject;
  options: DestroyOptions;
  hooks: RunHooks;
  backend: Backend;
  recorded: StateFile;
  provider: Provider;
  schemas: SchemaIndex;
  model: { region: string; spec: { [key: string]: unknown } };
  /** Without the account. */
  identity: ProviderIdentity;
}

async function run(context: OperationContext, parts: Parts): Promise<RunResult> {
  const { subject, options, hooks, backend, recorded, provider, schemas, model } = parts;
  const { assembly, selection, rules, planned } = subject;
  const { stack } = subject.id;
  const { environment } = context.settings;
  const { account } = await provider.identity();
  const identity = { ...parts.identity, account };
  checkAccount(account, recorded.provider, undefined, `${stack} in ${environment}`);
  if (planned) checkPlace(planned, identity, context.settings.engine);
  if (planned) await checkUnmoved(planned, recorded);
  const approval = planned && (await approvalOf(context, backend, planned, { state: recorded, rules }));
  const scope = lockScopeOf(subject.graph, selection, options.lockScope, context.settings);
  let base: StateFile = recorded;
  const plan = heldTo({ operation: "destroy", environment, planned, rules }, (state) => {
    base = state;
    return planDeletion(subject, { state, scope, provider, schemas });
  });
  const alone = !options.yes && !context.ask && !isApproved(approval);
  if (alone || (!planned && rules.length > 0)) {
    const early = await plan(recorded);
    if (alone && changesAnything(early.plan)) {
      hooks.planned(early.plan);
      return unattended({ operation: "destroy", stack, environment }, early.plan, `panka destroy${commandTarget(context)} --yes`);
    }
  }
  const job: LockedJob = {
    operation: "destroy",
    ...(approval ? { approval } : {}),
    assembly,
    assemblyHash: null,
    schemas,
    provider,
    engine: await openEngine(context, { stack, model, schemas, provider, backend }),
    identity,
    accountId: undefined,
    backend,
    wait: options.wait,
    scope,
    takeover: options.takeover,
    forget: options.forget,
    actions: {},
    plan,
    position: () => ({}),
  };
  const save = (made: Plan) =>
    savedPlanOf(context, { ...destroyedBy(context, subject, model), plan: made, state: base, provider: identity });
  return lockedRun(context, job, keepingPlan(context, hooks, { planned, approval, operation: "destroy" }, save));
}

/** What a saved plan of a destroy says beside the plan. */
export function destroyedBy(context: OperationContext, subject: DestroySubject, model: Parts["model"]) {
  const { id, assembly, graph = { nodes: [], edges: [] }, selection, allowDelete, rules } = subject;
  const compiled = { model: { ...id, environment: context.settings.environment, ...model }, synth: { assembly, graph } };
  return { operation: "destroy" as const, compiled, selection, refresh: false, allowDelete, rules };
}
