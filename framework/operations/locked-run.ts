/**
 * What deploy and destroy have in common: under the lock, recover, plan, ask, execute, commit, release. Protocol section 1a.
 * Signals: the first shuts the gate and lets the run end in order; the second ends it within 7 s.
 */
import type { Diagnostic } from "../base/diagnostics.js";
import { EXIT, isPankaError, PankaError } from "../base/errors.js";
import { jsonEqual } from "../base/json.js";
import { resolveOutputs } from "../engine/outputs.js";
import { recover, type RecoverResult } from "../engine/recovery.js";
import { SettleTime } from "../engine/settle-time.js";
import type { Assembly } from "../model/assembly.js";
import type { ActionFunction, Engine } from "../model/engine.js";
import type { LockScope } from "../model/locker.js";
import type { Plan } from "../model/plan.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import { STACK_SCOPE } from "../model/scopes.js";
import type { ProviderIdentity, StateFile } from "../model/state-file.js";
import { checkAccount } from "./provider.js";
import type { Backend } from "./backend.js";
import type { OperationContext } from "./context.js";
import { parseWait } from "./duration.js";
import { checkKey } from "./key-check.js";
import { lockMetadata } from "./lock-metadata.js";
import { otherScopeStuck } from "./lock-scope.js";
import { declined, runReport, stoppedResult } from "./run-report.js";
import type { RunHooks, RunResult } from "./run-result.js";
import { dumpPlace } from "./run-dump.js";
import { openSession, type Session } from "./session.js";
import { stopGracefully, stopNow } from "./session-stop.js";
import type { TakeoverRequest } from "./stale-lock.js";
import { notSaved } from "./store-failure.js";
import { sweepTags } from "./tag-sweep.js";
import { fetchAsset, storeAssets } from "./stored-assets.js";

/** A run under the lock. */
export interface LockedJob {
  operation: "deploy" | "destroy";
  /** What the lock and the release say; default the operation. */
  recordAs?: "rollback";
  assembly: Assembly;
  /** Written into the state if everything was done and nothing left out; null: never. */
  assemblyHash: string | null;
  schemas: SchemaIndex;
  provider: Provider;
  engine: Engine;
  /** Region and endpoint as wanted; the account comes from the provider. */
  identity: ProviderIdentity;
  accountId: unknown;
  backend: Backend;
  wait: string | undefined;
  /** What is locked. */
  scope: LockScope;
  /** `--takeover`. */
  takeover: TakeoverRequest | undefined;
  /** Steps (`<urn>@<fence>.<seq>`) that a person has looked after: recovery leaves them out. */
  forget: string[];
  /** Journaled steps by name; destroy has none. */
  actions: Record<string, ActionFunction>;
  /** Plans against a state; throws PankaError with all problems. */
  plan(state: StateFile): Promise<{ plan: Plan; kept: string[]; state?: StateFile }>;
  /** Where a component was written, for problems. */
  position(component: string): Partial<Diagnostic>;
}

/** Does it. Throws PankaError for what stops it before anything was changed. */
export async function lockedRun(context: OperationContext, job: LockedJob, hooks: RunHooks): Promise<RunResult> {
  const abort = new AbortController();
  const waiting = new AbortController();
  let session: Session | undefined;
  let forced: (result: RunResult) => void = () => {};
  const force = new Promise<RunResult>((resolve) => {
    forced = resolve;
  });
  const off = context.stop.onRise((level) => {
    const signal = context.stop.signal ?? "SIGTERM";
    waiting.abort(interrupted(signal));
    if (session) stopGracefully(session, signal);
    if (level !== 2) return;
    abort.abort(interrupted(signal));
    const result = stoppedResult(context, job, "stopped at once; the next run recovers what was in flight");
    if (session) void stopNow(session, context.clock).then(() => forced(result));
    else forced(result);
  });
  const body = async (): Promise<RunResult> => {
    session = await begin(context, job, waiting.signal);
    // A question to a person is not worth waiting for once the lock is gone.
    session.gate.onShut((reason) => waiting.abort(new PankaError("gate-shut", `${reason}; nothing was changed`, { next: AGAIN })));
    if (context.stop.level > 0) stopGracefully(session, context.stop.signal ?? "SIGTERM");
    try {
      return await work(context, job, hooks, session, { waiting: waiting.signal, abort: abort.signal });
    } finally {
      await session.release();
    }
  };
  const running = body();
  running.catch(() => {});
  try {
    return await Promise.race([running, force]);
  } finally {
    off();
  }
}

const AGAIN = "run the same command again";

function interrupted(signal: string): PankaError {
  return new PankaError("interrupted", `stopped by ${signal}; nothing was changed`, {
    exitCode: signal === "SIGINT" ? EXIT.interrupted : EXIT.terminated,
  });
}

function begin(context: OperationContext, job: LockedJob, signal: AbortSignal): Promise<Session> {
  const { backend } = job;
  return openSession({
    ...backend,
    clock: context.clock,
    random: context.random,
    fault: context.faults,
    metadata: lockMetadata(context, job.recordAs ?? job.operation),
    waitMs: parseWait(job.wait),
    takeover: job.takeover,
    scope: job.scope,
    settle: (session) => settleOther(context, job, session),
    emit: context.emit,
    provider: job.identity,
    engine: job.engine.name,
    reads: context.reads,
    signal,
    dumps: context.connect?.dumps ?? dumpPlace(context, job.assembly.stack),
    ...(context.env.PANKA_STORE_PATIENCE_MS ? { patienceMs: Number(context.env.PANKA_STORE_PATIENCE_MS) } : {}),
  });
}

async function work(
  context: OperationContext,
  job: LockedJob,
  hooks: RunHooks,
  session: Session,
  signals: { waiting: AbortSignal; abort: AbortSignal },
): Promise<RunResult> {
  const start = { hash: cleanHash(session), recovering: session.recovery.length > 0 };
  let committed = false;
  const commit = async (content: StateFile, assemblyHash: string | null) => {
    committed = true;
    const provider = { ...content.provider, ...job.identity, account: job.identity.account || content.provider.account };
    return session.commit({ ...content, provider }, { sealed: true, assemblyHash });
  };
  try {
    checkAccount(job.identity.account, session.state.provider, job.accountId, `${job.assembly.stack} in ${job.assembly.environment}`);
    const state = await recovered(context, job, session);
    context.emit({ type: "phase", phase: "plan", message: "Planning" });
    const { plan, kept, state: refreshed } = await planned(job, session, state);
    const base = refreshed ?? state;
    if (plan.steps.length === 0) {
      const hash = plan.leftOut.length === 0 && kept.length === 0 ? job.assemblyHash : start.hash;
      const final = await commit(withFacts(base, plan, job), hash);
      return runReport(context, job, { plan, kept, state: final });
    }
    checkKey(plan, job.schemas, session.sealed, job.backend.cipher.source);
    if (job.operation === "deploy") await job.provider.prepare?.();
    const asked = changesAnything(plan);
    if (asked) hooks.planned(plan);
    const approval = asked ? await approve(hooks, plan, signals.waiting) : "yes";
    if (approval !== "yes") {
      await commit(base, start.recovering ? null : start.hash);
      return declined(job, plan, approval === "nobody");
    }
    const result = await executed(context, job, session, { plan, state: base, abort: signals.abort });
    const complete = result.ok && plan.leftOut.length === 0 && kept.length === 0;
    context.emit({ type: "phase", phase: "commit", message: "Saving the state" });
    const final = await commit(result.state, complete ? job.assemblyHash : null);
    if (result.ok && makesAnything(plan, start.recovering)) await sweepTags(job.provider, final, context.emit);
    return await runReport(context, job, { plan, kept, state: final, executed: result, session });
  } catch (error) {
    // Nothing was done, so the state is sealed as it was and the next run finds nothing to recover.
    if (!committed && !start.recovering && session.journal.lastSeq === 0 && !session.gate.isShut)
      await commit(session.state, start.hash).catch(() => {});
    throw await notSaved(error, session);
  }
}

/** The hash of the last run that did everything; null if a later one did not end. */
function cleanHash(session: Session): string | null {
  return session.recovery.length > 0 ? null : session.state.assemblyHash;
}

/** True if something may have been made twice. */
function makesAnything(plan: Plan, recovering: boolean): boolean {
  return recovering || plan.summary.create + plan.summary.replace > 0;
}

/** False where only recorded options differ: nobody is asked about those. */
export function changesAnything(plan: Plan): boolean {
  return plan.summary.create + plan.summary.update + plan.summary.replace + plan.summary.delete > 0;
}

function withFacts(state: StateFile, plan: Plan, job: LockedJob): StateFile {
  if (job.operation === "destroy") return state;
  // Outputs may differ although no resource does.
  const next = { ...state, lookups: { ...state.lookups, ...plan.lookups }, allotments: plan.allotments };
  return plan.leftOut.length > 0 ? next : { ...next, ...resolveOutputs(job.assembly, next) };
}

async function approve(hooks: RunHooks, plan: Plan, signal: AbortSignal) {
  const stopped = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  stopped.catch(() => {});
  return Promise.race([hooks.approve(plan), stopped]);
}

/** Settles what a run of another scope left, under that scope's lock. */
async function settleOther(context: OperationContext, job: LockedJob, session: Session): Promise<void> {
  try {
    await session.commit(await recovered(context, job, session), { sealed: true, assemblyHash: null });
  } catch (error) {
    throw isPankaError(error) && error.code === "recovery-stopped" ? otherScopeStuck(session.lease.scope, error) : error;
  }
}

/** Plans. Under a narrower lock new numbers are saved before anyone is asked: another scope's run may want the same. */
async function planned(job: LockedJob, session: Session, state: StateFile): Promise<Awaited<ReturnType<LockedJob["plan"]>>> {
  let current = state;
  for (let attempt = 0; ; attempt++) {
    const made = await job.plan(current);
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

/** Settles what earlier runs left. Throws PankaError `recovery-stopped` with what a person must look at. */
async function recovered(context: OperationContext, job: LockedJob, session: Session): Promise<StateFile> {
  if (session.recovery.length === 0) return session.state;
  context.emit({ type: "phase", phase: "recover", message: "Settling what an earlier run left" });
  const { provider } = job;
  const settleTime = new SettleTime({ clock: context.clock, provider, events: context.emit });
  const settle = (before: StateFile): Promise<RecoverResult> =>
    recover({
      state: before,
      entries: session.recovery,
      assembly: job.assembly,
      provider,
      schemas: job.schemas,
      settleTime,
      events: context.emit,
      forget: job.forget,
      ended: session.lease.ended,
    });
  let settled = await settle(session.state);
  if (settled.problems.length > 0 && (await session.reread())) settled = await settle(settled.state);
  const { state, problems } = settled;
  const saved = await session.fold(state);
  if (problems.length === 0) return saved;
  throw new PankaError("recovery-stopped", "an earlier run left something that can't be settled safely", { diagnostics: problems });
}

async function executed(
  context: OperationContext,
  job: LockedJob,
  session: Session,
  run: { plan: Plan; state: StateFile; abort: AbortSignal },
) {
  const { gate, journal } = session;
  if (job.operation === "deploy") await storeAssets(context, job.assembly, { gate, journal, store: job.backend.store });
  context.emit({ type: "phase", phase: "execute", message: job.operation === "deploy" ? "Deploying" : "Deleting" });
  return job.engine.execute({
    plan: run.plan,
    state: run.state,
    assembly: job.assembly,
    schemas: job.schemas,
    provider: job.provider,
    journal,
    gate,
    events: context.emit,
    clock: context.clock,
    fault: context.faults,
    actions: job.actions,
    fold: (state) => session.fold(state),
    assetPath: (sha) => fetchAsset(context, sha, job.backend.store),
    signal: run.abort,
  });
}
