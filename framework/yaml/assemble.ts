/** Documents of all files to the input of one stack: one Stack document, services, duplicates, environments. */
import { compareText, type DiagnosticBag } from "../base/diagnostics.js";
import { nearest } from "../base/nearest.js";
import type { ModelDocument, ModelInput } from "../model/stack-model.js";
import type { ReadDocument } from "./documents.js";

/**
 * The model input, or undefined if there is no one Stack document. `where` names the place searched, for messages. `incomplete`: some
 * documents could not be read, so what is missing may be among them and is not reported.
 */
export function assembleInput(
  documents: readonly ReadDocument[],
  where: string,
  incomplete: boolean,
  bag: DiagnosticBag,
): ModelInput | undefined {
  const base = documents.filter((d) => d.environment === undefined);
  const stack = oneStack(base, where, incomplete, bag);
  if (!stack) return undefined;
  for (const d of documents) {
    if (d.stack === undefined || d.stack === stack.name) continue;
    bag.error("stack-disagrees", `${d.name} says stack "${d.stack}", but the Stack document (${placeOf(stack)}) is named "${stack.name}"`, {
      ...(d.start ?? {}),
      expected: `metadata.stack: ${stack.name}`,
    });
  }
  const services = withServices(base, incomplete, bag);
  return {
    format: 1,
    stack: stack.name,
    frontEnd: "yaml",
    documents: services,
    overlays: overlaysOf(documents),
    patches: [],
    environments: environmentsOf(stack, documents),
  };
}

/** The overlay documents among those read. */
export function overlaysOf(documents: readonly ReadDocument[]): ModelDocument[] {
  return documents.filter((d) => d.environment !== undefined);
}

/** Environments that a Stack document or an overlay names, sorted. */
export function environmentsOf(stack: ModelDocument | undefined, documents: readonly ModelDocument[]): string[] {
  const names = new Set<string>();
  const listed = stack?.spec["environments"];
  if (Array.isArray(listed)) for (const e of listed) if (typeof e === "string") names.add(e);
  for (const d of documents) if (d.environment !== undefined) names.add(d.environment);
  return [...names].sort(compareText);
}

function oneStack(base: readonly ReadDocument[], where: string, incomplete: boolean, bag: DiagnosticBag): ReadDocument | undefined {
  const stacks = base.filter((d) => d.kind === "Stack");
  const [first, second] = stacks;
  if (!first) {
    if (incomplete) return undefined;
    bag.error("no-stack", `there is no Stack document in ${where}`, { expected: "one document of kind Stack", next: "panka init" });
    return undefined;
  }
  if (second) {
    bag.error(
      "two-stacks",
      `there are two Stack documents: "${first.name}" (${placeOf(first)}) and "${second.name}" (${placeOf(second)})`,
      {
        ...second.start,
        expected: "one Stack document",
      },
    );
    return undefined;
  }
  return first;
}

/** Base documents plus a Service document for each service that only a folder names; a service that nothing makes known is an error. */
function withServices(base: readonly ReadDocument[], incomplete: boolean, bag: DiagnosticBag): ModelDocument[] {
  const known = new Set(base.filter((d) => d.kind === "Service").map((d) => d.name));
  const out: ModelDocument[] = [...base];
  for (const d of base) {
    if (d.service === undefined || known.has(d.service) || !d.serviceFromFolder) continue;
    known.add(d.service);
    out.push({
      apiVersion: "core.panka.io/v1",
      kind: "Service",
      name: d.service,
      labels: {},
      annotations: {},
      spec: {},
      literal: false,
      source: (path) => (path === "" ? d.start : undefined),
    });
  }
  for (const d of base) {
    if (incomplete || d.service === undefined || known.has(d.service)) continue;
    const suggestion = nearest(d.service, known);
    bag.error("unknown-service", `${d.name} belongs to service "${d.service}", which has no Service document`, {
      ...(d.source("") ?? {}),
      expected: known.size > 0 ? `one of ${[...known].sort(compareText).join(", ")}` : "a document of kind Service",
      ...(suggestion ? { suggestion } : {}),
    });
  }
  return out;
}

function placeOf(d: ReadDocument): string {
  return `${d.start.file}:${d.start.line}:${d.start.column}`;
}
