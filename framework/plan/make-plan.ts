/** makePlan: assembly and state in, plan out. Deterministic given the provider's answers; changes nothing anywhere. */
import type { Diagnostic } from "../base/diagnostics.js";
import { messageOf, PankaError } from "../base/errors.js";
import { hashJson, type Json } from "../base/json.js";
import { componentOf } from "../base/names.js";
import type { Assembly } from "../model/assembly.js";
import type { Change, ChangeAction, Plan, Step } from "../model/plan.js";
import { isProviderError, type PlanPort } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResourceSpec } from "../model/resource.js";
import type { StateFile } from "../model/state-file.js";
import { refsIn, type Value } from "../model/values.js";
import { topologicalOrder } from "../graph/order.js";
import { allot } from "./allotments.js";
import { needsOf, type Prior } from "./candidate.js";
import { deletions, spreadDeleteFirst, stillUsed } from "./deletions.js";
import { NEW_LINEAGE, Unfilled } from "./identity.js";
import { Lookups } from "./lookups.js";
import { Planner, type PlannerContext } from "./planner.js";
import { leftOutComponents, missingDependencies, selector, type Selection } from "./selection.js";
import { secretRedactor, secretTexts } from "./secret-texts.js";

/** What a refresh found; see refreshState in the engine. */
export interface Refreshed {
  /** State keys whose outputs changed outside of Panka. */
  changed: readonly string[];
  /** State keys of what is gone; no longer in the state that is passed in. */
  gone: readonly string[];
}

/** What a plan is made of. */
export interface PlanRequest {
  assembly: Assembly;
  assemblyHash: string;
  state: StateFile | null;
  schemas: SchemaIndex;
  port: PlanPort;
  /** Default: the state's; without either, names are shown as `<prefix>-(new)`. */
  lineage?: string;
  /** Default: the state's, 0 without one. */
  serial?: number;
  selection?: Selection;
  /** Plan the deletion of everything (that is selected). */
  destroy?: boolean;
  /** Present after a refresh: look-ups are read again, changed resources are asked about. */
  refreshed?: Refreshed;
  /** Cleans text that the provider wrote; default: takes out the secrets of the state and of look-ups. */
  redact?: (text: string) => string;
  /** The path that a file has while planning; default `panka.out/assets/<sha256>.zip`. */
  assetPath?: (sha: string) => string;
  /** Questions to the provider at once; default 32. */
  parallel?: number;
}

/** Makes the plan. Throws PankaError `plan-failed` with all problems found. */
export async function makePlan(request: PlanRequest): Promise<Plan> {
  const { assembly, state } = request;
  const selected = selector(request.selection);
  const specs = request.destroy ? [] : assembly.resources.filter((r) => selected(r.urn));
  const byUrn = new Map(specs.map((s) => [s.urn, s]));
  const needs = new Map(specs.map((s) => [s.urn, needsOf(s, refsIn([s.props, s.probe, s.actions ?? []] as unknown as Value))]));
  const priors = findPriors(specs, assembly, state);
  const allotted = allot(
    request.destroy ? [] : assembly.resources.map((r) => r.props),
    state?.allotments ?? {},
    request.selection !== undefined,
  );
  const missing = new Map<string, Set<string>>();
  const context = makeContext(request, { needs, priors, allotments: allotted.allotments, missing });
  const planner = new Planner(context);
  const order = topologicalOrder(needs);
  noteMissing(needs, byUrn, state, missing);
  await planAll(order, byUrn, needs, planner, request.parallel ?? 32);

  if (!request.destroy) await prepareOutputs(context.lookups, planner, assembly);

  const removed = deletions({ assembly, state, selected, priors, destroy: request.destroy ?? false, specs });
  const steps = order.map((urn) => planner.planned.get(urn)?.step).filter((s): s is Step => s !== undefined);
  const problems = [...allotted.problems.map((message) => problem("allotment-full", message)), ...planner.problems];
  problems.push(...(request.selection ? leftOutUsers(steps, removed, state, selected) : []));
  if (missing.size > 0 && request.selection) problems.push(missingDependencies(assembly, request.selection, missing));
  else if (missing.size > 0) problems.push(...unknownUrns(missing));
  const redact = request.redact ?? redactorOf(state, context.lookups.results().secretLookups);
  if (problems.length > 0) throw failed(problems, redact);

  spreadDeleteFirst(steps);
  const changes = [...order.map((urn) => planner.planned.get(urn)?.change as Change), ...removed.map((s) => s.change)];
  return assemble(request, changes, [...steps, ...removed], {
    notices: planner.notices.map(redact).sort(),
    leftOut: request.selection ? leftOutComponents(assembly, selected) : [],
    ...context.lookups.results(),
    allotments: request.destroy ? (state?.allotments ?? {}) : allotted.allotments,
  });
}

/** Reads the look-ups that only the stack's outputs use. */
async function prepareOutputs(lookups: Lookups, planner: Planner, assembly: Assembly): Promise<void> {
  try {
    await lookups.prepare(assembly.outputs as unknown as Value, planner.source());
  } catch (error) {
    if (!isProviderError(error)) throw error;
    planner.problems.push(problem(`provider-${error.code}`, messageOf(error)));
  }
}

/** What a selection would pull away from under those that it leaves out. */
function leftOutUsers(
  steps: readonly Step[],
  removed: readonly Step[],
  state: StateFile | null,
  selected: (key: string) => boolean,
): Diagnostic[] {
  const going = [...steps.filter((s) => s.change.action === "replace"), ...removed].map((s) => s.key);
  return stillUsed(new Set(going), state?.resources ?? {}, selected);
}

/** Plans all, each when what it needs is planned, at most `parallel` questions at once. */
async function planAll(
  order: readonly string[],
  specs: ReadonlyMap<string, ResourceSpec>,
  needs: ReadonlyMap<string, readonly string[]>,
  planner: Planner,
  parallel: number,
): Promise<void> {
  const pending = new Map<string, Promise<void>>();
  let free = parallel;
  const waiting: (() => void)[] = [];
  const one = async (spec: ResourceSpec, before: Promise<void>[]): Promise<void> => {
    await Promise.all(before);
    if (free <= 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      await planner.plan(spec);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
  for (const urn of order) {
    const spec = specs.get(urn) as ResourceSpec;
    const before = (needs.get(urn) ?? []).map((n) => pending.get(n)).filter((p): p is Promise<void> => p !== undefined);
    if (before.length === 0 && planner.planSame(spec)) continue;
    const run = one(spec, before);
    run.catch(() => {});
    pending.set(urn, run);
  }
  await Promise.all(pending.values());
}

function findPriors(specs: readonly ResourceSpec[], assembly: Assembly, state: StateFile | null): Map<string, Prior> {
  const priors = new Map<string, Prior>();
  if (!state) return priors;
  const current = new Set(assembly.resources.map((r) => r.urn));
  for (const spec of specs) {
    const own = state.resources[spec.urn];
    if (own) {
      priors.set(spec.urn, { key: spec.urn, state: own });
      continue;
    }
    for (const alias of spec.options.aliases ?? []) {
      const old = state.resources[alias];
      if (!old || current.has(alias) || old.type !== spec.type) continue;
      priors.set(spec.urn, { key: alias, state: old });
      break;
    }
  }
  return priors;
}

interface Found {
  needs: ReadonlyMap<string, readonly string[]>;
  priors: ReadonlyMap<string, Prior>;
  allotments: { [pool: string]: { [key: string]: number } };
  missing: Map<string, Set<string>>;
}

function makeContext(request: PlanRequest, found: Found): PlannerContext {
  const { state } = request;
  const generations = supersededGenerations(state);
  return {
    state,
    schemas: request.schemas,
    port: request.port,
    lineage: request.lineage ?? state?.lineage ?? NEW_LINEAGE,
    lookups: new Lookups(request.refreshed ? {} : (state?.lookups ?? {}), request.schemas, (token, args) =>
      request.port.lookup(token, args),
    ),
    allotted: (pool, key) => found.allotments[pool]?.[key] ?? 0,
    assetPath: request.assetPath ?? ((sha) => `panka.out/assets/${sha}.zip`),
    drifted: new Set(request.refreshed?.changed ?? []),
    priorOf: (spec) => found.priors.get(spec.urn),
    firstGeneration: (urn) => generations.get(urn) ?? 0,
    needs: (urn) => found.needs.get(urn) ?? [],
    missing: (from, urn) => addMissing(found.missing, from, urn),
  };
}

/** For each URN with superseded generations in the state: the generation that a new one must have. */
function supersededGenerations(state: StateFile | null): Map<string, number> {
  const next = new Map<string, number>();
  for (const [key, resource] of Object.entries(state?.resources ?? {})) {
    const at = key.indexOf("#");
    if (at >= 0) next.set(key.slice(0, at), Math.max(next.get(key.slice(0, at)) ?? 0, resource.generation + 1));
  }
  return next;
}

/** Needs that are neither planned nor recorded as standing. */
function noteMissing(
  needs: ReadonlyMap<string, readonly string[]>,
  specs: ReadonlyMap<string, ResourceSpec>,
  state: StateFile | null,
  missing: Map<string, Set<string>>,
): void {
  for (const [from, urns] of needs) {
    for (const urn of urns) if (!specs.has(urn) && state?.resources[urn]?.status !== "ok") addMissing(missing, from, urn);
  }
}

function addMissing(missing: Map<string, Set<string>>, from: string, urn: string): void {
  const component = componentOf(from);
  const set = missing.get(component) ?? new Set<string>();
  set.add(componentOf(urn));
  missing.set(component, set);
}

function unknownUrns(missing: ReadonlyMap<string, ReadonlySet<string>>): Diagnostic[] {
  return [...missing].map(([component, needed]) => ({
    ...problem("unknown-resource", `it refers to a resource of ${[...needed].sort().join(", ")} that the assembly does not have`),
    path: component,
  }));
}

function problem(code: string, message: string): Diagnostic {
  return { severity: "error", code, message };
}

function redactorOf(state: StateFile | null, secretLookups: { [key: string]: unknown }): (text: string) => string {
  // A look-up that holds a secret holds other words, too: short ones are not worth a message.
  const looked = secretTexts({ secretLookups }, ["secretLookups"]).filter((text) => text.length >= 4);
  return secretRedactor(Object.values(state?.resources ?? {}), looked);
}

function failed(problems: readonly Diagnostic[], redact: (text: string) => string): PankaError {
  const diagnostics = problems.map((d) => ({ ...d, message: redact(d.message) }));
  const [first] = diagnostics;
  const message = diagnostics.length === 1 && first ? first.message : `the plan has ${diagnostics.length} problems`;
  return new PankaError("plan-failed", message, { diagnostics });
}

function assemble(
  request: PlanRequest,
  changes: Change[],
  steps: Step[],
  rest: Pick<Plan, "notices" | "leftOut" | "lookups" | "allotments" | "secretLookups">,
): Plan {
  const { assembly, assemblyHash, state } = request;
  const lineage = request.lineage ?? state?.lineage ?? NEW_LINEAGE;
  const unfilled = new Unfilled(lineage);
  for (const step of steps) {
    if (step.change.action === "create" || step.change.action === "replace") unfilled.add(step.key, step.generation);
  }
  const shown = changes.map((c) => showUnfilled(c, unfilled));
  const serial = request.serial ?? state?.serial ?? 0;
  const summary: Record<ChangeAction, number> = { create: 0, update: 0, replace: 0, delete: 0, same: 0 };
  for (const change of changes) summary[change.action] += 1;
  const { stack, environment } = assembly;
  const planHash = hashJson({ stack, environment, serial, assemblyHash, changes: shown.map((c) => (c.action === "same" ? c.urn : c)) });
  return {
    version: 1,
    stack,
    environment,
    serial,
    assemblyHash,
    planHash,
    summary,
    changes: lineage === NEW_LINEAGE ? shown : changes,
    steps,
    ...rest,
  };
}

/** A change with every name that is still to be given, and the lineage, as `(new)`. */
function showUnfilled(change: Change, unfilled: Unfilled): Change {
  if (change.properties.length === 0) return change;
  const properties = change.properties.map((p) => {
    if (p.after === undefined || p.after === null) return p;
    const text = JSON.stringify(p.after);
    const open = unfilled.text(text);
    return open === text ? p : { ...p, after: JSON.parse(open) as Json, unknown: true };
  });
  return { ...change, properties };
}
