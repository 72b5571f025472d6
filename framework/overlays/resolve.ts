/** (model, environment) -> model: documents normalised, overlays and layers merged, variables filled in, everything checked. Pure. */
import { compareText, type Diagnostic, DiagnosticBag } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import type { Kind, Registry } from "../model/kind.js";
import type {
  EnvironmentPatch,
  ModelDocument,
  ModelInput,
  ResolvedComponent,
  ResolvedModel,
  ResolveOptions,
} from "../model/stack-model.js";
import { type Catalog, type ComponentEntry, makeCatalog } from "./catalog.js";
import { checkSpec, componentSchema } from "./check.js";
import { type Layered, layer, locate, merge } from "./layered.js";
import { parsePath, formatPath, type PathSegment } from "../model/paths.js";
import { givenImages } from "./images.js";
import { checkLinks } from "./links.js";
import { checkAddedNames } from "./output-names.js";
import { normalizeSpec } from "./normalize.js";
import { onlySections, sectionsSaid } from "./sections.js";
import { type Filling, fill } from "./substitute.js";
import { checkListed, stackIdOf, stackRegions } from "./stack-id.js";
import { checkTenantRegion } from "./tenant.js";
import { type Scope, Variables } from "./variables.js";
import { writerOf } from "./writer.js";

type Spec = { [key: string]: unknown };

/** What one resolution works on. */
export interface Resolution {
  catalog: Catalog;
  registry: Registry;
  filling: Filling;
  /** By address. */
  images: ReadonlyMap<string, EnvironmentPatch[]>;
  bag: DiagnosticBag;
}

/**
 * The stack in one environment (`options.environment`; "" is the base without overlays), or undefined after errors were put into the
 * bag. All problems are reported, not only the first.
 */
export function resolveModel(
  input: ModelInput,
  options: ResolveOptions,
  registry: Registry,
  bag: DiagnosticBag,
): ResolvedModel | undefined {
  const own = new DiagnosticBag();
  const model = resolveInto(input, options, registry, own);
  const found = own.sorted();
  bag.add(input.incomplete ? found.filter((d) => !LEADS_NOWHERE.has(d.code)) : found);
  return own.hasErrors || input.incomplete ? undefined : model;
}

/** Problems that may come of documents that could not be read. */
const LEADS_NOWHERE = new Set(["unknown-component", "unknown-variable", "undefined-variable", "overlay-matches-nothing"]);

function resolveInto(input: ModelInput, options: ResolveOptions, registry: Registry, bag: DiagnosticBag): ResolvedModel {
  const catalog = makeCatalog(input, options.environment, registry, bag);
  const variables = collectVariables(catalog, input.stack, options);
  const filling: Filling = {
    variables,
    names: catalog.names,
    services: new Set(catalog.services.keys()),
    component: (address) => {
      const entry = catalog.components.get(address);
      return entry ? { kind: entry.kind, spec: entry.documents[0]?.spec ?? {} } : undefined;
    },
  };
  const r: Resolution = { catalog, registry, filling, images: givenImages(options, catalog, bag), bag };
  const stack = resolveStack(r, input, options, variables);
  const services = [...catalog.services.keys()].sort(compareText).map((name) => resolveService(name, r));
  const infra = resolveInfra(r);
  checkDefaults(r);
  const components = [...catalog.components.values()].flatMap((entry) => resolveComponent(entry, r) ?? []);
  for (const c of components) {
    checkLinks(c, r);
    checkAddedNames(c, r);
  }
  const stackTags = textMap(stack.spec["tags"]);
  const region = options.region ?? regionOf(stack.spec) ?? "";
  if (input.inherits) checkTenantRegion(region, input.inherits, bag);
  for (const each of new Set([region, regionOf(stack.spec) ?? region])) checkListed(each, input, options.environment, bag);
  const regions = stackRegions(input, options.environment);
  return {
    ...stackIdOf(input, { environment: options.environment, region }),
    ...(input.inherits ? { inherits: input.inherits } : {}),
    environment: options.environment,
    environmentClass: options.environmentClass,
    region,
    regions: regions.length > 1 ? regions : [region],
    spec: stack.spec,
    source: stack.source,
    services,
    components,
    ...infra,
    tags: Object.fromEntries(services.map((s) => [s.name, { ...stackTags, ...textMap(s.spec["tags"]) }])),
  };
}

function collectVariables(catalog: Catalog, stack: string, options: ResolveOptions): Variables {
  const variables = new Variables(stack, options);
  const add = (documents: readonly ModelDocument[], key: string): void => {
    for (const d of documents) variables.add(d, key, d.environment === undefined ? "base" : "overlay");
    for (const p of catalog.patches.get(key) ?? []) variables.add(patchDocument(p), key, "overlay");
  };
  add(catalog.stack, "");
  for (const [name, documents] of catalog.services) add(documents, name);
  for (const entry of catalog.components.values()) add(entry.documents, entry.address);
  return variables;
}

function resolveStack(
  r: Resolution,
  input: ModelInput,
  options: ResolveOptions,
  variables: Variables,
): { spec: Spec; source: ResolvedModel["source"] } {
  const kind = r.registry.find("Stack");
  const provider = r.catalog.stack.map((d) => d.spec["provider"]).filter(isPlainObject);
  for (const p of provider) {
    for (const [key, name] of [
      ["region", "region"],
      ["accountId", "accountId"],
    ] as const) {
      const value = p[key];
      if ((typeof value === "string" || typeof value === "number") && !String(value).includes("${"))
        variables.predefined[name] = String(value);
    }
  }
  const layered = fold(layersOf(r, r.catalog.stack, kind, {}, input.stack, r.catalog.patches.get("")));
  if (!layered) {
    if (input.documents.every((d) => d.kind !== "Stack")) r.bag.error("no-stack", `there is no Stack document for ${input.stack}`);
    return { spec: {}, source: () => undefined };
  }
  const spec = kind ? (checkSpec(layered, { schema: kind.schema, name: input.stack }, r.bag) ?? {}) : (layered.value as Spec);
  const region = options.region ?? regionOf(spec);
  if (region !== undefined) variables.predefined.region = region;
  const account = isPlainObject(spec["provider"]) ? spec["provider"]["accountId"] : undefined;
  if (typeof account === "string") variables.predefined.accountId = account;
  return { spec, source: sourceOf(layered) };
}

function resolveService(name: string, r: Resolution): ResolvedModel["services"][number] {
  const kind = r.registry.find("Service");
  const layered = fold(layersOf(r, r.catalog.services.get(name) ?? [], kind, { service: name }, name, r.catalog.patches.get(name)));
  if (!layered) return { name, spec: {}, source: () => undefined };
  const spec = kind ? (checkSpec(layered, { schema: kind.schema, name }, r.bag) ?? {}) : (layered.value as Spec);
  return { name, spec, source: sourceOf(layered) };
}

function resolveInfra(r: Resolution): Required<Pick<ResolvedModel, "infra" | "infraSources">> {
  const infra: ResolvedModel["infra"] = {};
  const infraSources: Required<ResolvedModel>["infraSources"] = {};
  for (const [name, { kind, documents }] of [...r.catalog.infra].sort(([a], [b]) => compareText(a, b))) {
    const layered = fold(layersOf(r, documents, kind, {}, name));
    const spec = layered ? checkSpec(layered, { schema: kind.schema, name }, r.bag) : undefined;
    if (!layered || !spec) continue;
    infra[name] = spec;
    infraSources[name] = sourceOf(layered);
  }
  return { infra, infraSources };
}

/** Defaults are checked by themselves, nothing required, so that a mistake in them is reported once and not per component. */
function checkDefaults(r: Resolution): void {
  const kind = r.registry.find("InfraDefaults") ?? r.registry.find("ComponentInfra");
  if (!kind) return;
  const check = (documents: readonly ModelDocument[], scope: Scope): void => {
    for (const d of documents) {
      const quiet: Resolution = { ...r, bag: new DiagnosticBag() };
      for (const l of layersOf(quiet, [d], kind, scope, d.kind)) checkSpec(l, { schema: kind.schema, name: d.kind, partial: true }, r.bag);
    }
  };
  check(r.catalog.defaults, {});
  for (const [service, documents] of r.catalog.serviceDefaults) check(documents, { service });
}

function resolveComponent(entry: ComponentEntry, r: Resolution): ResolvedComponent | undefined {
  const { address, service, name, kind } = entry;
  const scope: Scope = { service, component: name };
  const defaults = [...r.catalog.defaults, ...(r.catalog.serviceDefaults.get(service) ?? [])];
  const infra = r.catalog.componentInfra.get(address) ?? [];
  const own = layersOf(r, entry.documents, kind, scope, address);
  const layers = [
    ...layersOf(r, defaults, kind, scope, address, undefined, "defaults"),
    ...own,
    ...layersOf(r, infra, kind, scope, address, undefined, "infra"),
    ...layersOf(r, [], kind, scope, address, [...(r.catalog.patches.get(address) ?? []), ...(r.images.get(address) ?? [])]),
  ];
  const schema = componentSchema(kind, r.registry);
  for (const l of layers) if (l.partial) checkSpec(l, { schema, name: address, partial: true }, r.bag);
  const layered = fold(layers);
  if (!layered) return undefined;
  const props = checkSpec(layered, { schema, name: address, skipShared: true }, r.bag);
  if (!props) return undefined;
  const top = entry.documents[entry.documents.length - 1] as ModelDocument;
  const labels = Object.assign({}, ...entry.documents.map((d) => d.labels), ...infra.map((d) => d.labels)) as { [key: string]: string };
  const description = top.description ?? entry.documents[0]?.description;
  return {
    address,
    service,
    name,
    kind: kind.name,
    props,
    labels,
    ...(description !== undefined ? { description } : {}),
    sections: sectionsSaid(own, kind),
    source: sourceOf(layered),
  };
}

interface SpecLayer extends Layered {
  /** An overlay: checked by itself with nothing required. */
  partial: boolean;
}

/** Documents (and patches) as layers: filled in, normalised. `part` keeps the infra sections only. */
function layersOf(
  r: Resolution,
  documents: readonly ModelDocument[],
  kind: Kind | undefined,
  scope: Scope,
  subject: string,
  patches: readonly EnvironmentPatch[] = [],
  part?: "defaults" | "infra",
): SpecLayer[] {
  const all = [...documents, ...patches.map(patchDocument)];
  return all.map((d) => {
    const partial = d.environment !== undefined && part !== "defaults";
    const error = (path: readonly PathSegment[], code: string, message: string, more?: Partial<Diagnostic>): void =>
      r.bag.error(code, message, { ...(d.source(formatPath(path)) ?? d.source("")), path: pathOf(subject, path), ...more });
    const filled = fill(d.spec, d.literal, scope, r.filling, error) as Spec;
    const sections = kind?.infra ?? [];
    const infraKind = part ? r.registry.find("ComponentInfra") : undefined;
    let spec = normalizeSpec(filled, infraKind ?? kind, kind?.group === "infra" ? ["scaling"] : sections, {
      overlay: partial,
      error: (code, message, path, more) => error(parsePath(path), code, message, more),
    });
    if (part) spec = onlySections(spec, sections, part, d, subject, kind, r);
    const own = layer(spec, writerOf(d, part === "defaults"));
    return { ...own, partial };
  });
}

function patchDocument(p: EnvironmentPatch): ModelDocument {
  return {
    apiVersion: "",
    kind: "",
    name: p.address,
    labels: {},
    annotations: {},
    spec: p.patch,
    literal: true,
    source: p.source,
    environment: p.environment,
  };
}

function fold(layers: readonly Layered[]): Layered | undefined {
  const [first, ...rest] = layers;
  return first ? rest.reduce((low, high) => merge(low, high), first) : undefined;
}

function sourceOf(layered: Layered): ResolvedModel["source"] {
  return (path) => locate(layered.trace, parsePath(path));
}

function pathOf(subject: string, path: readonly PathSegment[]): string {
  return path.length === 0 ? subject : `${subject}.spec.${formatPath(path)}`;
}

function regionOf(spec: Spec): string | undefined {
  const region = isPlainObject(spec["provider"]) ? spec["provider"]["region"] : undefined;
  return typeof region === "string" ? region : undefined;
}

function textMap(value: unknown): { [key: string]: string } {
  const out: { [key: string]: string } = {};
  if (isPlainObject(value)) for (const [k, v] of Object.entries(value)) if (typeof v === "string") out[k] = v;
  return out;
}
