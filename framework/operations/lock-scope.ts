/** Lock scopes of a run: what it locks, and that it keeps to it. Protocol sections 1 and 2. */
import { PankaError, usageError } from "../base/errors.js";
import { componentOf, SHARED_SERVICE } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import { needsOf } from "../plan/candidate.js";
import { urnOfKey } from "../plan/selection.js";
import type { Assembly, ComponentGraph } from "../model/assembly.js";
import type { LockScope } from "../model/locker.js";
import type { Plan } from "../model/plan.js";
import { ownsResource, STACK_SCOPE } from "../model/scopes.js";
import { refsIn, type Value } from "../model/values.js";
import type { Settings } from "./context.js";
import { chosen, isNarrowed, type SelectionOptions } from "./selection.js";

/** What one lock covers. */
const LOCK_SCOPES = ["stack", "service", "component"] as const;

type LockScopeKind = (typeof LOCK_SCOPES)[number];

/** `--lock-scope`, checked. */
function kindOf(flag: string | undefined): LockScopeKind | undefined {
  if (flag === undefined || (LOCK_SCOPES as readonly string[]).includes(flag)) return flag as LockScopeKind | undefined;
  const guess = nearest(flag, LOCK_SCOPES);
  throw usageError(
    "unknown-lock-scope",
    `--lock-scope ${flag}: expected stack, service or component${guess ? `; did you mean ${guess}?` : ""}`,
  );
}

/**
 * The scope that a run locks. By the flag the selection must be of one service (or one component); by the configuration
 * (`locks.scope`) a run of anything else locks the whole stack. Throws a usage error for an unknown word, and for a flag that does not fit the selection.
 */
export function lockScopeOf(
  graph: ComponentGraph | undefined,
  selection: SelectionOptions,
  word: string | undefined,
  settings: Pick<Settings, "lockScope" | "engine">,
): LockScope {
  const flag = kindOf(word);
  const kind = flag ?? settings.lockScope ?? "stack";
  if (kind === "stack") return STACK_SCOPE;
  if (settings.engine !== "embedded")
    throw usageError("lock-scope-engine", `a lock of one ${kind} is not supported with engine: ${settings.engine}`, {
      next: "--lock-scope stack",
    });
  const narrow = graph && isNarrowed(selection) ? scopeOf(graph, selection, kind) : undefined;
  if (narrow !== undefined) return narrow;
  if (flag === undefined) return STACK_SCOPE;
  throw usageError("lock-scope-selection", `--lock-scope ${kind} locks one ${kind}, but the run is not of one ${kind} alone`, {
    next:
      kind === "service"
        ? "panka deploy --lock-scope service --service NAME"
        : "panka deploy --lock-scope component --component SERVICE/NAME",
  });
}

function scopeOf(graph: ComponentGraph, selection: SelectionOptions, kind: "service" | "component"): LockScope | undefined {
  const addresses = chosen(graph, { ...selection, withDependencies: false });
  if (kind === "component") return selection.components.length > 0 && addresses.length === 1 ? addresses[0] : undefined;
  const services = new Set([...selection.services, ...addresses.map((a) => a.slice(0, a.indexOf("/")))]);
  return services.size === 1 ? [...services][0] : undefined;
}

/** URNs of shared resources that what a scope owns needs, directly or not: planned too, so that a change of one is noticed. */
export function sharedNeeds(assembly: Assembly, scope: LockScope): string[] {
  const byUrn = new Map(assembly.resources.map((r) => [r.urn, r]));
  const found = new Set<string>();
  const follow = (urn: string): void => {
    const spec = byUrn.get(urn);
    if (!spec) return;
    for (const need of needsOf(spec, refsIn([spec.props, spec.probe, spec.actions ?? []] as unknown as Value))) {
      if (found.has(need) || !isShared(need)) continue;
      found.add(need);
      follow(need);
    }
  };
  for (const { urn } of assembly.resources) if (ownsResource(scope, urn)) follow(urn);
  return [...found].sort();
}

const isShared = (urn: string): boolean => componentOf(urn).startsWith(`${SHARED_SERVICE}/`);

/**
 * The plan without what is only re-recorded outside of the scope. Throws PankaError `outside-scope` (exit 2) where the plan would change
 * anything there: it needs the lock of the whole stack.
 */
export function withinScope(plan: Plan, scope: LockScope): Plan {
  if (scope === STACK_SCOPE) return plan;
  const outside = plan.steps.filter((step) => !ownsResource(scope, step.key));
  if (outside.length === 0) return plan;
  const changing = outside.filter((step) => step.change.action !== "same");
  if (changing.length === 0) return { ...plan, steps: plan.steps.filter((step) => ownsResource(scope, step.key)) };
  const components = [...new Set(changing.map((step) => componentOf(urnOfKey(step.key))))].sort().join(", ");
  throw usageError(
    "outside-scope",
    `this run locks ${scope} only, but ${components} would change too, which belongs to the whole stack. Nothing was touched`,
    { next: `panka deploy --stack ${plan.stack} -e ${plan.environment} --lock-scope stack` },
  );
}

/** What a run of another scope left and this one could not settle. */
export function otherScopeStuck(scope: LockScope, error: PankaError): PankaError {
  const flag = scope === STACK_SCOPE ? "stack" : scope.includes("/") ? `component --component ${scope}` : `service --service ${scope}`;
  return new PankaError(
    "other-scope-recovery",
    `what a run of ${scope === STACK_SCOPE ? "the whole stack" : scope} left can't be settled from here: ${error.message}`,
    {
      diagnostics: error.diagnostics,
      next: `panka deploy --lock-scope ${flag}`,
      cause: error,
    },
  );
}
