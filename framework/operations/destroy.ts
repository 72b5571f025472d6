/** Destroy: deletes what a stack made in an environment. What is protected stays, with all that it needs, and is named. */
import { componentOf } from "../base/names.js";
import { isPankaError, type PankaError } from "../base/errors.js";
import type { ApprovalRule } from "../model/approval.js";
import type { Assembly } from "../model/assembly.js";
import type { LockScope } from "../model/locker.js";
import type { Plan } from "../model/plan.js";
import type { StateFile } from "../model/state-file.js";
import { checkGuards } from "../plan/guards.js";
import { makePlan } from "../plan/make-plan.js";
import type { Selection } from "../plan/selection.js";
import { urnOfKey } from "../plan/selection.js";
import { isSealed } from "../state/journal-reader.js";
import { readState } from "../state/read.js";
import { requireBackend } from "./required-backend.js";
import { approvalRules } from "./approval-rules.js";
import { openBackend } from "./backend.js";
import { changesAnything } from "./carry-out.js";
import { compile, type Compiled, schemaIndex } from "./compile.js";
import type { OperationContext } from "./context.js";
import type { DeployOptions } from "./deploy.js";
import { checkEngine, openEngine } from "./engine.js";
import { lockScopeOf, withinScope } from "./lock-scope.js";
import type { LockedJob } from "./locked-job.js";
import { lockedRun } from "./locked-run.js";
import { refusal } from "./planned-run.js";
import { checkAccount, checkIdentity, openProvider, wantedIdentity } from "./provider.js";
import { emptyResult, type RunHooks, type RunResult } from "./run-result.js";
import { chosen, isNarrowed } from "./selection.js";
import { commandTarget } from "./run-report.js";
import { stackId } from "./stack-id.js";

/** Deletes. Throws PankaError for everything that stops it before a change. */
export async function destroy(context: OperationContext, options: Omit<DeployOptions, "refresh">, hooks: RunHooks): Promise<RunResult> {
  const started = context.clock.monotonic();
  requireBackend(context.settings);
  const compiled = await tryCompile(context, isNarrowed(options.selection));
  const id = compiled?.model ?? (await stackId(context));
  const { stack } = id;
  const backend = await openBackend(context, id);
  try {
    const recorded = (await readState(backend))?.state ?? null;
    const { environment } = context.settings;
    if (!recorded || (Object.keys(recorded.resources).length === 0 && isSealed(recorded))) {
      return { ...emptyResult("destroy", stack, environment), kind: "nothing-to-destroy", serial: recorded?.serial ?? null };
    }
    const model = compiled?.model ?? { region: recorded.provider.region, spec: {} };
    const identity = wantedIdentity(context, model);
    checkIdentity(recorded.provider, identity, `${stack} in ${environment}`);
    checkEngine(recorded, context, `${stack} in ${environment}`);
    const rules = approvalRules(context, compiled?.model);
    if (rules.length > 0) throw notDestroyed(environment, rules);
    const schemas = schemaIndex(context);
    const provider = await openProvider(context, schemas, model);
    try {
      const { account } = await provider.identity();
      checkAccount(account, recorded.provider, undefined, `${stack} in ${environment}`);
      const assembly: Assembly = compiled?.synth.assembly ?? {
        version: 1,
        stack,
        environment,
        region: model.region,
        resources: [],
        outputs: {},
      };
      const selection = isNarrowed(options.selection) && compiled ? narrowed(compiled, options.selection) : undefined;
      const scope = lockScopeOf(compiled?.synth.graph, options.selection, options.lockScope, context.settings);
      const plan = (state: StateFile) =>
        planDestroy({ scope, state, assembly, allowDelete: options.allowDelete, selection }, (request) =>
          makePlan({ assembly, assemblyHash: "", state, schemas, port: provider, destroy: true, ...request }),
        );
      if (!options.yes && !context.ask) {
        const early = await plan(recorded);
        if (changesAnything(early.plan)) {
          hooks.planned(early.plan);
          return unattended(context, stack, early.plan);
        }
      }
      const job: LockedJob = {
        operation: "destroy",
        assembly,
        assemblyHash: null,
        schemas,
        provider,
        engine: await openEngine(context, { stack, model, schemas, provider, backend }),
        identity: { ...identity, account },
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
      const result = await lockedRun(context, job, hooks);
      return { ...result, durationMs: Math.round(context.clock.monotonic() - started) };
    } finally {
      await provider.close();
    }
  } finally {
    await backend.close();
  }
}

/** Plans of a destroy can't be saved yet, so that none can be approved. */
function notDestroyed(environment: string, rules: readonly ApprovalRule[]): PankaError {
  const asked = rules.map((rule) => rule.asked).join(", ");
  return refusal(
    "approval-required",
    `${environment} takes approved plans only (${asked}), and plans of a destroy are not supported yet`,
    "panka plan --out plan.json of a stack without the components",
  );
}

function unattended(context: OperationContext, stack: string, plan: Plan): RunResult {
  const message = "there is something to delete, and nobody is there to approve it; nothing was changed";
  return {
    ...emptyResult("destroy", stack, context.settings.environment),
    kind: "declined",
    exitCode: 5,
    message: "",
    serial: plan.serial,
    left: plan.steps.length,
    diagnostics: [{ severity: "error", code: "not-approved", message, next: `panka destroy${commandTarget(context)} --yes` }],
  };
}

/** The stack's files may be gone or broken: what is recorded can be deleted all the same. */
async function tryCompile(context: OperationContext, needed: boolean): Promise<Compiled | undefined> {
  if (!context.stackEntry && !needed) return undefined;
  try {
    return await compile(context);
  } catch (error) {
    if (!needed && isPankaError(error) && error.code === "invalid-stack") return undefined;
    throw error;
  }
}

function narrowed(compiled: Compiled, selection: DeployOptions["selection"]): Selection {
  return { components: chosen(compiled.synth.graph, selection), services: selection.services };
}

/** Plans the deletion; what is protected, and what that needs, is left out and named in `kept`. */
async function planDestroy(
  parts: { scope: LockScope; state: StateFile; assembly: Assembly; allowDelete: string[]; selection: Selection | undefined },
  make: (request: { selection?: Selection }) => Promise<Plan>,
): Promise<{ plan: Plan; kept: string[] }> {
  const { state, allowDelete, selection } = parts;
  const plan = await make(selection ? { selection } : {});
  const refused = checkGuards(plan, state, { allowDelete });
  if (refused.length === 0) return { plan: withinScope(plan, parts.scope), kept: [] };
  const guarded = new Set(refused.map((d) => d.path ?? ""));
  const keep = closure(state, (component) => guarded.has(component));
  const urns = plan.changes.filter((c) => c.action === "delete" && !keep.has(c.urn)).map((c) => c.urn);
  const kept = [...guarded].sort().map((component) => `${component} is protected; to delete it, too: --allow-delete ${component}`);
  const others = new Set([...keep].map(componentOf).filter((c) => !guarded.has(c)));
  if (others.size > 0) kept.push(`${[...others].sort().join(", ")}: needed by what is protected`);
  return { plan: withinScope(await make({ selection: { urns } }), parts.scope), kept };
}

/** Resources of components, and all that they need. */
function closure(state: StateFile, is: (component: string) => boolean): Set<string> {
  const keep = new Set<string>();
  const add = (urn: string): void => {
    if (keep.has(urn)) return;
    keep.add(urn);
    for (const need of state.resources[urn]?.dependsOn ?? []) add(urnOfKey(need));
  };
  for (const key of Object.keys(state.resources)) if (is(componentOf(urnOfKey(key)))) add(urnOfKey(key));
  return keep;
}
