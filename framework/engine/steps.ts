/** Turns the steps of a plan into tasks: what each does, and what it must wait for (protocol 6, create before delete). */
import { isPankaError, messageOf, PankaError } from "../base/errors.js";
import { jsonEqual } from "../base/json.js";
import { componentOf } from "../base/names.js";
import type { ChangeAction, Step } from "../model/plan.js";
import { isProviderError } from "../model/provider.js";
import type { ResourceSpec } from "../model/resource.js";
import type { ResourceState } from "../model/state-file.js";
import { actionsLeft, resolveInputs, toPrior, type ResolvedInputs } from "../plan/candidate.js";
import { resolveValue } from "../plan/resolve.js";
import { deleteResource, mendResource, updateResource } from "./change.js";
import { Interrupted, journaled } from "./journaled.js";
import { createResource, intentOf, specNeeds } from "./make.js";
import { assetPaths, elapsed, runSource, sent, type Run } from "./run.js";
import { recordedOptions } from "./run-state.js";
import { secretRedactor, secretTexts } from "../plan/secret-texts.js";

/** How a step ended, for the scheduler. */
export type StepEnd = "done" | "failed" | "interrupted";

/**
 * Runs `body` as one step: events before and after, failures noted, an interruption told apart. Anything unforeseen is thrown on.
 * A quiet step makes no call: it tells of itself only when it fails, and runs with the gate shut.
 */
export async function runStep(
  run: Run,
  about: { urn: string; type: string; action: ChangeAction | "action" },
  body: () => Promise<void>,
  quiet = false,
): Promise<StepEnd> {
  const { events, gate } = run.request;
  const component = componentOf(about.urn);
  const common = { urn: about.urn, component, resourceType: about.type, action: about.action };
  if (gate.isShut && !quiet) return interrupt(run, about, gate.reason ?? "the run was stopped");
  const began = elapsed(run);
  if (!quiet) events({ type: "step-started", ...common, at: began });
  try {
    await body();
    const at = elapsed(run);
    if (!quiet) events({ type: "step-done", ...common, durationMs: at - began, at });
    return "done";
  } catch (error) {
    if (error instanceof Interrupted) return interrupt(run, about, error.message);
    if (!isProviderError(error) && !isPankaError(error)) throw error;
    const message = secretRedactor(Object.values(run.state.resources), run.secrets)(describe(error));
    run.failed.push({ ...about, component, message, ...(isProviderError(error) ? { code: error.code } : {}) });
    events({ type: "step-failed", ...common, message, at: elapsed(run) });
    return "failed";
  }
}

function interrupt(run: Run, about: { urn: string; type: string; action: ChangeAction | "action" }, because: string): StepEnd {
  run.interrupted = true;
  skipStep(run, about, because);
  return "interrupted";
}

/** Notes a step that is not run. */
export function skipStep(
  run: Run,
  about: { urn: string; type: string; action: ChangeAction | "action" },
  because: string,
  cause?: string,
): void {
  const component = componentOf(about.urn);
  run.skipped.push({ ...about, component, message: because, ...(cause === undefined ? {} : { because: cause }) });
  run.request.events({ type: "step-skipped", urn: about.urn, component, resourceType: about.type, because, at: elapsed(run) });
}

function describe(error: Error & { diagnostics?: { severity: string; message: string }[] }): string {
  const own = (error.diagnostics ?? []).filter((d) => d.severity === "error" && !error.message.includes(d.message)).map((d) => d.message);
  return [messageOf(error), ...own].join("; ");
}

/** Creates, updates, replaces or records what the step says, with the values as they are now. */
export async function applyStep(run: Run, step: Step): Promise<void> {
  const spec = step.spec as ResourceSpec;
  const waiting = run.lookups.prepare(spec.props, runSource(run));
  if (waiting) await waiting;
  const prior = run.state.resources[spec.urn];
  if (step.change.action === "create" || !prior) return finish(run, spec, await create(run, spec, step, prior), true);
  const resolved = resolve(run, spec, prior.generation, prior);
  if (prior.status === "ok" && step.change.action !== "same" && jsonEqual(resolved.inputs, prior.inputs) && wasOpen(step)) {
    return finish(run, spec, recordOptions(run, spec, resolved, prior), false);
  }
  switch (step.change.action) {
    case "same":
      return applySame(run, spec, step, resolved, prior);
    case "update":
      return finish(run, spec, await updateResource(run, spec, step, resolved, prior), true);
    default:
      if (step.tentative && (await inPlace(run, spec, resolved, prior))) {
        return finish(run, spec, await updateResource(run, spec, step, resolved, prior), true);
      }
      return finish(run, spec, await create(run, spec, step, prior), true);
  }
}

/** True if a property of the step was unknown when planned: it may turn out unchanged. */
function wasOpen(step: Step): boolean {
  return step.change.properties.length > 0 && step.change.properties.every((p) => p.unknown);
}

async function create(run: Run, spec: ResourceSpec, step: Step, prior: ResourceState | undefined): Promise<ResourceState> {
  const resolved = resolve(run, spec, step.generation, prior ?? step.prior);
  const made = await createResource(run, spec, step, resolved);
  return made.adopted ? mendResource(run, spec, step, resolved, made.entry) : made.entry;
}

async function applySame(run: Run, spec: ResourceSpec, step: Step, resolved: ResolvedInputs, prior: ResourceState): Promise<void> {
  const entry = recordOptions(run, spec, resolved, prior);
  const whole = prior.status === "ok" ? entry : await mendResource(run, spec, step, resolved, entry);
  return finish(run, spec, whole, false);
}

/** A replacement that was planned because an input was unknown: would an update do, now that it is known? */
async function inPlace(run: Run, spec: ResourceSpec, resolved: ResolvedInputs, prior: ResourceState): Promise<boolean> {
  const paths = await assetPaths(run, resolved.inputs, prior.inputs);
  const answer = await run.request.provider.plan({
    urn: spec.urn,
    type: spec.type,
    inputs: sent(resolved.inputs, paths),
    prior: toPrior(prior, paths),
  });
  return answer.action === "same" || answer.action === "update";
}

function resolve(run: Run, spec: ResourceSpec, generation: number, prior: ResourceState | undefined): ResolvedInputs {
  const resolved = resolveInputs(spec, {
    source: runSource(run),
    schema: run.request.schemas.type(spec.type),
    lineage: run.request.state.lineage,
    generation,
    ...(prior ? { prior } : {}),
  });
  const problem = resolved.problems[0] ?? (resolved.unknown ? "a value that it needs is still not known" : undefined);
  for (const text of secretTexts(resolved.inputs, resolved.secretPaths)) run.secrets.add(text);
  if (problem !== undefined) throw new PankaError("unresolved", problem);
  return resolved;
}

/** Records edges, protection and the like without a call. */
function recordOptions(run: Run, spec: ResourceSpec, resolved: ResolvedInputs, prior: ResourceState): ResourceState {
  const { retainOnDelete: _r, deleteBeforeReplace: _d, ...rest } = prior;
  const outputs = prior.secretPaths.filter((p) => p.startsWith("outputs"));
  const entry: ResourceState = {
    ...rest,
    inputs: resolved.inputs,
    dependsOn: specNeeds(spec),
    ...recordedOptions(spec),
    secretPaths: [...new Set([...resolved.secretPaths.map((p) => `inputs.${p}`), ...outputs])].sort(),
  };
  run.state.set(spec.urn, entry);
  return entry;
}

/** Runs the actions that are due: all after a create or update, else those not recorded as done. */
async function finish(run: Run, spec: ResourceSpec, entry: ResourceState, again: boolean): Promise<void> {
  let current = entry;
  const due = again ? (spec.actions ?? []) : actionsLeft(spec, entry);
  for (const action of due) {
    const about = { urn: spec.urn, type: spec.type, action: "action" as const };
    const act = run.request.actions?.[action.name];
    if (!act) throw new PankaError("unknown-action", `the step "${action.name}" after deployment is not known here`);
    const args = resolveValue(action.args, runSource(run));
    if (args.problems[0] !== undefined) throw new PankaError("unresolved", args.problems[0]);
    const step: Step = { key: spec.urn, change: {} as Step["change"], generation: current.generation, deleteBeforeReplace: false };
    const { inputs: _inputs, secretPaths: _secrets, ...intent } = intentOf(run, spec, step, "update", { ...EMPTY, inputs: {} });
    const resource = current;
    await journaled(run, {
      intent: { ...intent, id: resource.id, op: "action", action: action.name },
      send: () =>
        act({
          ...about,
          name: action.name,
          args: (args.value ?? {}) as never,
          resource,
          ...(run.request.signal ? { signal: run.request.signal } : {}),
        }),
      done: () => {
        current = { ...current, actionsDone: [...new Set([...(current.actionsDone ?? []), action.name])].sort() };
        run.state.set(spec.urn, current);
        return {};
      },
      failed: (error) => ({ error: isProviderError(error) ? error.code : "failed" }),
    });
  }
}

const EMPTY: ResolvedInputs = { inputs: {}, secretPaths: [], unknown: false, problems: [] };

/** Deletes what stands under `key`, or only drops the entry where it is to be retained. */
export async function removeStep(run: Run, key: string, urn: string): Promise<void> {
  const state = run.state.resources[key];
  if (!state) return;
  if (state.retainOnDelete) {
    run.state.set(key, undefined);
    return;
  }
  await deleteResource(run, key, urn, state);
}
