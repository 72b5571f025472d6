/**
 * Synth: from the resolved model to the assembly. Components are expanded in dependency order, then the shared resources once for
 * all that asked; then overrides, order and checks. Pure and deterministic: the same model gives the same bytes.
 */
import { compareText } from "../base/diagnostics.js";
import { isPankaError, messageOf } from "../base/errors.js";
import { canonicalJson, hashJson, inOrder, isPlainObject } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import { componentOf, parseUrn } from "../base/names.js";
import { setPath } from "../base/property-path.js";
import { componentGraph, topologicalOrder } from "../graph/index.js";
import {
  ASSEMBLY_VERSION,
  type Assembly,
  refsIn,
  type Kind,
  type ResolvedComponent,
  type ResolvedModel,
  type ResourceSpec,
  type SynthResult,
  tagOf,
  type Value,
} from "../model/index.js";
import { checkResource } from "./check-resource.js";
import { checksOf } from "./checks.js";
import { sortedGrants } from "./grants.js";
import { componentContext, sharedContext } from "./context.js";
import { completeInfra, judgeInfra } from "./infra-kinds.js";
import { rolloutsOf, runningOf } from "./rollouts.js";
import { type ExpandedComponent, type SynthOptions, SynthRun } from "./run.js";
import { sourcesOf } from "./sources.js";
import { otherNames } from "./other-names.js";
import { cleanValue, toValue } from "./values.js";

/** The assembly of a stack in one environment, or undefined if the bag holds an error afterwards. */
export function synthesize(model: ResolvedModel, options: SynthOptions): SynthResult | undefined {
  const { bag, registry } = options;
  const graph = componentGraph(model, registry, bag);
  if (bag.hasErrors) return undefined;
  const run = new SynthRun(model, options, graph);
  run.checkInline();
  const finishes = topologicalOrder(graph.needs).map((address) => expandComponent(run, address));
  // Those that need others first: what they tell them is known when these finish.
  for (const finish of finishes.reverse()) finish?.();
  completeInfra(run);
  for (const shared of registry.shared) {
    const requests = run.closeShared(shared.name);
    if (requests.length === 0) continue;
    const resources = new Map<string, ResourceSpec>();
    const expansion = shared.expand(requests, sharedContext(run, shared.name, resources));
    run.expanded.set(`_stack/${shared.name}`, { ...expansion, resources, late: new Set() });
  }
  for (const component of model.components) {
    override(run, component);
    orderAfter(run, component);
  }
  const assembly = assemble(run);
  for (const [address, expansion] of run.expanded)
    for (const [role, spec] of expansion.resources) checkResource(run, address, role, spec, options.schemas);
  for (const { component, staged } of assembly.rollouts ?? [])
    for (const spec of staged?.added ?? []) checkResource(run, component, parseUrn(spec.urn).role ?? "", spec, options.schemas);
  checkOnePerParent(run);
  judgeInfra(run);
  if (bag.hasErrors) return undefined;
  // Sorted once for all that is made of it: the hash, the file, what is stored.
  const sorted = inOrder(assembly) as Assembly;
  return {
    assembly: sorted,
    hash: hashJson(sorted),
    sources: sourcesOf(model),
    notices: [...new Set(run.notices)].sort(compareText),
    grants: sortedGrants(run.grants),
    graph: { nodes: graph.nodes, edges: graph.edges },
  };
}

/** The assembly as written to assembly.json: canonical JSON, two spaces, a line feed at the end. */
export function assemblyText(assembly: Assembly): string {
  return `${canonicalJson(assembly, 2)}\n`;
}

/** Expands a component; gives what is to be done for it when all are expanded. */
function expandComponent(run: SynthRun, address: string): (() => void) | undefined {
  const component = run.byAddress.get(address) as ResolvedComponent;
  const kind = run.options.registry.find(component.kind);
  const resources = new Map<string, ResourceSpec>();
  const late = new Set<string>();
  run.expanded.set(address, { outputs: {}, resources, late });
  if (!kind?.expand) {
    run.problem(address, "", "unknown-kind", `"${component.kind}" is not a component kind`);
    return undefined;
  }
  const refs = run.graph.outgoing.get(address)?.refs ?? [];
  const meant = new Map(refs.map((r) => [r.ref, r]));
  const props = toValue(component.props, (ref) => {
    const found = meant.get(ref);
    return found ? run.resolveRef(ref, address, found.path, found.address) : "";
  }) as { [key: string]: Value };
  const context = (finishing: boolean) => componentContext(run, { ...component, props }, kind, resources, finishing);
  const expansion = expected(run, address, kind, () => kind.expand?.(props, context(false)));
  if (expansion)
    run.expanded.set(address, { ...expansion, outputs: cleanValue(expansion.outputs) as ExpandedComponent["outputs"], resources, late });
  if (expansion) otherNames(run, component);
  if (!kind.finish) return undefined;
  return () => {
    const before = new Set([...resources.values()].map((r) => r.urn));
    expected(run, address, kind, () => kind.finish?.(props, run.toldTo(address), context(true)));
    for (const { urn } of resources.values()) if (!before.has(urn)) late.add(urn);
  };
}

/** Runs a kind's function; an expected failure becomes a problem of the component, and so does any failure of a team's own kind. */
function expected<T>(run: SynthRun, address: string, kind: Kind, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isPankaError(error)) {
      if (kind.apiGroup === undefined) throw error;
      run.problem(address, "", "kind-failed", `the kind ${kind.name} failed: ${messageOf(error)}`, { next: `mend the kind ${kind.name}` });
      return undefined;
    }
    run.problem(address, "", error.code, error.message, error.next ? { next: error.next } : {});
    return undefined;
  }
}

/** Where a type's import id is its parent's (a bucket's notifications), a parent has one of it: a second would overwrite the first in the cloud. */
function checkOnePerParent(run: SynthRun): void {
  const first = new Map<string, string>();
  for (const [address, { resources }] of run.expanded) {
    for (const spec of resources.values()) {
      if (tagOf(spec.probe.importId) !== "$ref") continue;
      const key = canonicalJson([spec.type, spec.probe.importId]);
      const other = first.get(key);
      first.set(key, other ?? address);
      if (other === undefined) continue;
      const [parent] = refsIn(spec.probe.importId).map(componentOf);
      const what = spec.type.split(":").pop();
      run.problem(
        address,
        "",
        "one-per-parent",
        `"${address}" and "${other}" both make the ${what} of "${parent}", which has only one: one would undo the other`,
        {
          expected: `one component that does it for "${parent}"`,
        },
      );
    }
  }
}

/** override[]: sets properties of single resources, after everything else. */
function override(run: SynthRun, component: ResolvedComponent): void {
  const entries = (component.props.override ?? []) as { resource: string; path: string; value?: unknown }[];
  const expansion = run.expanded.get(component.address);
  if (!expansion || entries.length === 0) return;
  const refs = new Map((run.graph.outgoing.get(component.address)?.refs ?? []).map((r) => [r.ref, r]));
  for (const [i, entry] of entries.entries()) {
    const at = `override[${i}]`;
    const spec = expansion.resources.get(entry.resource === "main" ? "" : entry.resource);
    if (!spec) {
      const roles = [...expansion.resources.keys()].map((r) => r || "main").sort();
      const suggestion = nearest(entry.resource, roles);
      run.problem(component.address, `${at}.resource`, "unknown-role", `"${component.address}" has no resource "${entry.resource}"`, {
        expected: roles.join(", "),
        ...(suggestion ? { suggestion } : {}),
      });
      continue;
    }
    const value = toValue(entry.value, (ref) => {
      const found = refs.get(ref);
      return found ? run.resolveRef(ref, component.address, found.path, found.address) : "";
    });
    try {
      spec.props = cleanValue(setPath(spec.props, entry.path, value === null ? undefined : value)) as ResourceSpec["props"];
    } catch {
      run.problem(component.address, `${at}.path`, "bad-path", `"${entry.path}" is not a property path`, { expected: "a.b[0].c" });
    }
  }
}

/** dependsOn of a component: each of its resources waits for all resources of the other but its late ones. Those it refers to anyway are left out. */
function orderAfter(run: SynthRun, component: ResolvedComponent): void {
  const first = run.graph.outgoing.get(component.address)?.dependsOn ?? [];
  const urns = [...first].flatMap((address) => {
    const { resources, late } = run.expanded.get(address) ?? {};
    return [...(resources?.values() ?? [])].map((r) => r.urn).filter((urn) => !late?.has(urn));
  });
  if (urns.length === 0) return;
  for (const spec of run.expanded.get(component.address)?.resources.values() ?? []) {
    const refs = new Set(refsIn(spec.props));
    spec.dependsOn = [...new Set([...spec.dependsOn, ...urns])].filter((u) => !refs.has(u) && u !== spec.urn).sort(compareText);
  }
}

function assemble(run: SynthRun): Assembly {
  const resources: ResourceSpec[] = [];
  const outputs: Assembly["outputs"] = {};
  for (const [address, expansion] of [...run.expanded].sort(([a], [b]) => compareText(a, b))) {
    for (const spec of expansion.resources.values()) resources.push(spec);
    if (Object.keys(expansion.outputs).length > 0 && isPlainObject(expansion.outputs)) outputs[address] = expansion.outputs;
  }
  resources.sort((a, b) => compareText(a.urn, b.urn));
  for (const [i, spec] of resources.entries())
    if (spec.urn === resources[i + 1]?.urn) run.problem(spec.urn, "", "duplicate-urn", `two resources have the URN ${spec.urn}`);
  const { stack, environment, region } = run.model;
  const rollouts = rolloutsOf(run);
  const checks = checksOf(run);
  const running = runningOf(run, rollouts);
  const watched = { ...(rollouts.length > 0 ? { rollouts } : {}), ...(running.length > 0 ? { running } : {}) };
  const more = { ...watched, ...(checks ? { checks } : {}) };
  return { version: ASSEMBLY_VERSION, stack, environment, region, resources, outputs, ...more };
}
