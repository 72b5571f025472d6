/** Inputs of a kind that pass validate and together stand at every place of its schema. */
import { isPlainObject } from "../../../framework/base/json.js";
import type { Diagnostic } from "../../../framework/base/diagnostics.js";
import type { Kind } from "../../../framework/model/kind.js";
import { Drawer } from "./draw.js";
import { hintsOf, type KindHints } from "./hints.js";
import { leadsTo, placesIn, placesOf } from "./places.js";
import { chanceOf, seedOf } from "./random.js";
import { modelOf, outcomeOf, schemaOfKind, type Spec, stackOf } from "./stacks.js";

/** An input that passed validate. */
export interface Case {
  spec: Spec;
  /** Places that it stands at. */
  places: readonly string[];
}

/** What was drawn. */
export interface Drawn {
  kind: Kind;
  cases: Case[];
  /** Places that no valid input was found for, each with why the last try failed. */
  missed: { place: string; why: string }[];
}

/** Tries for one place before it is given up. */
const TRIES = 14;
/** Rich draws before single places are looked for. */
const RICH = 6;

/** Draws specs of a kind, hints applied; they need not be valid. */
export class Inputs {
  /** For values of single fields. */
  readonly drawer: Drawer;
  readonly hints: KindHints;

  constructor(
    readonly kind: Kind,
    seed: number,
  ) {
    this.hints = hintsOf(kind.name);
    this.drawer = new Drawer(chanceOf(seed ^ seedOf(kind.name)), this.hints);
  }

  /** A spec that stands at `want`, with that share of the other fields. */
  draw(want: string | undefined, density: number): Spec {
    return fitted(this.drawer.value(schemaOfKind(this.kind), "", { want, density }) as Spec, want, this.hints);
  }
}

/** Draws inputs of a kind from a seed. */
export async function drawCases(kind: Kind, seed: number): Promise<Drawn> {
  const inputs = new Inputs(kind, seed);
  const { hints } = inputs;
  const schema = schemaOfKind(kind);
  const refused = Object.keys(hints.never ?? {});
  const open = new Set(placesOf(schema).flatMap(({ id }) => (refused.some((place) => leadsTo(place, id)) ? [] : [id])));
  const cases: Case[] = [];
  const missed: Drawn["missed"] = [];
  const keep = (spec: Spec): void => {
    const places = [...new Set(placesIn(schema, spec))];
    cases.push({ spec, places });
    for (const place of places) open.delete(place);
  };
  for (let i = 0; i < RICH; i++) {
    const spec = await mended(kind, inputs.draw(undefined, i === 0 ? 0 : 0.5), hints);
    if (spec) keep(spec);
  }
  for (const want of [...open]) {
    if (!open.has(want)) continue;
    let why = "it was never drawn";
    for (let i = 0; i < TRIES && open.has(want); i++) {
      const spec = inputs.draw(want, i < 3 ? 0.2 : 0);
      const errors = await problems(kind, spec);
      if (errors.length === 0 && placesIn(schema, spec).includes(want)) keep(spec);
      else if (errors[0]) why = said(errors[0]);
    }
    if (open.delete(want)) missed.push({ place: want, why });
  }
  return { kind, cases: covering(cases), missed };
}

/** Those of the cases that stand at a place where none before them stands, richest first. */
function covering(cases: readonly Case[]): Case[] {
  const seen = new Set<string>();
  return [...cases]
    .sort((a, b) => b.places.length - a.places.length)
    .filter(({ places }) => {
      const more = places.some((place) => !seen.has(place));
      for (const place of places) seen.add(place);
      return more;
    });
}

/** Why validate refuses an input; empty if it does not. */
export async function problems(kind: Kind, spec: Spec): Promise<Diagnostic[]> {
  return (await outcomeOf(modelOf(stackOf(kind, [spec])))).errors;
}

/** A problem in one line. */
export function said(d: Diagnostic): string {
  return `${d.path ?? ""}: ${d.message}${d.expected ? `; expected ${d.expected}` : ""}`;
}

/** The drawn value over the hints' base; what goes with the wanted place over both. */
function fitted(drawn: Spec, want: string | undefined, hints: KindHints): Spec {
  let spec: Spec = { ...structuredClone(hints.base ?? {}) };
  for (const [key, value] of Object.entries(drawn)) if (!(key in spec) || leadsTo(key, want)) spec[key] = value;
  if (want === undefined) return spec;
  for (const [path, more] of Object.entries(hints.with ?? {}))
    if (leadsTo(path, want)) spec = under(spec, more, want.replaceAll(/\|\d+/g, "")) as Spec;
  return spec;
}

let counter = 0;

/** Adds `more` where `spec` says nothing that leads to the wanted place (without its branches). */
function under(spec: unknown, more: unknown, want: string, path = ""): unknown {
  if (Array.isArray(spec) && Array.isArray(more)) return spec.map((item, i) => under(item, more[i] ?? more[0], want, `${path}[]`));
  if (!isPlainObject(spec) || !isPlainObject(more)) return spec;
  const out: Spec = { ...spec };
  for (const [key, value] of Object.entries(more)) {
    const at = path === "" ? key : `${path}.${key}`;
    if (leadsTo(at, want) && key in out) out[key] = under(out[key], value, want, at);
    else if (value === null) delete out[key];
    else out[key] = numbered(value);
  }
  return out;
}

/** `#` in text becomes a number of its own. */
function numbered(value: unknown): unknown {
  if (typeof value === "string") return value.replace("#", () => `h${++counter}`);
  if (Array.isArray(value)) return value.map(numbered);
  return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, numbered(v)])) : value;
}

/** The input without the fields that validate complains about; undefined where that leads nowhere. */
async function mended(kind: Kind, drawn: Spec, hints: KindHints): Promise<Spec | undefined> {
  let spec = drawn;
  for (let i = 0; i < 12; i++) {
    const errors = await problems(kind, spec);
    if (errors.length === 0) return spec;
    const keys = Object.keys(spec).filter((k) => !(k in (hints.base ?? {})));
    const blamed = keys.filter((k) => errors.some((d) => d.path?.includes(`.spec.${k}`)));
    const dropped = blamed.length > 0 ? blamed : keys.slice(-1);
    if (dropped.length === 0) return undefined;
    spec = Object.fromEntries(Object.entries(spec).filter(([k]) => !dropped.includes(k)));
  }
  return undefined;
}
