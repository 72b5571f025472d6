/** Changes of single fields in inputs that pass validate: what each does to the assembly. */
import type { Kind } from "../../../framework/model/kind.js";
import { defOf } from "../../../framework/model/schema-walk.js";
import { type Case, Inputs } from "./cases.js";
import type { Drawer } from "./draw.js";
import { areSynonyms, idleReason } from "./idle-allowed.js";
import { isLeaf, type Place, placesOf } from "./places.js";
import { modelOf, type Outcome, outcomeOf, schemaOfKind, type Spec, stackOf } from "./stacks.js";

/** Drawn inputs in which a field is changed before it is said to do nothing, and inputs drawn for it alone after them. */
const CASES = 2;
const ALONE = 10;
/** Values that a field is changed to, beside being left out. */
const VALUES = 4;

/** Values of a field that give one assembly wherever they were tried. */
export interface Idle {
  field: string;
  values: string[];
}

/** Fields of a kind that can be changed without any effect; of choices, those words that can. */
export async function idleFields(kind: Kind, cases: readonly Case[]): Promise<Idle[]> {
  const inputs = new Inputs(kind, 1);
  const whole = wholes(kind);
  const drawn = new Set(cases.flatMap((c) => c.places));
  const idle: Idle[] = [];
  for (const place of placesOf(schemaOfKind(kind)).filter((p) => isField(p) && drawn.has(p.id))) {
    if (idleReason(kind.name, place.id) !== undefined) continue;
    const specs = cases.filter((c) => c.places.includes(place.id)).map((c) => c.spec);
    const found = await idleValues(inputs, place, specs.slice(0, CASES), whole);
    if (found.length > 0) idle.push({ field: place.id, values: found });
  }
  return idle;
}

/** Fields with a value of their own; groups are changed through what is in them. */
function isField({ id, schema }: Place): boolean {
  if (/\|(\d+|number|text)$/.test(id)) return false;
  return isLeaf(schema) || ["array", "record", "union"].includes(defOf(schema).type);
}

/** What comes of a spec without a change; the same spec is asked for at each of its fields. */
type Whole = (spec: Spec) => Promise<Outcome>;

function wholes(kind: Kind): Whole {
  const known = new Map<Spec, Promise<Outcome>>();
  return (spec) => {
    const found = known.get(spec) ?? outcomeOf(modelOf(stackOf(kind, [spec])));
    known.set(spec, found);
    return found;
  };
}

async function idleValues(inputs: Inputs, place: Place, drawn: readonly Spec[], whole: Whole): Promise<string[]> {
  const words = ["enum", "boolean"].includes(defOf(place.schema).type);
  const same = new Map<string, Set<string>>();
  let left: string[] = [];
  for (let i = 0; i < drawn.length + ALONE; i++) {
    const spec = drawn[i] ?? inputs.draw(place.id, i % 2 === 0 ? 0 : 0.2);
    if (i >= drawn.length && (await whole(spec)).errors.length > 0) continue;
    const made = await outcomes(inputs, spec, place, words, whole);
    if (!words && new Set(made.values()).size > 1) return [];
    for (const [value, outcome] of made) {
      const equals = [...made].flatMap(([other, its]) => (its === outcome && other !== value && !alike(other, value) ? [other] : []));
      const before = same.get(value);
      same.set(value, new Set(before ? equals.filter((e) => before.has(e)) : equals));
    }
    left = [...same].filter(([, equals]) => equals.size > 0).map(([value]) => value);
    if (words && (left.length === 0 || areSynonyms(place.id, left))) return [];
  }
  return left;
}

/** Value as JSON -> the assembly, or the problem. Of words each one is tried, of other fields also their absence. */
async function outcomes(inputs: Inputs, spec: Spec, place: Place, words: boolean, whole: Whole): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  const add = async (name: string, changed: Spec): Promise<void> => {
    const { text, errors } = await (changed === spec ? whole(spec) : outcomeOf(modelOf(stackOf(inputs.kind, [changed]))));
    if (text !== undefined || name !== "") made.set(name, text ?? `refused ${name} ${errors[0]?.message}`);
  };
  if (!words) {
    await add("the value as it is", spec);
    await add("", changedAt(spec, place.id, undefined));
  }
  for (const value of valuesFor(place, words, inputs.drawer)) {
    if (!words && new Set(made.values()).size > 1) break;
    await add(JSON.stringify(value), changedAt(spec, place.id, value));
  }
  return made;
}

function valuesFor({ id, schema }: Place, words: boolean, drawer: Drawer): unknown[] {
  if (isLeaf(schema))
    return words ? drawer.choices(schema) : [...drawer.candidates(schema, id), ...drawer.usual(schema, id)].slice(0, VALUES * 2);
  return [drawer.value(schema, id, { density: 0 }), drawer.value(schema, id, { density: 0.5 })];
}

/** Spellings of one word. */
function alike(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A copy with another value at a place; undefined takes the field away. */
export function changedAt(spec: Spec, place: string, value: unknown): Spec {
  const copy = cloned(spec) as Spec;
  const steps = place.match(/\[\]|\{\}|[^.[\]{}|]+|\|\w+/g)?.filter((s) => !s.startsWith("|")) ?? [];
  change(copy, steps, value);
  return copy;
}

/** The value at a dotted path without lists, or undefined. */
export function valueAt(spec: Spec, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? (at as Spec)[key] : undefined), spec);
}

/** A copy with a value moved from one dotted path to another; undefined if something else stands there. */
export function moved(spec: Spec, from: string, to: string): Spec | undefined {
  const copy = cloned(spec) as Spec;
  const value = valueAt(copy, from);
  const steps = to.split(".");
  const last = steps.pop() as string;
  change(copy, from.split("."), undefined);
  let at = copy;
  for (const step of steps) {
    at[step] ??= {};
    at = at[step] as Spec;
  }
  if (typeof at !== "object" || last in at) return undefined;
  at[last] = value;
  return copy;
}

/** Follows the first item that has the rest of the way; true if it was changed. */
function change(at: unknown, [step, ...rest]: readonly string[], value: unknown): boolean {
  if (typeof at !== "object" || at === null || step === undefined) return false;
  const holder = at as Spec;
  if (step === "[]" || step === "{}")
    return Object.keys(holder).some((key) => (rest.length > 0 ? change(holder[key], rest, value) : false));
  if (!(step in holder)) return false;
  if (rest.length > 0) return change(holder[step], rest, value);
  if (value === undefined) delete holder[step];
  else holder[step] = value;
  return true;
}

/** Deep, references kept. */
function cloned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloned);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cloned(v)]));
}
