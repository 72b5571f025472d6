/** Specs with one value that hardly fits, and whether the schema check takes it. */
import { z } from "zod";
import { coerce } from "../../../framework/model/coerce.js";
import type { Kind } from "../../../framework/model/kind.js";
import { normalizeSpec } from "../../../framework/overlays/normalize.js";
import { placesIn } from "./places.js";
import { schemaOfKind, type Spec } from "./stacks.js";
import { changedAt } from "./variations.js";

/** A changed spec. */
export interface WrongSpec {
  place: string;
  value: unknown;
  spec: Spec;
  /** By the schema alone: what expand refuses is nothing that a JSON Schema could know. */
  accepted: boolean;
}

/** Values of every type; few fields take many of them. */
const VALUES: readonly unknown[] = ["no-such-word", "7", -1, 1.5, true, [], {}, { nope: 1 }, ["x"]];

/** True where a JSON Schema takes more: text that is too long or out of a number's range, amounts, numbers where text of a pattern is due; a group without what it requires, in documents that are merged. */
export function maybeLoose({ place, value }: WrongSpec): boolean {
  if (JSON.stringify(value) === "{}") return true;
  return typeof value !== "object" && (value !== "no-such-word" || /\b(cpu|memory|timeout)$/.test(place));
}

/** Each field of the spec with some of the values, and a field that is not known beside each. */
export function* wrongSpecs(kind: Kind, spec: Spec): Generator<WrongSpec> {
  let turn = 0;
  const places = [...new Set(placesIn(schemaOfKind(kind), spec))].filter((id) => !/\|\w+$/.test(id));
  for (const place of places)
    for (const value of [VALUES[turn++ % VALUES.length], VALUES[(turn * 4) % VALUES.length]]) {
      const changed = changedAt(spec, place, value);
      yield { place, value, spec: changed, accepted: accepts(kind, changed) };
    }
  const unknown = { ...spec, noSuchField: 1 };
  yield { place: "noSuchField", value: 1, spec: unknown, accepted: accepts(kind, unknown) };
}

function accepts(kind: Kind, spec: Spec): boolean {
  const schema = schemaOfKind(kind);
  const reported: string[] = [];
  const raw = { overlay: false, error: (code: string) => void reported.push(code) };
  const normal = normalizeSpec(spec, kind, kind.group === "infra" ? ["scaling"] : kind.infra, raw);
  const checked = z.safeParse(
    schema,
    coerce(schema, normal, () => false),
  );
  return checked.success && reported.length === 0;
}
