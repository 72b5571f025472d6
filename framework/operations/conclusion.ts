/** The end of a run: what was done is saved; where there is something to verify, that comes before the release counts as good. Protocol section 1a. */
import type { Plan } from "../model/plan.js";
import type { StateFile } from "../model/state-file.js";
import { type Carried, isWhole, sealed } from "./carry-out.js";
import type { OpenRun } from "./locked-job.js";
import { recordRelease, runReport } from "./run-report.js";
import type { RunResult } from "./run-result.js";
import { sweepTags } from "./tag-sweep.js";
import { dueOf, verified } from "./verification.js";

/** What was known when the run began. */
export interface RunStart {
  /** The hash of the last run that did everything; null if a later one did not end. */
  hash: string | null;
  /** An earlier run had left something to settle. */
  recovering: boolean;
}

/** Saves, verifies, seals; `done.state` is not saved yet. A release that fails its verification is rolled back. */
export async function conclude(run: OpenRun, done: Carried, start: RunStart): Promise<RunResult> {
  const due = await dueOf(run, done, start);
  if (due) return verified(run, done, due, (state) => swept(run, done, start, state));
  const final = await committed(run, done, start);
  await swept(run, done, start, final);
  if (done.executed?.ok) await recordRelease(run, done, final, "good");
  return runReport(run, { ...done, state: final });
}

async function committed(run: OpenRun, done: Carried, start: RunStart): Promise<StateFile> {
  const whole = isWhole(done) ? run.job.assemblyHash : null;
  if (!done.executed) return sealed(run, done.state, isWhole(done) ? whole : start.hash);
  run.context.emit({ type: "phase", phase: "commit", message: "Saving the state" });
  return sealed(run, done.state, whole);
}

async function swept(run: OpenRun, { plan, executed }: Carried, start: RunStart, state: StateFile): Promise<void> {
  if (executed?.ok && makesAnything(plan, start.recovering)) await sweepTags(run.job.provider, state, run.context.emit);
}

/** True if something may have been made twice. */
function makesAnything(plan: Plan, recovering: boolean): boolean {
  return recovering || plan.summary.create + plan.summary.replace > 0;
}
