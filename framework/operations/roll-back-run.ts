/**
 * Automatic rollback: a run whose result does not work is taken back under its own lock. The last good release is planned against what
 * stands now, carried out and sealed as a new serial. Protocol section 1a.
 */
import type { Diagnostic } from "../base/diagnostics.js";
import { EXIT, isPankaError, PankaError } from "../base/errors.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { type Carried, carryOut, isWhole, sealed } from "./carry-out.js";
import { pinned } from "./images.js";
import { refuseOverImports } from "./imported-since.js";
import { newestFirst, sameVersion, standsForAll, versionOf } from "./last-good.js";
import type { OpenRun, Target } from "./locked-job.js";
import { commandTarget, recordRelease, runReport, stepProblems } from "./run-report.js";
import type { RunResult } from "./run-result.js";
import { shownOutputs } from "./secrets-out.js";

/** What is taken back, and why. */
export interface TakenBack {
  /** What the run did; its state is saved. */
  done: Carried;
  /** Why, for people. */
  problems: Diagnostic[];
  /** Its release, where one was recorded. */
  record?: ReleaseRecord;
}

/**
 * Marks the release as failed, brings back the last good one, and ends the run with exit code 6 (`rolled-back`). Where that can't be, the
 * run is `failed`, what it made stays, and the result says what to type.
 */
export async function rollBackRun(run: OpenRun, { done, problems, record }: TakenBack): Promise<RunResult> {
  const { context, session } = run;
  if (record) await session.writeRelease({ ...record, status: "failed" });
  else await recordRelease(run, done, done.state, "failed");
  context.faults("rollback:before");
  const failed = { ...runReport(run, done), diagnostics: [...stepProblems(run.job, done.executed), ...problems] };
  const way = await wayBack(run, done).catch((error) => notBegun(error));
  if ("because" in way) return kept(run, done, failed, way);
  context.emit({ type: "phase", phase: "rollback", message: "Rolling back" });
  context.emit({
    type: "waiting",
    message: `Rolling back to serial ${way.release.serial}, released ${way.release.at} by ${way.release.by}`,
  });
  const back = await carryOut(run, way.target);
  const final = await sealed(run, back.state, isWhole(back) ? way.target.assemblyHash : null);
  if (back.executed?.ok !== false) {
    await recordRollback(run, way, back, final);
    return { ...failed, ...ending(run, way.release), serial: final.serial, outputs: shownOutputs(final) };
  }
  return {
    ...failed,
    kind: "failed",
    exitCode: EXIT.failed,
    serial: final.serial,
    diagnostics: [...failed.diagnostics, ...stepProblems(run.job, back.executed)],
    message: `The rollback of ${nameOf(run)} to serial ${way.release.serial} did not finish`,
    next: `panka rollback${commandTarget(context)}`,
  };
}

interface Way {
  release: ReleaseRecord;
  target: Target;
}

interface NotBegun {
  because: string;
  diagnostics: Diagnostic[];
  next: string | undefined;
}

/** Throws PankaError with why there is none. */
async function wayBack(run: OpenRun, done: Carried): Promise<Way> {
  const { context, job, session } = run;
  if (session.gate.isShut) throw new PankaError("gate-shut", session.gate.reason ?? "the lock is gone");
  if (!job.other) throw new PankaError("no-release", "a run of this kind is not taken back");
  const release = await lastGood(run, done);
  await refuseOverImports(context, job.backend, { release, state: done.state, allowed: [] });
  const { assembly, hash } = pinned(release);
  const target = job.other(assembly, hash);
  // Asked before anything is begun: the plan refuses what is protected.
  await target.plan(session.state);
  return { release, target };
}

async function lastGood({ job, session }: OpenRun, done: Carried): Promise<ReleaseRecord> {
  const stands = versionOf(done);
  for await (const release of newestFirst(job.backend, session.state)) {
    if (release.status === "good" && release.partial)
      throw new PankaError("partial-since", `serial ${release.serial} was of a part of the stack, and going back further would undo it`, {
        next: `mend it and deploy the whole stack (panka deploy): that can be gone back to again; or panka rollback SERIAL with one of panka history, which undoes serial ${release.serial}, too`,
      });
    if (!standsForAll(release)) continue;
    if (sameVersion(stands, release)) break;
    return release;
  }
  throw new PankaError("no-release", "there is no earlier good release to go back to");
}

function notBegun(error: unknown): NotBegun {
  if (!isPankaError(error)) throw error;
  const diagnostics = error.code === "no-release" ? [] : error.diagnostics;
  return { because: error.message, diagnostics, next: error.next };
}

/** What the run made stays; without a hash, so that the next deploy verifies it again. */
async function kept(run: OpenRun, done: Carried, failed: RunResult, { because, diagnostics, next }: NotBegun): Promise<RunResult> {
  const final = await sealed(run, done.state, null);
  return {
    ...failed,
    kind: "failed",
    exitCode: EXIT.failed,
    serial: final.serial,
    diagnostics: [...failed.diagnostics, ...diagnostics],
    message: `The verification of ${nameOf(run)} failed, and it was not rolled back: ${because}`,
    next: next ?? `mend it and run panka ${run.job.operation}${commandTarget(run.context)} again: it verifies what stands, too`,
  };
}

function ending(run: OpenRun, release: ReleaseRecord): Pick<RunResult, "kind" | "exitCode" | "message" | "next" | "rolledBackTo"> {
  return {
    kind: "rolled-back",
    exitCode: EXIT.rolledBack,
    rolledBackTo: release.serial,
    message: `The ${run.job.operation} of ${nameOf(run)} did not pass and was rolled back to serial ${release.serial}`,
    next: `panka history${commandTarget(run.context)}`,
  };
}

const nameOf = ({ job: { assembly } }: OpenRun): string => `${assembly.stack} in ${assembly.environment}`;

/** The record of the rollback itself: what was released then, now at a serial of its own. Nobody has approved it. */
async function recordRollback(run: OpenRun, { target }: Way, back: Carried, state: StateFile): Promise<void> {
  const { approval: _approval, ...job } = run.job;
  await recordRelease({ ...run, job: { ...job, ...target, recordAs: "rollback" } }, back, state, "good");
}
