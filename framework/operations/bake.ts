/**
 * Watching a new version: for some minutes the alarms of its roll-out are read again and again, and the tasks of all that the run has changed
 * are looked at. Progress leaves as events.
 */
import type { Diagnostic } from "../base/diagnostics.js";
import { messageOf, PankaError } from "../base/errors.js";
import { ALARM_STATES, type AlarmState } from "../model/alarms.js";
import { isProviderError } from "../model/provider.js";
import type { Rollout, RunningTasks } from "../model/rollout.js";
import type { StateFile } from "../model/state-file.js";
import type { Value } from "../model/values.js";
import { recordedText } from "../plan/stages.js";
import type { OpenRun } from "./locked-job.js";
import { TaskWatch } from "./task-watch.js";

/** A minute, ms; shortened in tests by a named environment variable. */
const MINUTE_MS = 60_000;
/** How often in a minute the alarms are read. */
const LOOKS = 6;

/** Alarms of one component. */
export interface Watched {
  component: string;
  alarms: readonly Value[];
}

/** The alarms that a roll-out is watched by: its own, and in stages those of what stands beside. */
export function watchedBy({ component, watch, staged }: Rollout, beside: boolean): Watched {
  return { component, alarms: [...(watch?.alarms ?? []), ...(beside ? (staged?.alarms ?? []) : [])] };
}

/**
 * Names of the alarms that are raised before anything has begun: they say nothing of the new version, and a warning says so.
 * Throws PankaError where alarms can't be read, or one is named that there is not: nothing is changed yet.
 */
export async function raisedBefore(run: OpenRun, state: StateFile, rollouts: readonly Rollout[]): Promise<ReadonlySet<string>> {
  const { context, job } = run;
  const raised = new Set<string>();
  const missing: Diagnostic[] = [];
  const watched = rollouts.map((rollout) => watchedBy(rollout, false));
  const states = await readStates(run, allNames(state, watched));
  for (const { component, alarms } of watched) {
    const known = namesOf(state, alarms);
    for (const { name, given } of known) {
      if (states[name] === "raised") raised.add(name);
      if (given && states[name] === undefined)
        missing.push({ ...at(run, component), code: "no-alarm", message: `there is no alarm "${name}"` });
    }
    for (const { name } of known.filter((k) => raised.has(k.name))) {
      const message = `the alarm ${name} is raised already; it says nothing of the new version, and is left aside`;
      context.emit({
        type: "diagnostic",
        diagnostic: { ...at(run, component), severity: "warning", code: "alarm-raised-before", message },
      });
    }
  }
  if (missing.length === 0) return raised;
  throw new PankaError("no-alarm", `alarms that ${job.assembly.stack} is to be watched by are not there; nothing was changed`, {
    diagnostics: missing,
  });
}

/** One time of watching. */
export interface Bake {
  watched: readonly Watched[];
  /** What is watched, plain words. */
  words: string;
  minutes: number;
  /** Whose tasks are looked at. */
  running: readonly (RunningTasks & { component: string })[];
  /** Alarms that are left aside. */
  aside: ReadonlySet<string>;
}

/** Watches; resolves to what is wrong as soon as something is, to nothing when the time is over or the run is stopped. */
export async function bake(run: OpenRun, state: StateFile, { watched, words, minutes, running, aside }: Bake): Promise<Diagnostic[]> {
  const { clock, emit, env } = run.context;
  const minute = Number(env.PANKA_MINUTE_MS ?? MINUTE_MS);
  const tasks = new TaskWatch(run, state, running);
  const until = clock.monotonic() + minutes * minute;
  const inSeconds = (ms: number): number => Math.round((Math.max(0, ms) / minute) * 60);
  for (;;) {
    const left = until - clock.monotonic();
    const components = [...new Set([...watched, ...running].map((w) => w.component))];
    emit({ type: "bake", components, message: words, remainingSeconds: inSeconds(left), totalSeconds: minutes * 60 });
    const problems = [...(await raisedNow(run, state, watched, aside)), ...(await tasks.look(left <= 0))];
    if (problems.length > 0 || left <= 0 || run.session.gate.isShut) return problems;
    try {
      await clock.sleep(Math.min(left, minute / LOOKS), run.signals.waiting);
    } catch {
      return [];
    }
  }
}

async function raisedNow(run: OpenRun, state: StateFile, watched: readonly Watched[], aside: ReadonlySet<string>): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  const names = allNames(state, watched).filter((name) => !aside.has(name));
  const states = await readStates(run, names).catch((error) => unread(run, watched, error));
  for (const one of watched)
    for (const name of allNames(state, [one]).filter((n) => !aside.has(n) && states[n] === "raised")) {
      const message = `the alarm ${name} was raised while the new version was watched`;
      found.push({ ...at(run, one.component), code: "alarm-raised", message });
    }
  return found;
}

/** A question that is not answered is put again at the next look. */
function unread(run: OpenRun, watched: readonly Watched[], error: unknown): { [name: string]: AlarmState } {
  for (const { component } of watched)
    run.context.emit({
      type: "diagnostic",
      diagnostic: { ...at(run, component), severity: "warning", code: "alarms-unread", message: messageOf(error) },
    });
  return {};
}

/** Names of all that is watched, each once. */
function allNames(state: StateFile, watched: readonly Watched[]): string[] {
  return [...new Set(watched.flatMap(({ alarms }) => namesOf(state, alarms).map((k) => k.name)))];
}

/** Names as far as they are known; `given`: written as text. */
function namesOf(state: StateFile, alarms: readonly Value[]): { name: string; given: boolean }[] {
  return alarms.flatMap((alarm) => {
    const name = recordedText(alarm, state);
    return name === undefined || name === "" ? [] : [{ name, given: typeof alarm === "string" }];
  });
}

/** Throws PankaError `alarms-unread`. */
async function readStates({ job }: OpenRun, names: readonly string[]): Promise<{ [name: string]: AlarmState }> {
  if (names.length === 0) return {};
  try {
    const { states } = await job.provider.lookup(ALARM_STATES, { names: [...names] });
    return states as { [name: string]: AlarmState };
  } catch (error) {
    if (!isProviderError(error)) throw error;
    throw new PankaError("alarms-unread", `alarms could not be read: ${messageOf(error)}`, {
      next: "allow cloudwatch:DescribeAlarms, or take the alarms out of deployment.rollback",
    });
  }
}

function at({ job }: OpenRun, component: string): Pick<Diagnostic, "severity" | "path"> & Partial<Diagnostic> {
  return { severity: "error", path: component, ...job.position(component) };
}
