/** execute: runs a plan through the provider, journaled step by step. Progress leaves it as events only. */
import { messageOf, PankaError } from "../base/errors.js";
import type { ExecuteRequest, ExecuteResult } from "../model/engine.js";
import { noFault } from "../model/faults.js";
import { isProviderError } from "../model/provider.js";
import type { Plan } from "../model/plan.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import type { Value } from "../model/values.js";
import { Lookups } from "../plan/lookups.js";
import { resolveOutputs } from "./outputs.js";
import { untilArrived } from "./lost-calls.js";
import { type Run, runSource } from "./run.js";
import { RunState } from "./run-state.js";
import { runTasks, Width } from "./schedule.js";
import { tasksOf } from "./tasks.js";

/**
 * Runs the plan. Resolves also when steps failed; what was done is in `state` in any case. Rejects only for what is a bug or a
 * simulated crash. When the gate is shut, calls in flight finish and nothing is started; when `signal` fires, nothing is waited for:
 * calls in flight stay in the journal as intents, for the next run to look after.
 */
export async function execute(request: ExecuteRequest): Promise<ExecuteResult> {
  const { plan } = request;
  const state = withAliases(request.state, plan);
  const run: Run = {
    request: { ...request, state },
    state: new RunState(state, request.clock, request.gate, request.fold),
    lookups: new Lookups({ ...plan.lookups, ...plan.secretLookups }, request.schemas, (token, args) =>
      request.provider.lookup(token, args),
    ),
    width: new Width(Math.max(1, request.parallel ?? 32)),
    fault: request.fault ?? noFault,
    secrets: new Set(),
    startedAt: request.clock.monotonic(),
    resent: [],
    failed: [],
    skipped: [],
    interrupted: false,
  };
  if (state !== request.state) await request.fold(state);
  await untilStopped(
    runTasks(tasksOf(run, plan), run.width).then(() => untilArrived(run)),
    run,
  );
  run.state.close();
  if (run.interrupted) request.journal.close();
  await run.state.settled();
  if (!request.signal?.aborted) await request.journal.flush();
  return finished(run);
}

/** Waits for the tasks, or for the second stop. */
async function untilStopped(tasks: Promise<unknown>, run: Run): Promise<void> {
  const { signal } = run.request;
  if (!signal) {
    await tasks;
    return;
  }
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([tasks.then(() => undefined), stopped]);
  if (!signal.aborted) return;
  tasks.catch(() => {});
  run.interrupted = true;
}

async function finished(run: Run): Promise<ExecuteResult> {
  const { plan, assembly, signal } = run.request;
  const ok = run.failed.length === 0 && run.skipped.length === 0 && !run.interrupted;
  const destroyed = plan.steps.every((s) => s.spec === undefined) && Object.keys(run.state.resources).length === 0;
  if (!destroyed && !signal?.aborted && ok) await prepareOutputs(run);
  const { lookups } = run.lookups.results();
  const recorded =
    plan.leftOut.length > 0 || !ok ? { ...run.request.state.lookups, ...plan.lookups, ...lookups } : { ...plan.lookups, ...lookups };
  const state: StateFile = { ...run.state.snapshot(), lookups: destroyed ? {} : recorded, allotments: destroyed ? {} : plan.allotments };
  return {
    state: { ...state, ...resolveOutputs(assembly, state) },
    ok,
    failed: run.failed,
    skipped: run.skipped,
    interrupted: run.interrupted,
  };
}

/** Reads the look-ups of outputs whose arguments were not known before. One that fails leaves its output out: the run itself is done. */
async function prepareOutputs(run: Run): Promise<void> {
  try {
    await run.lookups.prepare(run.request.assembly.outputs as unknown as Value, runSource(run));
  } catch (error) {
    if (!isProviderError(error)) throw error;
    const message = `an output could not be read: ${messageOf(error)}`;
    run.request.events({ type: "diagnostic", diagnostic: { severity: "warning", code: "output-lookup", message } });
  }
}

/** The state with resources moved from their aliases to their URNs, in keys and in recorded edges; the same object if there are none. */
export function withAliases(state: StateFile, plan: Plan): StateFile {
  const moved = new Map<string, string>();
  for (const step of plan.steps) if (step.priorKey !== undefined) moved.set(step.priorKey, step.key);
  if (moved.size === 0) return state;
  const resources: { [key: string]: ResourceState } = {};
  for (const [key, resource] of Object.entries(state.resources)) {
    const to = moved.get(key) ?? key;
    if (resources[to]) throw new PankaError("alias-taken", `two resources of the state would become ${to}`);
    resources[to] = { ...resource, dependsOn: resource.dependsOn.map((urn) => moved.get(urn) ?? urn) };
  }
  return { ...state, resources };
}
