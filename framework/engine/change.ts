/** Updating in place, mending what was adopted, and deleting. */
import { PankaError } from "../base/errors.js";
import type { Step } from "../model/plan.js";
import { isProviderError, type ProviderResult } from "../model/provider.js";
import type { ResourceSpec } from "../model/resource.js";
import type { ResourceState } from "../model/state-file.js";
import { toPrior, type ResolvedInputs } from "../plan/candidate.js";
import { journaled } from "./journaled.js";
import { LostCalls } from "./lost-calls.js";
import { doneOf, intentOf, specNeeds } from "./make.js";
import { assetPaths, sent, type Run } from "./run.js";
import { makeEntry, recordedOptions } from "./run-state.js";

/** Updates `prior` in place and records it. After a lost reply the resource is read and, if it is not as wanted, updated once more. */
export async function updateResource(
  run: Run,
  spec: ResourceSpec,
  step: Step,
  resolved: ResolvedInputs,
  prior: ResourceState,
): Promise<ResourceState> {
  const generation = prior.generation;
  const intent = { ...intentOf(run, spec, step, "update", resolved), generation, id: prior.id };
  const paths = await assetPaths(run, resolved.inputs, prior.inputs);
  const call = callOf(spec, resolved, paths);
  const entryOf = (result: ProviderResult, inputs = resolved.inputs, status: ResourceState["status"] = "ok"): ResourceState =>
    makeEntry(
      {
        type: spec.type,
        generation,
        inputs,
        secretInputs: [...resolved.secretPaths, ...prior.secretPaths.filter((p) => p.startsWith("inputs.")).map((p) => p.slice(7))],
        dependsOn: specNeeds(spec),
        ...recordedOptions(spec),
        result,
        status,
      },
      run.request.schemas.type(spec.type),
    );
  let current = prior;
  const lost = new LostCalls(run);
  for (let tried = 1; ; tried++) {
    try {
      let entry: ResourceState | undefined;
      await journaled(run, {
        intent,
        send: () => run.request.provider.update({ ...call, prior: toPrior(current, paths) }),
        done: (result) => {
          entry = { ...entryOf(result), secretPaths: trimSecrets(entryOf(result).secretPaths, resolved) };
          run.state.set(spec.urn, entry);
          return doneOf(result, entry);
        },
        failed: (error) => {
          if (!isProviderError(error) || error.outcome === "unknown") return undefined;
          const half = error.partial ? entryOf(error.partial, prior.inputs, "partial") : undefined;
          if (!half || !error.partial) return { error: error.code };
          run.state.set(spec.urn, half);
          return { ...doneOf(error.partial, half), status: "partial", error: "half-updated" };
        },
        leftOpen: (of) => lost.add(of),
      });
      lost.sentAgain();
      return entry as ResourceState;
    } catch (error) {
      if (!isProviderError(error) || error.outcome !== "unknown" || tried >= 2) throw error;
      const found = await run.request.provider.read({ urn: spec.urn, type: spec.type, prior: toPrior(current, paths) });
      if (!found) throw error;
      current = entryOf(found, prior.inputs, "partial");
      run.state.set(spec.urn, current);
    }
  }
}

/** Secret paths of inputs as they are now; those of outputs as they are. */
function trimSecrets(all: readonly string[], resolved: ResolvedInputs): string[] {
  const now = new Set(resolved.secretPaths.map((p) => `inputs.${p}`));
  return all.filter((p) => !p.startsWith("inputs") || now.has(p));
}

function callOf(spec: ResourceSpec, resolved: ResolvedInputs, paths: (sha: string) => string) {
  const inputs = sent(resolved.inputs, paths);
  return { urn: spec.urn, type: spec.type, inputs, secretPaths: resolved.secretPaths, ...extras(spec) };
}

function extras(spec: ResourceSpec): { timeouts?: ResourceSpec["options"]["timeouts"]; ignoreChanges?: string[] } {
  const { timeouts, ignoreChanges } = spec.options;
  return { ...(timeouts ? { timeouts } : {}), ...(ignoreChanges?.length ? { ignoreChanges } : {}) };
}

/**
 * Makes whole what was adopted or left half-made: asks what is still to be changed and changes it in place.
 * Throws PankaError `half-made` when only a replacement would do.
 */
export async function mendResource(
  run: Run,
  spec: ResourceSpec,
  step: Step,
  resolved: ResolvedInputs,
  entry: ResourceState,
): Promise<ResourceState> {
  const paths = await assetPaths(run, resolved.inputs, entry.inputs);
  const call = callOf(spec, resolved, paths);
  const answer = await run.request.provider.plan({ ...call, prior: toPrior(entry, paths) });
  if (answer.action === "update") return updateResource(run, spec, step, resolved, entry);
  if (answer.action !== "same")
    throw new PankaError("half-made", "it was found half-made and must be replaced", { next: "run the same command again" });
  const whole: ResourceState = { ...entry, status: "ok" };
  run.state.set(spec.urn, whole);
  return whole;
}

/** Deletes what is recorded under `key` and drops the entry. After a lost reply it is read, and deleted again if it is still there. */
export async function deleteResource(run: Run, key: string, urn: string, state: ResourceState): Promise<void> {
  const paths = await assetPaths(run, state.inputs);
  let current = state;
  const lost = new LostCalls(run);
  for (let tried = 1; ; tried++) {
    try {
      await journaled(run, {
        intent: {
          urn,
          key,
          op: "delete",
          type: state.type,
          generation: state.generation,
          id: state.id,
          probe: { class: "A", importId: state.id },
          inputsHash: "",
          dependsOn: state.dependsOn,
          protect: state.protect,
        },
        send: () =>
          run.request.provider.delete({ urn, type: state.type, inputs: sent(current.inputs, paths), prior: toPrior(current, paths) }),
        done: () => {
          run.state.set(key, undefined);
          return { id: state.id };
        },
        failed: (error) => (isProviderError(error) && error.outcome === "none" ? { error: error.code } : undefined),
        leftOpen: (of) => lost.add(of),
      });
      lost.sentAgain();
      return;
    } catch (error) {
      if (!isProviderError(error) || error.outcome !== "unknown" || tried >= 2) throw error;
      const found = await run.request.provider.read({ urn, type: state.type, prior: toPrior(current, paths) });
      if (!found) {
        run.state.set(key, undefined);
        lost.answered({ id: state.id });
        lost.sentAgain();
        return;
      }
      current = { ...current, outputs: found.outputs, private: found.private, schemaVersion: found.schemaVersion };
      run.state.set(key, current);
    }
  }
}
