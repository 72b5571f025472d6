/**
 * Rolling out new versions: in stages where they have some, each an assembly that is carried out and watched, and watched once more when
 * all stands. What fails of one brings the last good release back. Protocol section 1a.
 */
import type { Diagnostic } from "../base/diagnostics.js";
import { isPankaError } from "../base/errors.js";
import type { Assembly } from "../model/assembly.js";
import type { ExecuteResult } from "../model/engine.js";
import type { StateFile } from "../model/state-file.js";
import { TASK_TYPE } from "../model/tasks.js";
import { minutesText, newVersions, stageAssembly, stageAt, stageCount, tasksIn } from "../plan/stages.js";
import { bake, raisedBefore, watchedBy } from "./bake.js";
import { type Carried, carryOut, changesAnything, executed, folded } from "./carry-out.js";
import type { LockedJob, NewVersions, OpenRun, Planned } from "./locked-job.js";

/** The new versions of a plan, with a look at the alarms before anything changes. A rollback and a destroy have none. Throws like raisedBefore. */
export async function versionsOf(run: OpenRun, { plan }: Planned, state: StateFile): Promise<NewVersions> {
  const { job } = run;
  if (job.operation === "destroy" || job.recordAs) return { all: [], staged: [], watched: [], running: [], aside: new Set() };
  const { staged, atOnce } = newVersions(plan, job.assembly, state);
  // Where nothing is to be done a run before this one may have ended before its watch did.
  const again = !changesAnything(plan);
  const taken = again ? (job.assembly.rollouts ?? []) : atOnce.map((a) => a.rollout);
  const watched = taken.filter((r) => r.watch !== undefined);
  const all = [...staged, ...atOnce.map((a) => a.rollout)];
  return {
    all,
    staged,
    watched,
    running: tasksIn(plan, job.assembly, again),
    aside: await raisedBefore(run, state, [...staged, ...watched]),
  };
}

/** What came of the stages and of the assembly itself; `problems`: why it is to be taken back. */
export interface RolledOut {
  done: Carried;
  problems?: Diagnostic[];
}

/** Carries out what was planned and approved, in stages where there are some. `done` says what the approved plan came to. */
export async function rollOut(run: OpenRun, made: Planned, base: StateFile, versions: NewVersions): Promise<RolledOut> {
  const { job } = run;
  const { staged } = versions;
  if (staged.length === 0 || !job.other) {
    const result = await executed(run, job, made.plan, base);
    return ended(run, made, result.state, result, versions);
  }
  await folded(run, base);
  for (let index = 0; index < stageCount(staged); index++) {
    const stopped = await stage(run, made, versions, index);
    if (stopped) return stopped;
  }
  run.context.emit({ type: "stage", components: staged.map((r) => r.component), message: "only the new version is left" });
  const last = await carryOut(run, job.other(job.assembly, job.assemblyHash));
  return ended(run, made, last.state, last.executed ?? nothingDone(last.state), versions);
}

/** Carries out and watches one stage; what is returned ends the roll-out. */
async function stage(run: OpenRun, made: Planned, versions: NewVersions, index: number): Promise<RolledOut | undefined> {
  const { job, context, session } = run;
  const here = versions.staged.filter((r) => index < r.staged.stages.length);
  const words = [...new Set(here.map((r) => stageAt(r, index).words))].join("; ");
  context.emit({ type: "stage", components: here.map((r) => r.component), message: words });
  let carried: Carried;
  try {
    const assembly = stageAssembly(job.assembly, session.state, versions.staged, index);
    carried = await carryOut(run, (job.other as NonNullable<LockedJob["other"]>)(assembly, null));
  } catch (error) {
    if (!isPankaError(error) || session.gate.isShut) throw error;
    const problems = error.diagnostics.length > 0 ? [...error.diagnostics] : [problemOf(error.code, error.message)];
    return { done: { ...made, state: session.state, executed: nothingDone(session.state) }, problems };
  }
  const result = carried.executed ?? nothingDone(carried.state);
  if (!result.ok) return ended(run, made, carried.state, result, versions);
  const minutes = Math.max(...here.map((r) => stageAt(r, index).minutes));
  if (minutes === 0) return undefined;
  const watched = here.map((r) => watchedBy(r, true));
  const problems = await bake(run, carried.state, {
    watched,
    words: `${words}, watched for ${minutesText(minutes)}`,
    minutes,
    running: [...versions.running, ...here.flatMap(({ component, staged }) => (staged.running ? [{ component, ...staged.running }] : []))],
    aside: versions.aside,
  });
  if (problems.length > 0) return { done: { ...made, state: carried.state, executed: result }, problems };
  if (!session.gate.isShut) return undefined;
  return { done: { ...made, state: carried.state, executed: { ...result, ok: false, interrupted: true } } };
}

/** What was done; where the roll-out of a new version failed that may go back by itself, it is to be taken back. */
function ended(run: OpenRun, made: Planned, state: StateFile, result: ExecuteResult, versions: NewVersions): RolledOut {
  const done = { ...made, state, executed: result };
  if (result.ok || result.interrupted || run.session.gate.isShut) return { done };
  const mayGoBack = versions.all.filter((r) => r.onFailure !== false);
  const own = new Set(mayGoBack.flatMap((r) => [r.when.urn, ...(r.steps ?? []), ...(r.staged?.added ?? []).map((spec) => spec.urn)]));
  const before = new Set(mayGoBack.map((r) => r.component));
  const failed = result.failed.some((step) => own.has(step.urn) || (step.type === TASK_TYPE && before.has(step.component)));
  return failed ? { done, problems: [] } : { done };
}

/** True if any component of the assembly is watched. */
export function isWatched(assembly: Assembly): boolean {
  return (assembly.rollouts ?? []).some((r) => r.watch !== undefined);
}

/** Watches what has taken over, when all stands; what is wrong. */
export async function watchNew(run: OpenRun, state: StateFile): Promise<Diagnostic[]> {
  const { watched, running, aside } = run.versions ?? { watched: [], running: [], aside: new Set<string>() };
  if (watched.length === 0) return [];
  const minutes = Math.max(...watched.map((r) => r.watch?.minutes ?? 0));
  const words = `the new version is watched for ${minutesText(minutes)}`;
  return bake(run, state, { watched: watched.map((r) => watchedBy(r, false)), words, minutes, running, aside });
}

function nothingDone(state: StateFile): ExecuteResult {
  return { state, ok: true, failed: [], skipped: [], interrupted: false };
}

function problemOf(code: string, message: string): Diagnostic {
  return { severity: "error", code, message };
}
