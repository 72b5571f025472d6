/** Deploy: brings an environment to what the stack says. A stack that is as deployed starts nothing, locks nothing, writes nothing. */
import type { Diagnostic } from "../base/diagnostics.js";
import { EXIT, PankaError } from "../base/errors.js";
import { hashJson } from "../base/json.js";
import type { Assembly } from "../model/assembly.js";
import type { Engine } from "../model/engine.js";
import type { Plan } from "../model/plan.js";
import type { LockScope } from "../model/locker.js";
import type { Provider } from "../model/provider.js";
import type { StateFile } from "../model/state-file.js";
import { checkGuards } from "../plan/guards.js";
import { isSealed } from "../state/journal-reader.js";
import { readState } from "../state/read.js";
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
import { accountIdOf, makeStackPlan } from "./plan.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { checkTenantLimits } from "./tenant-limits.js";
import { commandTarget, nextCommand } from "./run-report.js";
import { emptyResult, type RunHooks, type RunResult } from "./run-result.js";
import { isNarrowed, planSelection, type SelectionOptions } from "./selection.js";
import { shownOutputs } from "./secrets-out.js";
import { positionIn } from "./positions.js";
import type { TakeoverRequest } from "./stale-lock.js";

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
  /** Steps (`<urn>@<fence>.<seq>`) that recovery shall leave out. */
  forget: string[];
  refresh: boolean;
}

/** Deploys. Throws PankaError for everything that stops it before a change. */
export async function deploy(context: OperationContext, options: DeployOptions, hooks: RunHooks): Promise<RunResult> {
  return deployCompiled(context, await compile(context), options, hooks);
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
      : await withProvider(context, compiled, (provider) => run(context, { compiled, options, scope, hooks, backend, recorded, provider }));
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
  const scoped = { ...options, scope };
  checkAccount(account, recorded?.provider, accountIdOf(compiled), where(compiled));
  const engine = await openEngine(context, { ...compiled, stack: compiled.model.stack, provider, backend });
  const unattended = !options.yes && !context.ask;
  if (unattended || (isNarrowed(options.selection) && recorded === null)) {
    const { plan } = await makeStackPlan(compiled, recorded, { provider, engine }, scoped);
    if (unattended && changesAnything(plan)) {
      hooks.planned(plan);
      return notApproved(context, compiled, plan);
    }
  }
  const job: LockedJob = {
    operation: "deploy",
    ...(options.recordAs ? { recordAs: options.recordAs } : {}),
    assembly: compiled.synth.assembly,
    assemblyHash: compiled.synth.hash,
    schemas: compiled.schemas,
    provider,
    engine,
    identity: { ...wantedIdentity(context, compiled.model), account },
    accountId: accountIdOf(compiled),
    backend,
    wait: options.wait,
    scope,
    takeover: options.takeover,
    forget: options.forget,
    actions: ACTIONS(context, compiled.model),
    plan: async (state) => {
      const made = await makeStackPlan(compiled, state, { provider, engine }, scoped);
      await guard(context, made.plan, made.state ?? state, options, hooks);
      return { ...made, kept: [] };
    },
    other: (assembly, assemblyHash) => otherTarget({ ...parts, engine }, assembly, assemblyHash),
    position: (component) => positionOf(compiled, component),
  };
  return lockedRun(context, job, hooks);
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

/** Nobody is there to ask: exit 5 with nothing touched. */
function notApproved(context: OperationContext, compiled: Deployable, plan: Plan): RunResult {
  const message = "there are changes, and nobody is there to approve them; nothing was changed";
  return {
    ...emptyResult("deploy", compiled.model.stack, compiled.model.environment),
    kind: "declined",
    exitCode: EXIT.refused,
    message: "",
    serial: plan.serial,
    left: plan.steps.length,
    diagnostics: [{ severity: "error", code: "not-approved", message, next: `panka deploy${commandTarget(context)} --yes` }],
  };
}

/** A protected resource is deleted or replaced only if it is named: by a flag, or typed on the terminal. Throws PankaError `protected` (exit 5). */
async function guard(context: OperationContext, plan: Plan, state: StateFile, options: DeployOptions, hooks: RunHooks): Promise<void> {
  const allowed = { allowDelete: [...options.allowDelete], allowReplace: [...options.allowReplace] };
  for (let refused = checkGuards(plan, state, allowed); refused.length > 0; refused = checkGuards(plan, state, allowed)) {
    const first = refused[0] as Diagnostic;
    const name = first.path ?? "";
    if (!context.ask) throw new PankaError("protected", first.message, { exitCode: EXIT.refused, diagnostics: refused });
    hooks.planned(plan);
    const answer = await context.ask(`${first.message}.\nType ${name} to allow it: `);
    if (answer !== name)
      throw new PankaError("protected", "not allowed; nothing was changed", { exitCode: EXIT.refused, diagnostics: refused });
    allowed.allowDelete.push(name);
    allowed.allowReplace.push(name);
  }
}

/** Where a component was written, from sources.json: `file:line:column`. */
export function positionOf(compiled: Deployable, component: string): Partial<Diagnostic> {
  return positionIn(compiled.synth.sources, component);
}
