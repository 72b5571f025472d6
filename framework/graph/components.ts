/** The graph of components: who needs whom, and where that is said. */
import type { DiagnosticBag, SourcePosition } from "../base/diagnostics.js";
import { compareText } from "../base/diagnostics.js";
import { nearest } from "../base/nearest.js";
import { ComponentNames } from "../model/component-names.js";
import type { ComponentGraph, Kind, Link, Ref, Registry, ResolvedComponent, ResolvedModel } from "../model/index.js";
import { isRef, isText } from "../model/index.js";
import { joinPath } from "../model/paths.js";
import { cycles } from "./order.js";

/** Pseudo component of references to the account and the region (`_stack.accountId`, `_stack.region`). */
export const STACK_COMPONENT = "_stack";

/** A Ref and where it stands in the props. */
export interface FoundRef {
  ref: Ref;
  path: string;
}

/** All Refs in props, those inside texts included, in order of appearance. */
export function refsInProps(props: unknown): FoundRef[] {
  const found: FoundRef[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (isRef(value)) found.push({ ref: value, path });
    else if (isText(value)) for (const part of value.parts) walk(part, path);
    else if (Array.isArray(value)) for (const [i, v] of value.entries()) walk(v, joinPath(path, i));
    else for (const key of Object.keys(value)) walk((value as Record<string, unknown>)[key], joinPath(path, key));
  };
  walk(props, "");
  return found;
}

/** A link whose component was found. */
export interface ResolvedLink extends Link {
  address: string;
}

/** One component's outgoing references, resolved. */
export interface Outgoing {
  refs: (FoundRef & { address: string })[];
  links: ResolvedLink[];
  /** Addresses named by dependsOn, of the component or of its service. */
  dependsOn: Set<string>;
}

/** {@link ComponentGraph} with what synth needs besides. */
export interface DetailedGraph extends ComponentGraph {
  outgoing: Map<string, Outgoing>;
  /** Address -> addresses it needs. */
  needs: Map<string, Set<string>>;
}

/**
 * Edges from references in props, from the kinds' links, and from dependsOn of components and services.
 * Unknown and ambiguous names and cycles go to the bag.
 */
export function componentGraph(model: ResolvedModel, registry: Registry, bag: DiagnosticBag): DetailedGraph {
  const names = new ComponentNames(model.components.map((c) => c.address));
  const addresses = new Set(names.addresses);
  const serviceNeeds = new Map(model.services.map((s) => [s.name, (s.spec.dependsOn ?? []) as string[]]));
  const context: Context = { serviceNeeds, names, addresses, bag, byService: groupByService(model) };
  const edges = new Map<string, ComponentGraph["edges"][number]>();
  const places = new Map<string, SourcePosition | undefined>();
  const needs = new Map<string, Set<string>>(model.components.map((c) => [c.address, new Set()]));
  const outgoing = new Map<string, Outgoing>();
  const late: ComponentGraph["edges"] = [];
  const addEdge = (writer: ResolvedComponent, from: string, to: string, reason: EdgeReason, path: string): void => {
    const key = `${from} ${to}`;
    if (edges.has(key)) return;
    edges.set(key, { from, to, reason });
    places.set(key, writer.source(path) ?? writer.source(""));
    needs.get(from)?.add(to);
  };
  for (const component of model.components) {
    const add: AddEdge = (to, reason, path) => addEdge(component, component.address, to, reason, path);
    const addBehind = (from: string, path: string): void => addEdge(component, from, component.address, "uses", path);
    const addLate = (from: string, to: string): void => {
      late.push({ from, to, reason: "afterwards" });
    };
    outgoing.set(component.address, outgoingOf(component, registry.find(component.kind), context, { add, addLate, addBehind }));
  }
  for (const component of model.components)
    for (const link of outgoing.get(component.address)?.links.filter((l) => l.through) ?? [])
      for (const { address } of outgoing.get(link.address)?.links.filter((l) => l.opens) ?? [])
        addEdge(component, component.address, address, "dependsOn", link.path);
  for (const edge of late) if (!edges.has(`${edge.from} ${edge.to}`)) edges.set(`${edge.from} ${edge.to}`, edge);
  for (const path of cycles(needs)) reportCycle(path, places, bag);
  return {
    nodes: model.components
      .map((c) => ({ address: c.address, kind: c.kind, service: c.service }))
      .sort((a, b) => compareText(a.address, b.address)),
    edges: [...edges.values()].sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to)),
    outgoing,
    needs,
  };
}

interface Context {
  /** Service -> its dependsOn. */
  serviceNeeds: Map<string, string[]>;
  names: ComponentNames;
  addresses: ReadonlySet<string>;
  byService: Map<string, string[]>;
  bag: DiagnosticBag;
}

interface AddEdges {
  add: AddEdge;
  addLate(from: string, to: string): void;
  /** One that stands behind the component needs it. */
  addBehind(from: string, path: string): void;
}
type EdgeReason = "reference" | "dependsOn" | "uses";
type AddEdge = (to: string, reason: EdgeReason, path: string) => void;

function groupByService(model: ResolvedModel): Map<string, string[]> {
  const out = new Map<string, string[]>(model.services.map((s) => [s.name, []]));
  for (const c of model.components) {
    const list = out.get(c.service);
    if (list) list.push(c.address);
    else out.set(c.service, [c.address]);
  }
  return out;
}

function outgoingOf(
  component: ResolvedComponent,
  kind: Kind | undefined,
  context: Context,
  { add, addLate, addBehind }: AddEdges,
): Outgoing {
  const { names, bag } = context;
  const out: Outgoing = { refs: [], links: [], dependsOn: new Set() };
  for (const found of refsInProps(component.props)) {
    if (found.ref.component === STACK_COMPONENT) {
      out.refs.push({ ...found, address: STACK_COMPONENT });
      continue;
    }
    const result = names.find(found.ref.component, component.service);
    if (!("address" in result)) {
      unresolved(component, found.ref.component, found.path, result, bag);
      continue;
    }
    out.refs.push({ ...found, address: result.address });
    add(result.address, "reference", found.path);
  }
  for (const link of kind?.links?.(component.props) ?? []) {
    const result = names.findLink(link, component.service);
    if ("address" in result) {
      out.links.push({ ...link, address: result.address });
      if (link.behind) addBehind(result.address, link.path);
      else if (link.late !== "forth" && link.late !== "both") add(result.address, link.orderOnly ? "dependsOn" : "uses", link.path);
      if (link.late === "forth" || link.late === "both") addLate(component.address, result.address);
      if (link.late === "back" || link.late === "both") addLate(result.address, component.address);
    } else if (!link.optional) unresolved(component, link.component, link.path, result, bag);
  }
  const own = (component.props.dependsOn ?? []) as string[];
  for (const [i, name] of own.entries()) dependOn(component, name, joinPath("dependsOn", i), context, out, add);
  for (const name of context.serviceNeeds.get(component.service) ?? []) dependOn(component, name, "", context, out, add);
  return out;
}

/** A name in dependsOn: a component of the own service, else a service, else a component that is unique in the stack. */
function dependOn(component: ResolvedComponent, name: string, path: string, context: Context, out: Outgoing, add: AddEdge): void {
  const own = context.addresses.has(`${component.service}/${name}`);
  const ofService = own || name.includes("/") ? undefined : context.byService.get(name);
  const result = ofService ? undefined : context.names.find(name, component.service);
  if (result && !("address" in result)) {
    unresolved(component, name, path, result, context.bag, nearest(name, context.byService.keys()));
    return;
  }
  const addresses = ofService ? ofService.filter((a) => a !== component.address) : [(result as { address: string }).address];
  // What a service needs is needed by its components, but not by the one that is needed.
  for (const address of addresses) {
    if (path === "" && address === component.address) continue;
    out.dependsOn.add(address);
    add(address, "dependsOn", path);
  }
}

function unresolved(
  component: ResolvedComponent,
  name: string,
  path: string,
  result: { candidates: string[] } | { nearest: string | undefined },
  bag: DiagnosticBag,
  orService?: string,
): void {
  const where = {
    path: path ? `${component.address}.spec.${path}` : component.address,
    ...(component.source(path) ?? component.source("")),
  };
  if ("candidates" in result) {
    bag.error("ambiguous-component", `"${name}" may be ${result.candidates.join(" or ")}`, { ...where, expected: "service/component" });
    return;
  }
  const suggestion = result.nearest ?? orService;
  bag.error("unknown-component", `there is no component "${name}"`, { ...where, ...(suggestion ? { suggestion } : {}) });
}

function reportCycle(path: readonly string[], places: Map<string, SourcePosition | undefined>, bag: DiagnosticBag): void {
  const edges = path.slice(1).map((to, i) => {
    const place = places.get(`${path[i]} ${to}`);
    return { to, place };
  });
  const line = edges.map(({ to, place }) => `${to}${place ? ` (${place.file}:${place.line}:${place.column})` : ""}`).join(" -> ");
  bag.error("cycle", `components need each other: ${path[0]} -> ${line}`, {
    path: path[0] as string,
    ...edges[0]?.place,
    expected: "no way back from a component to itself",
    next: "remove one of these references",
  });
}

/** What `--service` and `--component` choose. */
export interface Selection {
  service?: string;
  /** `service/component` or a bare name. */
  component?: string;
  /** Also everything that the chosen ones need. */
  withDependencies?: boolean;
}

/** Addresses that a selection means, sorted; everything without one. An unknown name gives an empty list. */
export function select(graph: ComponentGraph, selection: Selection): string[] {
  const all = graph.nodes.map((n) => n.address);
  const names = new ComponentNames(all);
  let chosen = selection.service === undefined ? all : graph.nodes.filter((n) => n.service === selection.service).map((n) => n.address);
  if (selection.component !== undefined) {
    const result = names.find(selection.component, selection.service);
    chosen = "address" in result ? chosen.filter((a) => a === result.address) : [];
  }
  if (!selection.withDependencies) return [...chosen].sort(compareText);
  const needs = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    const list = needs.get(from);
    if (list) list.push(to);
    else needs.set(from, [to]);
  }
  const found = new Set(chosen);
  for (const address of found) for (const need of needs.get(address) ?? []) found.add(need);
  return [...found].sort(compareText);
}
