/** What an import is about: components and URNs as typed become resources of the assembly, each with its import id where one was given. Pure. */
import { DiagnosticBag } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import { componentOf, parseUrn } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import type { Wanted } from "../engine/adopt.js";
import { ComponentNames, oneOf } from "../model/component-names.js";
import type { Assembly } from "../model/assembly.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResourceSpec } from "../model/resource.js";
import type { StateFile } from "../model/state-file.js";
import { tagOf, type Value } from "../model/values.js";
import { nearestPosition, parseYaml } from "../yaml/parse.js";

/** One wish: a URN, or a component (`service/component`, or its bare name where only one has it), and the import id. */
export interface ImportWish {
  target: string;
  id?: string | undefined;
}

/**
 * The resources that are wanted. A URN means that resource; a component means its main resource, which an id is of, and whatever else of it
 * can be found by what is known. What the state has is left out, unless it was asked for by name. Throws usage errors with the nearest name.
 */
export function importTargets(assembly: Assembly, state: StateFile | null, wishes: readonly ImportWish[]): Wanted {
  const wanted = new Map<string, string | undefined>();
  const recorded = (urn: string): boolean => state?.resources[urn] !== undefined;
  const want = (urn: string, id: string | undefined): void => {
    const other = wanted.get(urn);
    if (id !== undefined && other !== undefined && other !== id)
      throw usageError("two-ids", `${urn} was given two ids: ${other} and ${id}`);
    wanted.set(urn, id ?? other);
  };
  const named = (urn: string, id: string | undefined): void => {
    const has = state?.resources[urn];
    if (has) {
      throw usageError("in-state", `the state has ${urn} already (${has.id})`, { next: `panka state rm '${urn}', if it is another one` });
    }
    want(urn, id);
  };
  for (const { target, id } of wishes) {
    if (target.startsWith("urn:")) {
      named(findUrn(assembly, target), id);
      continue;
    }
    const own = componentResources(assembly, target);
    const main = own.find(({ urn }) => parseUrn(urn).role === undefined);
    if (id !== undefined && !main) {
      const urns = own.map(({ urn }) => urn).join(", ");
      throw usageError("no-main", `${target} has no main resource that an id could be of; expected a URN: ${urns}`);
    }
    if (main && id !== undefined) named(main.urn, id);
    for (const { urn } of own) if (!recorded(urn)) want(urn, undefined);
  }
  return wanted;
}

function findUrn(assembly: Assembly, urn: string): string {
  if (assembly.resources.some((r) => r.urn === urn)) return urn;
  const urns = assembly.resources.map((r) => r.urn);
  throw unknown(urn, nearest(urn, urns), urns);
}

function componentResources(assembly: Assembly, target: string): ResourceSpec[] {
  const names = new ComponentNames(assembly.resources.map((r) => componentOf(r.urn)));
  const found = names.find(target, undefined);
  if ("candidates" in found) throw usageError("ambiguous", `${target} is in several services; expected ${oneOf(found.candidates)}`);
  if ("nearest" in found) throw unknown(target, found.nearest, names.addresses);
  return assembly.resources.filter((r) => componentOf(r.urn) === found.address);
}

function unknown(target: string, guess: string | undefined, known: readonly string[]): Error {
  const instead = guess ? `did you mean ${guess}?` : `expected ${oneOf(known)}`;
  return usageError("unknown-target", `the stack has no ${target}; ${instead}`, { next: "panka graph" });
}

/** Wishes from a YAML map of URN or component to import id. `name` is how the file is called in messages. Throws usage error `bad-import-file`. */
export function parseWishes(source: string, name: string): ImportWish[] {
  const bag = new DiagnosticBag();
  const [document, second] = parseYaml(source, name, bag);
  const start = document?.start ?? { file: name, line: 1, column: 1 };
  const value = document?.value;
  if (second) bag.error("two-documents", "it holds one map", second.start);
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (!bag.hasErrors && entries.length === 0) bag.error("no-map", "a map was expected", { ...start, expected: "URN or component: id" });
  for (const [target, id] of entries) {
    if (typeof id === "string" && id !== "") continue;
    const at = document ? nearestPosition(document, [target]) : start;
    bag.error("bad-id", `${target} has no text as its import id`, { ...at, expected: "text, in quotes where it is a number" });
  }
  if (bag.hasErrors) throw usageError("bad-import-file", `${name} can't be used`, { diagnostics: bag.sorted() });
  return entries.map(([target, id]) => ({ target, id: String(id) }));
}

/** What the import id of a resource looks like, for people. */
export function importForm(spec: ResourceSpec, schemas: SchemaIndex): string {
  const { importId, lookup, class: kind } = spec.probe;
  const wire = schemas.type(spec.type)?.wire;
  if (importId !== undefined && !lookup) return shown(importId);
  const page = wire ? `as "Import" on the page of ${wire} in the provider's documentation says` : "as the provider's documentation says";
  return kind === "E" ? "none: it is made again" : page;
}

function shown(value: Value): string {
  if (typeof value !== "object" || value === null) return String(value);
  const tag = tagOf(value as { [key: string]: Value });
  if (tag === "$text") return (value as { $text: Value[] }).$text.map(shown).join("");
  if (tag === "$ref") {
    const { urn, output } = (value as { $ref: { urn: string; output: string } }).$ref;
    return `<${output} of ${urn.slice(urn.lastIndexOf("::") + 2)}>`;
  }
  return "$name" in value ? "<its name>" : "<known after a look-up>";
}
