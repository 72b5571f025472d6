/**
 * Carrying out one assembly inside a run: plan it against what stands, run the plan, save. An ordinary run does it once, a progressive
 * roll-out once for each stage, an automatic rollback once more: all under one lock, in one journal, which the run's last commit seals.
 */
import { jsonEqual } from "../base/json.js";
import { resolveOutputs } from "../engine/outputs.js";
import type { ExecuteResult } from "../model/engine.js";
import type { Plan } from "../model/plan.js";
import { STACK_SCOPE } from "../model/scopes.js";
import type { StateFile } from "../model/state-file.js";
import { checkKey } from "./key-check.js";
import type { OpenRun, Planned, Target } from "./locked-job.js";
import { fetchAsset, storeAssets } from "./stored-assets.js";

/** What came of one assembly. */
export interface Carried extends Planned {
  /** All that stands now, not yet sealed. */
  state: StateFile;
  /** Absent: the plan had no step. */
  executed?: ExecuteResult;
}

/** True if all of the target stands as it says. */
export function isWhole({ plan, kept, executed }: Omit<Carried, "state">): boolean {
  return executed?.ok !== false && plan.leftOut.length === 0 && kept.length === 0;
}

/** False where only recorded options differ: nobody is asked about those. */
export function changesAnything(plan: Plan): boolean {
  return plan.summary.create + plan.summary.update + plan.summary.replace + plan.summary.delete > 0;
}

/**
 * Plans a target, runs the plan and saves what came of it, journal open: the run goes on with another target, or ends with `sealed`.
 * Asks nobody. Steps that failed are in `executed`. Throws what planning throws, and what stops a run.
 */
export async function carryOut(run: OpenRun, target: Target): Promise<Carried> {
  const made = await planned(run, target, run.session.state);
  const base = made.state ?? run.session.state;
  if (made.plan.steps.length === 0) return { ...made, state: await folded(run, withFacts(run, target, made.plan, base)) };
  await prepared(run, made.plan);
  const result = await executed(run, target, made.plan, base);
  return { ...made, state: await folded(run, result.state), executed: result };
}

/** Plans. Under a narrower lock new numbers are saved before anyone is asked: another scope's run may want the same. */
export async function planned({ job, session }: OpenRun, target: Target, state: StateFile): Promise<Planned> {
  let current = state;
  for (let attempt = 0; ; attempt++) {
    const made = await target.plan(current);
    const wanted = made.plan.allotments;
    if (job.scope === STACK_SCOPE || jsonEqual(wanted, current.allotments) || attempt > 4) return made;
    const { allotments } = await session.fold({ ...current, allotments: wanted });
    const kept = Object.entries(wanted).every(([pool, numbers]) =>
      Object.entries(numbers).every(([key, number]) => allotments[pool]?.[key] === number),
    );
    if (kept) return made;
    current = { ...current, allotments };
  }
}

/** Throws PankaError where a plan can't be begun: no key for its secrets, a provider that is not ready. */
export async function prepared({ job, session }: OpenRun, plan: Plan): Promise<void> {
  checkKey(plan, job.schemas, session.sealed, job.backend.cipher.source);
  if (job.operation === "deploy") await job.provider.prepare?.();
}

/** Runs a plan, step by step, journaled. */
export async function executed(run: OpenRun, target: Target, plan: Plan, state: StateFile): Promise<ExecuteResult> {
  const { context, job, session, signals } = run;
  const { gate, journal } = session;
  if (job.operation === "deploy") await storeAssets(context, target.assembly, { gate, journal, store: job.backend.store });
  context.emit({ type: "phase", phase: "execute", message: job.operation === "deploy" ? "Deploying" : "Deleting" });
  return job.engine.execute({
    plan,
    state,
    assembly: target.assembly,
    schemas: job.schemas,
    provider: job.provider,
    journal,
    gate,
    events: context.emit,
    clock: context.clock,
    fault: context.faults,
    actions: job.actions,
    fold: (running) => session.fold(running),
    assetPath: (sha) => fetchAsset(context, sha, job.backend.store),
    signal: signals.abort,
  });
}

/** What is recorded where a plan has no step: outputs may differ although no resource does. */
export function withFacts({ job }: OpenRun, target: Target, plan: Plan, state: StateFile): StateFile {
  if (job.operation === "destroy") return state;
  const next = { ...state, lookups: { ...state.lookups, ...plan.lookups }, allotments: plan.allotments };
  return plan.leftOut.length > 0 ? next : { ...next, ...resolveOutputs(target.assembly, next) };
}

/** Saves in the middle of a run: its journal stays open. */
export function folded(run: OpenRun, content: StateFile): Promise<StateFile> {
  run.saved = true;
  return run.session.fold(ofProvider(run, content));
}

/** Saves at the end of a run, and seals its journal. `assemblyHash`: null unless all that it says stands and is verified. */
export function sealed(run: OpenRun, content: StateFile, assemblyHash: string | null): Promise<StateFile> {
  run.saved = true;
  return run.session.commit(ofProvider(run, content), { sealed: true, assemblyHash });
}

function ofProvider({ job: { identity } }: OpenRun, content: StateFile): StateFile {
  return { ...content, provider: { ...content.provider, ...identity, account: identity.account || content.provider.account } };
}
