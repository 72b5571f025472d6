/** The documents of a stack in one environment, by what they are about; each list runs from base to overlay. */
import { compareText, type DiagnosticBag, type SourcePosition } from "../base/diagnostics.js";
import { nearest } from "../base/nearest.js";
import { ComponentNames } from "../model/component-names.js";
import type { Kind, Registry } from "../model/kind.js";
import type { EnvironmentPatch, ModelDocument, ModelInput } from "../model/stack-model.js";

/** Marks an overlay document that has no base: it exists in that environment only. */
export const ONLY_IN = "panka.io/only-in";

/** A component's documents. */
export interface ComponentEntry {
  address: string;
  service: string;
  name: string;
  kind: Kind;
  documents: ModelDocument[];
}

/** All documents that count in one environment. */
export interface Catalog {
  stack: ModelDocument[];
  services: Map<string, ModelDocument[]>;
  /** By address, sorted. */
  components: Map<string, ComponentEntry>;
  /** ComponentInfra by the component's address. */
  componentInfra: Map<string, ModelDocument[]>;
  /** InfraDefaults. */
  defaults: ModelDocument[];
  /** ServiceInfraDefaults by service. */
  serviceDefaults: Map<string, ModelDocument[]>;
  /** The other infra kinds: one document each and its overlays. */
  infra: Map<string, { kind: Kind; documents: ModelDocument[] }>;
  /** Patches of `stack.environment()` by address; "" the stack. */
  patches: Map<string, EnvironmentPatch[]>;
  names: ComponentNames;
}

/** Sorts the documents; duplicates, overlays and patches that match nothing go to the bag. */
export function makeCatalog(input: ModelInput, environment: string, registry: Registry, bag: DiagnosticBag): Catalog {
  const catalog: Catalog = {
    stack: [],
    services: new Map(),
    components: new Map(),
    componentInfra: new Map(),
    defaults: [],
    serviceDefaults: new Map(),
    infra: new Map(),
    patches: new Map(),
    names: new ComponentNames([]),
  };
  const overlays = input.overlays.filter((d) => d.environment === environment);
  const alone = overlays.filter((d) => d.annotations[ONLY_IN] === environment);
  const base = [...input.documents.filter((d) => (d.annotations[ONLY_IN] ?? environment) === environment), ...alone];
  for (const d of base) if (registry.find(d.kind)?.group !== "infra" || d.kind !== "ComponentInfra") addBase(catalog, d, registry, bag);
  catalog.components = new Map([...catalog.components].sort(([a], [b]) => compareText(a, b)));
  catalog.names = new ComponentNames(catalog.components.keys());
  for (const d of base) if (d.kind === "ComponentInfra") addComponentInfra(catalog, d, false, bag);
  const seen = new Map<string, ModelDocument>();
  for (const d of overlays) if (!alone.includes(d)) addOverlay(catalog, d, registry, seen, bag);
  for (const p of input.patches) if (p.environment === environment) addPatch(catalog, p, bag);
  return catalog;
}

function addBase(catalog: Catalog, d: ModelDocument, registry: Registry, bag: DiagnosticBag): void {
  const kind = registry.find(d.kind);
  if (!kind) {
    const suggestion = nearest(
      d.kind,
      registry.kinds.map((k) => k.name),
    );
    bag.error("unknown-kind", `the kind "${d.kind}" is not known`, { ...d.source(""), ...(suggestion ? { suggestion } : {}) });
  } else if (kind.name === "Stack") single(catalog.stack, d, "Stack", bag);
  else if (kind.name === "Service") single(listIn(catalog.services, d.name), d, `service "${d.name}"`, bag);
  else if (kind.name === "InfraDefaults") single(catalog.defaults, d, "InfraDefaults", bag);
  else if (kind.name === "ServiceInfraDefaults")
    single(listIn(catalog.serviceDefaults, d.service ?? d.name), d, "ServiceInfraDefaults", bag);
  else if (kind.group === "infra") single(infraOf(catalog, kind), d, kind.name, bag);
  else addComponent(catalog, d, kind, bag);
}

function addComponent(catalog: Catalog, d: ModelDocument, kind: Kind, bag: DiagnosticBag): void {
  if (d.service === undefined) {
    bag.error("no-service", `${d.name} (${kind.name}) belongs to no service`, {
      ...d.source(""),
      expected: "metadata.service, a folder services/<service>/, or a Service document before it in the file",
    });
    return;
  }
  const address = `${d.service}/${d.name}`;
  const other = catalog.components.get(address);
  if (other) {
    duplicate(`the component ${address}`, other.documents[0], d, bag);
    return;
  }
  catalog.components.set(address, { address, service: d.service, name: d.name, kind, documents: [d] });
}

function addComponentInfra(catalog: Catalog, d: ModelDocument, overlay: boolean, bag: DiagnosticBag): void {
  const found = catalog.names.find(d.service === undefined ? d.name : `${d.service}/${d.name}`, d.service);
  if (!("address" in found)) {
    noMatch(d, "component", found, catalog, bag);
    return;
  }
  const list = listIn(catalog.componentInfra, found.address);
  if (overlay) list.push(d);
  else single(list, d, `the ComponentInfra of ${found.address}`, bag);
}

function addOverlay(catalog: Catalog, d: ModelDocument, registry: Registry, seen: Map<string, ModelDocument>, bag: DiagnosticBag): void {
  const only = d.annotations[ONLY_IN];
  if (only !== undefined) {
    bag.error("only-in-disagrees", `${d.name} is marked ${ONLY_IN}: ${only}, but stands among the documents of ${d.environment}`, {
      ...d.source(""),
      expected: `${ONLY_IN}: ${d.environment}`,
    });
    return;
  }
  const key = `${d.kind} ${d.service ?? ""}/${d.name}`;
  const earlier = seen.get(key);
  if (earlier) {
    duplicate(`the ${d.kind} overlay of ${d.name} for ${d.environment}`, earlier, d, bag);
    return;
  }
  seen.set(key, d);
  const kind = registry.find(d.kind);
  if (!kind) return;
  if (kind.name === "ComponentInfra") addComponentInfra(catalog, d, true, bag);
  else if (kind.name === "Stack") overStack(catalog, d, bag);
  else if (kind.name === "Service") overService(catalog, d, bag);
  else if (kind.name === "InfraDefaults") catalog.defaults.push(d);
  else if (kind.name === "ServiceInfraDefaults") listIn(catalog.serviceDefaults, d.service ?? d.name).push(d);
  else if (kind.group === "infra") infraOf(catalog, kind).push(d);
  else overComponent(catalog, d, kind, bag);
}

function overStack(catalog: Catalog, d: ModelDocument, bag: DiagnosticBag): void {
  const name = catalog.stack[0]?.name;
  if (name === d.name) catalog.stack.push(d);
  else matchesNothing(d, `there is no stack "${d.name}"`, bag, name);
}

function overService(catalog: Catalog, d: ModelDocument, bag: DiagnosticBag): void {
  const list = catalog.services.get(d.name);
  if (list) list.push(d);
  else matchesNothing(d, `there is no service "${d.name}"`, bag, nearest(d.name, catalog.services.keys()));
}

function overComponent(catalog: Catalog, d: ModelDocument, kind: Kind, bag: DiagnosticBag): void {
  const found = catalog.names.find(d.service === undefined ? d.name : `${d.service}/${d.name}`, d.service);
  const entry = "address" in found ? catalog.components.get(found.address) : undefined;
  if (!entry) noMatch(d, kind.name, found as never, catalog, bag);
  else if (entry.kind.name !== kind.name) {
    bag.error(
      "kind-disagrees",
      `${entry.address} is a ${kind.name} here, but a ${entry.kind.name} in its base (${place(entry.documents[0])})`,
      { ...d.source(""), expected: `kind: ${entry.kind.name}` },
    );
  } else entry.documents.push(d);
}

function noMatch(
  d: ModelDocument,
  what: string,
  found: { candidates: string[] } | { nearest: string | undefined },
  catalog: Catalog,
  bag: DiagnosticBag,
): void {
  if ("candidates" in found) {
    bag.error("ambiguous-component", `the name "${d.name}" stands for several components`, {
      ...d.source(""),
      expected: `metadata.service, for one of ${found.candidates.join(", ")}`,
    });
    return;
  }
  const name = d.service === undefined ? d.name : `${d.service}/${d.name}`;
  const near =
    found.nearest ??
    nearest(
      d.name,
      catalog.names.addresses.map((a) => a.slice(a.indexOf("/") + 1)),
    );
  if (d.environment !== undefined) matchesNothing(d, `there is no ${what} "${name}"`, bag, near);
  else
    bag.error("unknown-component", `there is no component "${name}" for this ${d.kind}`, {
      ...d.source(""),
      path: name,
      expected: "metadata.name of a component",
      ...(near ? { suggestion: near } : {}),
    });
}

function matchesNothing(d: ModelDocument, why: string, bag: DiagnosticBag, suggestion: string | undefined): void {
  bag.error("overlay-matches-nothing", `this overlay of ${d.environment} matches nothing: ${why}`, {
    ...d.source(""),
    expected: `a base document, or metadata.annotations {${ONLY_IN}: ${d.environment}}`,
    ...(suggestion ? { suggestion } : {}),
  });
}

function addPatch(catalog: Catalog, p: EnvironmentPatch, bag: DiagnosticBag): void {
  if (p.address === "" || catalog.services.has(p.address)) {
    listIn(catalog.patches, p.address).push(p);
    return;
  }
  const found = catalog.names.find(p.address, undefined);
  if ("address" in found) listIn(catalog.patches, found.address).push(p);
  else if ("candidates" in found) {
    bag.error("ambiguous-component", `the name "${p.address}" stands for several components`, {
      ...p.source(""),
      expected: `one of ${found.candidates.join(", ")}`,
    });
  } else {
    bag.error("overlay-matches-nothing", `stack.environment("${p.environment}") names "${p.address}", which is no component`, {
      ...p.source(""),
      expected: "service/component",
      ...(found.nearest ? { suggestion: found.nearest } : {}),
    });
  }
}

function single(list: ModelDocument[], d: ModelDocument, what: string, bag: DiagnosticBag): void {
  if (list.length > 0) duplicate(what, list[0], d, bag);
  else list.push(d);
}

function duplicate(what: string, first: ModelDocument | undefined, second: ModelDocument, bag: DiagnosticBag): void {
  bag.error("duplicate", `${what} is described twice: here and at ${place(first)}`, { ...second.source(""), expected: "one document" });
}

function place(d: ModelDocument | undefined): string {
  const p: SourcePosition | undefined = d?.source("");
  return p ? `${p.file}:${p.line}:${p.column}` : "another place";
}

function infraOf(catalog: Catalog, kind: Kind): ModelDocument[] {
  const entry = catalog.infra.get(kind.name) ?? { kind, documents: [] };
  catalog.infra.set(kind.name, entry);
  return entry.documents;
}

function listIn<T>(map: Map<string, T[]>, key: string): T[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}
