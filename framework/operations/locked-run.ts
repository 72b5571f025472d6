/**
 * What deploy and destroy have in common: under the lock, recover, plan, ask, execute, commit, release. Protocol section 1a.
 * Signals: the first shuts the gate and lets the run end in order; the second ends it within 7 s.
 */
import { EXIT, isPankaError, PankaError } from "../base/errors.js";
import { recover, type RecoverResult } from "../engine/recovery.js";
import { SettleTime } from "../engine/settle-time.js";
import type { Plan } from "../model/plan.js";
import type { StateFile } from "../model/state-file.js";
import { changesAnything, planned, prepared, sealed, withFacts } from "./carry-out.js";
import { conclude } from "./conclusion.js";
import type { OperationContext } from "./context.js";
import { parseWait } from "./duration.js";
import { lockMetadata } from "./lock-metadata.js";
import { otherScopeStuck } from "./lock-scope.js";
import type { LockedJob, OpenRun } from "./locked-job.js";
import { checkAccount } from "./provider.js";
import { dumpPlace } from "./run-dump.js";
import { declined, stoppedResult } from "./run-report.js";
import type { RunHooks, RunResult } from "./run-result.js";
import { rollBackRun } from "./roll-back-run.js";
import { rollOut, versionsOf } from "./roll-out.js";
import { openSession, type Session } from "./session.js";
import { stopGracefully, stopNow } from "./session-stop.js";
import { notSaved } from "./store-failure.js";

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
      const signals = { waiting: waiting.signal, abort: abort.signal };
      return await work({ context, job, session, signals, saved: false }, hooks);
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

async function work(run: OpenRun, hooks: RunHooks): Promise<RunResult> {
  const { context, job, session, signals } = run;
  const start = { hash: cleanHash(session), recovering: session.recovery.length > 0 };
  try {
    checkAccount(job.identity.account, session.state.provider, job.accountId, `${job.assembly.stack} in ${job.assembly.environment}`);
    const state = await recovered(context, job, session);
    context.emit({ type: "phase", phase: "plan", message: "Planning" });
    const made = await planned(run, job, state);
    const { plan } = made;
    const base = made.state ?? state;
    const versions = await versionsOf(run, made, base);
    run.versions = versions;
    if (plan.steps.length === 0) return await conclude(run, { ...made, state: withFacts(run, job, plan, base) }, start);
    await prepared(run, plan);
    const asked = changesAnything(plan);
    if (asked) hooks.planned(plan);
    const approval = asked ? await approve(hooks, plan, signals.waiting) : "yes";
    if (approval !== "yes") {
      await sealed(run, base, start.recovering ? null : start.hash);
      return declined(job, plan, approval === "nobody");
    }
    const { done, problems } = await rollOut(run, made, base, versions);
    return await (problems ? rollBackRun(run, { done, problems }) : conclude(run, done, start));
  } catch (error) {
    // Nothing was done, so the state is sealed as it was and the next run finds nothing to recover.
    if (!run.saved && !start.recovering && session.journal.lastSeq === 0 && !session.gate.isShut)
      await sealed(run, session.state, start.hash).catch(() => {});
    throw await notSaved(error, session);
  }
}

/** The hash of the last run that did everything; null if a later one did not end. */
function cleanHash(session: Session): string | null {
  return session.recovery.length > 0 ? null : session.state.assemblyHash;
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
