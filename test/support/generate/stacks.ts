/** Stacks made of drawn inputs: as a model in memory, checked and synthesized as the CLI does it. */
import { join } from "node:path";
import { registry } from "../../../constructs/registry.js";
import { type Diagnostic, DiagnosticBag } from "../../../framework/base/diagnostics.js";
import type { Assembly } from "../../../framework/model/assembly.js";
import type { Kind } from "../../../framework/model/kind.js";
import type { ModelDocument, ModelInput } from "../../../framework/model/stack-model.js";
import { componentSchema } from "../../../framework/overlays/check.js";
import { resolveModel } from "../../../framework/overlays/resolve.js";
import { loadSchemaIndex } from "../../../framework/providers/aws/schema-index.js";
import { assemblyText, requestedAssets, synthesize } from "../../../framework/synth/index.js";
import { ROOT } from "../source-tree.js";
import { COMPANIONS, mentioned } from "./companions.js";
import { hintsOf } from "./hints.js";

/** A spec. */
export type Spec = { [key: string]: unknown };

/** A document of a stack: kind, name, service it belongs to, spec. */
export interface Document {
  kind: string;
  name: string;
  service?: string;
  spec: Spec;
}

/** Name of drawn stacks that are not named otherwise. */
const STACK = "drawn";
/** Service of drawn components; companions stand in `base`. */
export const SERVICE = "app";

const schemas = loadSchemaIndex(join(ROOT, "framework/providers/aws/data"));
const OPTIONS = {
  environment: "development",
  environmentClass: "development",
  vars: {},
  configVariables: {},
  envVariables: {},
  git: {},
} as const;

/** The schema of what may stand in a kind's document: for components with the infra sections that apply. */
export function schemaOfKind(kind: Kind) {
  return kind.group === "components" ? componentSchema(kind, registry) : kind.schema;
}

/** The documents of a stack with these specs of one kind; several only of a component kind. */
export function stackOf(kind: Kind, specs: readonly Spec[], name = STACK): Document[] {
  const provider = { name: "aws", region: "us-east-1" };
  const own = specs.map((spec, i): Document => {
    if (kind.name === "Stack") return { kind: "Stack", name, spec: { provider, ...spec } };
    if (kind.name === "Service") return { kind: "Service", name: SERVICE, spec };
    if (kind.group === "infra") return infraDocument(kind, spec);
    return { kind: kind.name, name: `c${i}`, service: SERVICE, spec };
  });
  const others = mentioned([hintsOf(kind.name).beside, specs]).sort(byReference);
  const companions = others.map(
    (other): Document => ({ name: other, service: "base", ...(COMPANIONS[other] as (typeof COMPANIONS)[string]) }),
  );
  const has = (wanted: string): boolean => own.some((d) => d.kind === wanted);
  return [
    ...(has("Stack") ? [] : [{ kind: "Stack", name, spec: { provider } }]),
    ...own.filter((d) => d.kind === "Stack"),
    { kind: "Service", name: "base", spec: {} },
    ...companions,
    ...(has("Service") ? [] : [{ kind: "Service", name: SERVICE, spec: {} }]),
    ...own.filter((d) => d.kind !== "Stack"),
    ...(kind.name === "Service" || kind.group === "infra" ? [watcher()] : []),
  ];
}

/** A program must make what is referred to first: workloads, which may refer to the others, come last. */
function byReference(a: string, b: string): number {
  const last = (name: string): number => (COMPANIONS[name]?.kind === "MicroService" ? 1 : 0);
  return last(a) - last(b) || (a < b ? -1 : 1);
}

/** A component of the drawn service, so that what a service says has something to act on. */
function watcher(): Document {
  return { kind: "SQS", name: "watched", service: SERVICE, spec: {} };
}

/** ComponentInfra is of the component of its name, ServiceInfraDefaults of a service. */
function infraDocument(kind: Kind, spec: Spec): Document {
  if (kind.name === "ComponentInfra") return { kind: kind.name, name: "api", service: "base", spec };
  if (kind.name === "ServiceInfraDefaults") return { kind: kind.name, name: "base", service: "base", spec };
  return { kind: kind.name, name: kind.name.toLowerCase(), spec };
}

/** Documents as a front end hands them over. */
export function modelOf(documents: readonly Document[]): ModelInput {
  const made = documents.map((d): ModelDocument => {
    const group = registry.find(d.kind)?.group ?? "components";
    const source = (path: string) => ({ file: `${d.name}.${d.kind}.yaml`, line: path === "" ? 1 : 2, column: 1 });
    return { apiVersion: `${group}.panka.io/v1`, labels: {}, annotations: {}, literal: false, source, ...d };
  });
  const stack = documents.find((d) => d.kind === "Stack")?.name ?? STACK;
  return { format: 1, stack, frontEnd: "yaml", documents: made, overlays: [], patches: [], environments: [] };
}

/** What came of a stack: the assembly's bytes and the files that it ships, or errors. */
export interface Outcome {
  text: string | undefined;
  assembly?: Assembly;
  errors: Diagnostic[];
}

/** Validates and synthesizes. */
export async function outcomeOf(input: ModelInput): Promise<Outcome> {
  const bag = new DiagnosticBag();
  const model = resolveModel(input, OPTIONS, registry, bag);
  const result = model && synthesize(model, { registry, schemas: await schemas, bag });
  const errors = bag.sorted().filter((d) => d.severity === "error");
  if (!model || !result || errors.length > 0) return { text: undefined, errors };
  const assets = requestedAssets(model, registry).map(({ source: _, ...asset }) => asset);
  return { text: assemblyText(result.assembly) + (assets.length > 0 ? JSON.stringify(assets) : ""), assembly: result.assembly, errors };
}

/** Fields in which these documents name components, by their kinds' links: `rules[].targets[].component` of `EventBridge`. */
export function namingFields(documents: readonly Document[]): { kind: string; path: string }[] {
  const model = resolveModel(modelOf(documents), OPTIONS, registry, new DiagnosticBag());
  return (model?.components ?? []).flatMap(({ kind, props }) => linkPaths(kind, props).map((path) => ({ kind, path })));
}

/** Where a kind's links stand in such props. */
export function linkPaths(kind: string, props: Spec): string[] {
  return (registry.find(kind)?.links?.(props) ?? []).map((link) => anyOf(link.path));
}

/** A path without the numbers and names of what it leads through: `sidecars.<name>.secrets[].secretRef`. */
function anyOf(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "[]").replace(/^(sidecars|environment)\.[^.]+/, "$1.<name>");
}
