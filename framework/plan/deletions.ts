/** What a plan deletes: recorded resources that the assembly no longer has, and superseded generations. */
import type { Diagnostic } from "../base/diagnostics.js";
import { componentOf } from "../base/names.js";
import type { Assembly } from "../model/assembly.js";
import type { Step } from "../model/plan.js";
import type { ResourceSpec } from "../model/resource.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import type { Prior } from "./candidate.js";
import { forgivingOrder } from "./order.js";
import { makeChange } from "./changes.js";
import { urnOfKey } from "./selection.js";

/** What {@link deletions} reads. */
export interface DeletionRequest {
  assembly: Assembly;
  state: StateFile | null;
  selected: (key: string) => boolean;
  /** Priors of planned resources, by URN. */
  priors: ReadonlyMap<string, Prior>;
  destroy: boolean;
  specs: readonly ResourceSpec[];
}

/** Delete steps in reverse dependency order. */
export function deletions(request: DeletionRequest): Step[] {
  const resources = request.state?.resources ?? {};
  const kept = new Set(request.destroy ? [] : request.assembly.resources.map((r) => r.urn));
  for (const prior of request.priors.values()) kept.add(prior.key);
  const doomed = Object.keys(resources).filter((key) => request.selected(key) && !kept.has(key));
  const order = deletionOrder(doomed, resources);
  return order.map((key) => deleteStep(key, resources[key] as ResourceState, request.destroy));
}

/** Keys in the order of deletion: users before what they use. Recorded edges that form a circle are cut. */
export function deletionOrder(keys: readonly string[], resources: { [key: string]: ResourceState }): string[] {
  const byUrn = new Map<string, string[]>();
  for (const key of keys) {
    const urn = urnOfKey(key);
    byUrn.set(urn, [...(byUrn.get(urn) ?? []), key]);
  }
  const needs = (key: string): string[] => (resources[key]?.dependsOn ?? []).flatMap((urn) => byUrn.get(urn) ?? []);
  return forgivingOrder(keys, needs).reverse();
}

function deleteStep(key: string, state: ResourceState, destroy: boolean): Step {
  const change = makeChange(urnOfKey(key), state.type, "delete");
  const retain = state.retainOnDelete ?? false;
  if (key.includes("#")) change.reasons.push(`generation ${state.generation} was superseded`);
  else if (!destroy) change.reasons.push("it is no longer in the code");
  if (retain) change.reasons.push("it stays in the cloud and is only dropped from the state (retainOnDelete)");
  return { key, change, prior: state, generation: state.generation, deleteBeforeReplace: false, ...(retain ? { retain: true } : {}) };
}

/** Resources that a selection leaves out and that still use what would be deleted or replaced (`going`). */
export function stillUsed(
  going: ReadonlySet<string>,
  resources: { [key: string]: ResourceState },
  selected: (key: string) => boolean,
): Diagnostic[] {
  const found = new Map<string, Set<string>>();
  for (const [key, state] of Object.entries(resources)) {
    if (going.has(key) || selected(key)) continue;
    for (const urn of state.dependsOn) {
      if (!going.has(urn)) continue;
      const users = found.get(componentOf(urn)) ?? new Set<string>();
      users.add(componentOf(urnOfKey(key)));
      found.set(componentOf(urn), users);
    }
  }
  return [...found].map(([component, users]) => {
    const names = [...users].sort().join(", ");
    const message = `${component} would be deleted or replaced, but ${names}, which the selection leaves out, still uses it`;
    return { severity: "error", code: "still-used", message, path: component, next: `run without a selection, or add ${names} to it` };
  });
}

/**
 * Where a replacement deletes first, what depended on the old one and is replaced too must also be deleted first,
 * before it. `steps` are in dependency order.
 */
export function spreadDeleteFirst(steps: readonly Step[]): void {
  const first = new Set<string>();
  for (const step of steps) {
    if (step.change.action !== "replace") continue;
    const cause = (step.prior?.dependsOn ?? []).find((urn) => first.has(urn));
    if (cause !== undefined && !step.deleteBeforeReplace) {
      step.deleteBeforeReplace = true;
      step.change.reasons.push(`the old one is deleted first, because ${componentOf(cause)} is`);
    }
    if (step.deleteBeforeReplace) first.add(step.key);
  }
}
