/**
 * Fields: the few sorts of property that documents are made of. From one schema built of them come the TypeScript type, the check of
 * YAML, the JSON Schema for editors and the reference page. Every field takes its description first; unit and default are metadata.
 * Schemas transform nothing: what is checked is what was written.
 */
import { z } from "zod";
import { isRef, isText, type Ref, type Text } from "./values.js";

/** Where references make sense: a literal, `db.endpoint`, or text with references in it. */
export type TextInput = string | Ref | Text;

/** What a field says about itself beside its schema. */
export interface FieldNotes {
  /** What holds when it is left out, in the words of the reference page. */
  default?: string | number | boolean;
  /** `seconds`, `GiB`. */
  unit?: string;
  /** Of lists: two items may have one `name` or `id`. */
  sameNames?: true;
}

/** Sorts of field, for walkers that must know what text or number is due. */
export type FieldSort = "text" | "plain-text" | "integer" | "number" | "boolean" | "choice" | "cpu" | "memory" | "duration" | "any";

const SORT = "panka";

/** Notes about a schema that was just made. (`schema.meta()` would make a copy first: a third of the time of making all schemas.) */
function noted<S extends z.ZodType>(schema: S, description: string, sort: FieldSort | undefined, notes: FieldNotes = {}): S {
  const { default: standard, unit, sameNames } = notes;
  z.globalRegistry.add(schema, {
    description,
    ...(sort ? { [SORT]: sort } : {}),
    ...(standard === undefined ? {} : { standard }),
    ...(unit ? { unit } : {}),
    ...(sameNames ? { sameNames } : {}),
  });
  return schema;
}

/** Text in which references may stand. */
export function text(description: string, notes?: FieldNotes) {
  const check = (v: unknown): boolean => typeof v === "string" || isRef(v) || isText(v);
  return noted(
    z.custom<TextInput>(check, { error: (issue) => (issue.input === undefined ? "is missing" : "expected text") }),
    description,
    "text",
    notes,
  );
}

/** Literal text: names, types, patterns. `pattern` comes with words for what it wants. */
export function plainText(
  description: string,
  notes: FieldNotes & { min?: number; max?: number; pattern?: RegExp; expected?: string } = {},
) {
  let schema = z.string();
  if (notes.min !== undefined) schema = schema.min(notes.min);
  if (notes.max !== undefined) schema = schema.max(notes.max);
  if (notes.pattern) schema = schema.regex(notes.pattern, notes.expected ? { error: `expected ${notes.expected}` } : undefined);
  return noted(schema, description, "plain-text", notes);
}

/** A whole number in min..max, both included. */
export function int(description: string, min?: number, max?: number, notes?: FieldNotes) {
  return noted(z.int().check(...range(min, max)), description, "integer", notes);
}

/** A number in min..max, both included. */
export function decimal(description: string, min?: number, max?: number, notes?: FieldNotes) {
  return noted(z.number().check(...range(min, max)), description, "number", notes);
}

function range(min: number | undefined, max: number | undefined): z.core.$ZodCheck<number>[] {
  return [...(min === undefined ? [] : [z.gte(min)]), ...(max === undefined ? [] : [z.lte(max)])];
}

/** true or false. */
export function bool(description: string, notes?: FieldNotes) {
  return noted(z.boolean(), description, "boolean", notes);
}

/** One of a few words. */
export function oneOf<const T extends readonly [string, ...string[]]>(choices: T, description: string, notes?: FieldNotes) {
  return noted(z.enum(choices), description, "choice", notes);
}

/** CPU: units (`256`), millicores (`256m`) or vCPU (`0.25 vCPU`). */
export function cpu(description: string, notes?: FieldNotes) {
  return amount(description, "cpu", /^\s*\d+(\.\d+)?\s*(m|vcpu)?\s*$/i, "CPU units (256), millicores (256m) or vCPU (0.25 vCPU)", notes);
}

/** Memory: MiB (`512`), `512Mi`, `1Gi`, `0.5 GB`. */
export function memory(description: string, notes?: FieldNotes) {
  return amount(description, "memory", /^\s*\d+(\.\d+)?\s*(mi|mib|mb|m|gi|gib|gb|g)?\s*$/i, "MiB (512), 512Mi, 1Gi or 0.5 GB", notes);
}

/** A duration: seconds (`30`), `30s`, `5m`, `2h`, `1d`. */
export function duration(description: string, notes?: FieldNotes) {
  return amount(description, "duration", /^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)?\s*$/i, "seconds (30), 30s, 5m, 2h or 1d", notes);
}

function amount(description: string, sort: FieldSort, pattern: RegExp, expected: string, notes?: FieldNotes) {
  const check = (v: number | string): boolean => (typeof v === "number" ? Number.isFinite(v) && v > 0 : pattern.test(v));
  return noted(z.union([z.number(), z.string()]).refine(check, { error: `expected ${expected}` }), description, sort, notes);
}

/** A map from a user's own keys. */
export function mapOf<S extends z.ZodType>(value: S, description: string, notes?: FieldNotes) {
  return noted(z.record(z.string(), value), description, undefined, notes);
}

/** A list. */
export function listOf<S extends z.ZodType>(item: S, description: string, notes?: FieldNotes) {
  return noted(z.array(item), description, undefined, notes);
}

/** Fields that belong together; unknown ones are errors. */
export function group<S extends z.ZodRawShape>(shape: S, description: string, notes?: FieldNotes) {
  return noted(z.strictObject(shape), description, undefined, notes);
}

/** JSON of any shape, references allowed anywhere. */
export type AnyInput =
  | null
  | boolean
  | number
  | string
  | Ref
  | Text
  | readonly AnyInput[]
  | { readonly [key: string]: AnyInput | undefined };

/** JSON of any shape, references allowed anywhere: policies, event patterns, a resource's own properties. */
export function anything(description: string, notes?: FieldNotes) {
  return noted(
    z.custom<AnyInput>((v) => v !== undefined && typeof v !== "function" && typeof v !== "symbol" && typeof v !== "bigint"),
    description,
    "any",
    notes,
  );
}

/** The schema without optional, nullable and default wrappers. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  for (;;) {
    const def = inner._zod.def as z.core.$ZodTypeDef & { innerType?: z.core.$ZodType };
    if (!def.innerType) return inner;
    inner = def.innerType;
  }
}

/** The sort that a field was made as; undefined for objects, lists, maps and schemas not made here. */
export function sortOf(schema: z.core.$ZodType): FieldSort | undefined {
  return z.globalRegistry.get(unwrap(schema))?.[SORT] as FieldSort | undefined;
}

/** True for a list that was made with `sameNames`. */
export function allowsSameNames(schema: z.core.$ZodType): boolean {
  return z.globalRegistry.get(unwrap(schema))?.["sameNames"] === true;
}
