/** Verification: a run's release is `verifying` until what it made is seen to work; then it is `good`, or the run is taken back. Protocol section 1a. */
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { getRelease, listReleases } from "../state/releases.js";
import { type Carried, folded, isWhole, sealed } from "./carry-out.js";
import type { RunStart } from "./conclusion.js";
import { sameVersion, versionOf } from "./last-good.js";
import type { OpenRun } from "./locked-job.js";
import { rollBackRun } from "./roll-back-run.js";
import { recordRelease, runReport } from "./run-report.js";
import type { RunResult } from "./run-result.js";

/** What a run has to verify. */
export interface Due {
  /** The release of an earlier run of this assembly, which did not come to the end of its verification. */
  pending: ReleaseRecord | undefined;
}

/**
 * What the run has to verify: it did something, or a run before it did and did not come to the end of its verification; else undefined. A run
 * that has only facts to record counts, too: the changes may be those of a run that was killed, which another one took up.
 */
export async function dueOf(run: OpenRun, done: Carried, start: RunStart): Promise<Due | undefined> {
  if (!run.job.verify || done.executed?.ok === false) return undefined;
  const pending = await unverified(run, done.plan.assemblyHash);
  const isNew = done.executed !== undefined || (isWhole(done) && run.job.assemblyHash !== start.hash);
  return isNew || pending ? { pending } : undefined;
}

/** Saves without a hash and records the release as `verifying`, verifies, then seals with the hash and records it as `good`; or rolls back. */
export async function verified(
  run: OpenRun,
  done: Carried,
  { pending }: Due,
  saved: (state: StateFile) => Promise<void>,
): Promise<RunResult> {
  const { context, job, session } = run;
  context.emit({ type: "phase", phase: "commit", message: "Saving the state" });
  const state = await folded(run, done.state);
  const own = pending && standsFor(pending, done);
  const record = own ? pending : await recordRelease(run, done, state, "verifying");
  await saved(state);
  context.faults("verify:before");
  context.emit({ type: "phase", phase: "verify", message: "Verifying" });
  const problems = (await job.verify?.(run, { ...done, state })) ?? [];
  context.faults("verify:after");
  if (session.gate.isShut || context.stop.level > 0) return stillVerifying(run, { ...done, state });
  if (problems.length > 0) return rollBackRun(run, { done: { ...done, state }, problems, record });
  await session.writeRelease({ ...record, status: "good" });
  context.faults("verify:good");
  const final = await sealed(run, session.state, isWhole(done) ? job.assemblyHash : null);
  return runReport(run, { ...done, state: final });
}

/** The newest release, where it is of this assembly and its verification did not come to an end. */
async function unverified({ job, session }: OpenRun, assemblyHash: string): Promise<ReleaseRecord | undefined> {
  const newest = (await listReleases(job.backend.store)).at(-1);
  const record = newest === undefined ? null : await getRelease(job.backend, session.state, newest);
  return record?.status === "verifying" && record.assemblyHash === assemblyHash ? record : undefined;
}

/** False where a tag has moved since, or where one of the two is of a part of the stack: what is verified now is another release. */
function standsFor(pending: ReleaseRecord, done: Carried): boolean {
  return !pending.partial && done.plan.leftOut.length === 0 && sameVersion(pending, versionOf(done));
}

/** The run was stopped, or lost its lock, before the verification was over: the next deploy begins with it. */
async function stillVerifying(run: OpenRun, done: Carried): Promise<RunResult> {
  const state = await sealed(run, done.state, null);
  return runReport(run, { ...done, state, unverified: true });
}
