/** Deploy: brings an environment to what the stack says. A stack that is as deployed starts nothing, locks nothing, writes nothing. */
import type { Diagnostic } from "../base/diagnostics.js";
import { EXIT, PankaError } from "../base/errors.js";
import { hashJson } from "../base/json.js";
import type { ApprovalRule } from "../model/approval.js";
import type { Assembly } from "../model/assembly.js";
import type { Engine } from "../model/engine.js";
import type { Plan } from "../model/plan.js";
import type { LockScope } from "../model/locker.js";
import type { Provider } from "../model/provider.js";
import type { ProviderIdentity, StateFile } from "../model/state-file.js";
import { checkGuards } from "../plan/guards.js";
import { isSealed } from "../state/journal-reader.js";
import { readState } from "../state/read.js";
import { approvalRules } from "./approval-rules.js";
import { requireBackend } from "./required-backend.js";
import { type Backend, openBackend } from "./backend.js";
import { changesAnything } from "./carry-out.js";
import { compile, type Deployable } from "./compile.js";
import type { OperationContext } from "./context.js";
import { checkEngine, openEngine } from "./engine.js";
import { lockScopeOf } from "./lock-scope.js";
import type { LockedJob, Target } from "./locked-job.js";
import { lockedRun } from "./locked-run.js";
import { ACTIONS } from "./actions.js";
import { heldTo } from "./held-to-plan.js";
import { keepingPlan } from "./kept-plan.js";
import { approvalOf, checkPlace, checkUnmoved, isApproved, type PlannedRun, planRequired, type RunApproval } from "./planned-run.js";
import { accountIdOf, makeStackPlan } from "./plan.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { checkTenantLimits } from "./tenant-limits.js";
import { commandTarget, nextCommand, unattended } from "./run-report.js";
import { emptyResult, type RunHooks, type RunResult } from "./run-result.js";
import { isNarrowed, planSelection, type SelectionOptions } from "./selection.js";
import { savedPlanOf } from "./saved-plan.js";
import { withGuardsOff } from "../providers/guards-off.js";
import { shownOutputs } from "./secrets-out.js";
import { positionIn } from "./positions.js";
import { verifierOf } from "./verifier.js";
import type { TakeoverRequest } from "./stale-lock.js";
import { requireAssets } from "./stored-assets.js";

/** What deploy is asked for. */
export interface DeployOptions {
  selection: SelectionOptions;
  yes: boolean;
  allowDelete: string[];
  allowReplace: string[];
  wait: string | undefined;
  /** `--takeover`, with `--force`. */
  takeover?: TakeoverRequest | undefined;
  /** `--lock-scope`. */
  lockScope?: string | undefined;
  /** What the lock and the release say the run is; default deploy. */
  recordAs?: "rollback";
  /** False: no smoke test is run. Default true. */
  tests?: boolean;
  /** Steps (`<urn>@<fence>.<seq>`) that recovery shall leave out. */
  forget: string[];
  refresh: boolean;
  /** What asks for an approval of deployments here. */
  rules?: readonly ApprovalRule[];
  /** `--plan`. */
  planned?: PlannedRun;
}

/** Deploys. Throws PankaError for everything that stops it before a change. */
export async function deploy(context: OperationContext, options: DeployOptions, hooks: RunHooks): Promise<RunResult> {
  const compiled = await compile(context);
  return deployCompiled(context, compiled, { ...options, rules: approvalRules(context, compiled.model) }, hooks);
}

/** Deploys what is compiled, or was once. Throws like {@link deploy}. */
export async function deployCompiled(
  context: OperationContext,
  compiled: Deployable,
  options: DeployOptions,
  hooks: RunHooks,
): Promise<RunResult> {
  const started = context.clock.monotonic();
  requireBackend(context.settings);
  for (const diagnostic of compiled.diagnostics) context.emit({ type: "diagnostic", diagnostic });
  if (isNarrowed(options.selection)) planSelection(compiled.synth.graph, options.selection);
  const scope = lockScopeOf(compiled.synth.graph, options.selection, options.lockScope, context.settings);
  const backend = await openBackend(context, compiled.model);
  try {
    const recorded = (await readState(backend))?.state ?? null;
    checkIdentity(recorded?.provider, wantedIdentity(context, compiled.model), where(compiled));
    checkEngine(recorded, context, where(compiled));
    await checkTenantLimits(context, compiled, recorded !== null);
    const result = isUpToDate(recorded, compiled, options)
      ? upToDate(context, compiled, recorded)
      : await withProvider(context, compiled, (provider) =>
          run(context, { compiled, options, scope, hooks, backend, recorded, provider: withGuardsOff(provider, options) }),
        );
    return { ...result, durationMs: Math.round(context.clock.monotonic() - started) };
  } finally {
    await backend.close();
  }
}

interface Parts {
  compiled: Deployable;
  options: DeployOptions;
  scope: LockScope;
  hooks: RunHooks;
  backend: Backend;
  recorded: StateFile | null;
  provider: Provider;
}

function where(compiled: Deployable): string {
  return `${compiled.model.stack} in ${compiled.model.environment}`;
}

function isUpToDate(recorded: StateFile | null, compiled: Deployable, options: DeployOptions): recorded is StateFile {
  return recorded !== null && !options.refresh && recorded.assemblyHash === compiled.synth.hash && isSealed(recorded);
}

function upToDate(context: OperationContext, compiled: Deployable, recorded: StateFile): RunResult {
  const { stack, environment } = compiled.model;
  return {
    ...emptyResult("deploy", stack, environment),
    kind: "no-changes",
    summary: { create: 0, update: 0, replace: 0, delete: 0, same: Object.keys(recorded.resources).length },
    outputs: shownOutputs(recorded),
    serial: recorded.serial,
    next: nextCommand(context, { operation: "deploy" }, true),
  };
}

async function withProvider<T>(context: OperationContext, compiled: Deployable, body: (provider: Provider) => Promise<T>): Promise<T> {
  const provider = await openProvider(context, compiled.schemas, compiled.model, compiled.builds);
  try {
    return await body(provider);
  } finally {
    await provider.close();
  }
}

async function run(context: OperationContext, parts: Parts): Promise<RunResult> {
  const { compiled, options, scope, hooks, backend, recorded, provider } = parts;
  const { account } = await provider.identity();
  const identity = { ...wantedIdentity(context, compiled.model), account };
  const { planned, rules = [] } = options;
  const again = planned && { lookups: planned.saved.lookups, serial: planned.saved.plan.serial };
  const scoped = { ...options, scope, again };
  checkAccount(account, recorded?.provider, accountIdOf(compiled), where(compiled));
  const approval = planned && (await checkedPlan(context, parts, planned, identity));
  const engine = await openEngine(context, { ...compiled, stack: compiled.model.stack, provider, backend });
  const alone = !options.yes && !context.ask && !isApproved(approval);
  const unplanned = rules.length > 0 && !planned;
  if (alone || unplanned || (isNarrowed(options.selection) && recorded === null)) {
    const { plan } = await makeStackPlan(compiled, recorded, { provider, engine }, scoped);
    if ((alone || unplanned) && changesAnything(plan)) {
      hooks.planned(plan);
      if (unplanned) throw planRequired(compiled.model.environment, rules, "deploy");
      const { stack, environment } = compiled.model;
      return unattended({ operation: "deploy", stack, environment }, plan, `panka deploy${commandTarget(context)} --yes`);
    }
  }
  const selected = { selection: options.selection, refresh: options.refresh };
  const held = heldTo({ operation: "deploy", environment: compiled.model.environment, planned, rules }, (state) =>
    makeStackPlan(compiled, state, { provider, engine }, scoped),
  );
  let base: StateFile | null = null;
  const job: LockedJob = {
    operation: "deploy",
    ...(options.recordAs ? { recordAs: options.recordAs } : {}),
    ...(approval ? { approval } : {}),
    assembly: compiled.synth.assembly,
    assemblyHash: compiled.synth.hash,
    schemas: compiled.schemas,
    provider,
    engine,
    identity,
    accountId: accountIdOf(compiled),
    backend,
    wait: options.wait,
    scope,
    takeover: options.takeover,
    forget: options.forget,
    actions: ACTIONS(context, compiled.model),
    plan: async (state) => {
      base = state;
      const made = await held(state);
      await guard(context, made.plan, made.state ?? state, options, hooks);
      return { ...made, kept: [] };
    },
    ...verifierOf(context, compiled, options),
    other: (assembly, assemblyHash) => otherTarget({ ...parts, engine }, assembly, assemblyHash),
    position: (component) => positionOf(compiled, component),
  };
  const save = (plan: Plan) =>
    savedPlanOf(context, { operation: "deploy", compiled, plan, state: base, provider: identity, rules, ...selected });
  return lockedRun(context, job, keepingPlan(context, hooks, { planned, approval, operation: "deploy" }, save));
}

/** The plan must be for this place and for what stands, its files at hand, and agreed to where that is asked for. */
async function checkedPlan(context: OperationContext, parts: Parts, planned: PlannedRun, identity: ProviderIdentity): Promise<RunApproval> {
  const { backend, recorded: state, options, compiled } = parts;
  checkPlace(planned, identity, context.settings.engine);
  await checkUnmoved(planned, state);
  await requireAssets(context, compiled.synth.assembly, backend.store);
  return approvalOf(context, backend, planned, { state, rules: options.rules ?? [] });
}

/** Another assembly of the stack, planned as this run's is: same selection, same scope; what is protected is not touched, and nobody is asked. */
function otherTarget(
  { compiled, options, scope, provider, engine }: Parts & { engine: Engine },
  assembly: Assembly,
  hash: string | null,
): Target {
  const synth = { ...compiled.synth, assembly, hash: hash ?? hashJson(assembly), notices: [], grants: [] };
  return {
    assembly,
    assemblyHash: hash,
    plan: async (state) => {
      const made = await makeStackPlan({ ...compiled, synth }, state, { provider, engine }, { ...options, scope, refresh: false });
      const diagnostics = checkGuards(made.plan, state, options);
      if (diagnostics.length === 0) return { ...made, kept: [] };
      const message = "it would delete or replace what is protected";
      throw new PankaError("protected", message, { exitCode: EXIT.refused, diagnostics });
    },
  };
}

/** A protected resource is deleted or replaced only if it is named: by a flag, or typed on the terminal. Throws PankaError `protected` (exit 5). */
async function guard(context: OperationContext, plan: Plan, state: StateFile, options: DeployOptions, hooks: RunHooks): Promise<void> {
  for (let refused = checkGuards(plan, state, options); refused.length > 0; refused = checkGuards(plan, state, options)) {
    const first = refused[0] as Diagnostic;
    const name = first.path ?? "";
    if (!context.ask) throw new PankaError("protected", first.message, { exitCode: EXIT.refused, diagnostics: refused });
    hooks.planned(plan);
    const answer = await context.ask(`${first.message}.\nType ${name} to allow it: `);
    if (answer !== name)
      throw new PankaError("protected", "not allowed; nothing was changed", { exitCode: EXIT.refused, diagnostics: refused });
    // It holds for the stages of the run, too.
    options.allowDelete.push(name);
    options.allowReplace.push(name);
  }
}

/** Where a component was written, from sources.json: `file:line:column`. */
export function positionOf(compiled: Deployable, component: string): Partial<Diagnostic> {
  return positionIn(compiled.synth.sources, component);
}
