/** Lock scopes of a run: what an actor narrows it to, and what that selects. */
import { componentOf, SHARED_SERVICE } from "../../framework/base/names.js";
import type { Assembly } from "../../framework/model/assembly.js";
import type { LockScope } from "../../framework/model/locker.js";
import { ownsComponent, STACK_SCOPE } from "../../framework/model/scopes.js";
import { sharedNeeds } from "../../framework/operations/lock-scope.js";
import type { Selection } from "../../framework/plan/selection.js";
import type { Chance } from "./chance.js";

/** The whole stack, one service, or one component. */
export function drawScope(chance: Chance, assembly: Assembly): LockScope {
  const address = chance.pick(addresses(assembly));
  const kind = chance.next();
  if (kind < 0.4 || address === undefined) return STACK_SCOPE;
  return kind < 0.75 ? (address.split("/")[0] as string) : address;
}

/** What `--service` or `--component` selects; undefined: all. */
export function selectionOf(assembly: Assembly, scope: LockScope): { selection?: Selection } {
  if (scope === STACK_SCOPE) return {};
  const components = addresses(assembly).filter((address) => ownsComponent(scope, address));
  return { selection: { components, services: scope.includes("/") ? [] : [scope], urns: sharedNeeds(assembly, scope) } };
}

/** `stack`, `service` or `component`. */
export function kindOfScope(scope: LockScope): string {
  return scope === STACK_SCOPE ? "stack" : scope.includes("/") ? "component" : "service";
}

function addresses(assembly: Assembly): string[] {
  const all = new Set(assembly.resources.map((r) => componentOf(r.urn)));
  return [...all].filter((address) => !address.startsWith(`${SHARED_SERVICE}/`)).sort();
}
