/** Draws values from a schema: what is required, what leads to the wanted place, and some of the rest. */
import { z } from "zod";
import { sortOf, unwrap } from "../../../framework/model/fields.js";
import { branches, defOf, type Schema } from "../../../framework/model/schema-walk.js";
import { Ref, Text } from "../../../framework/model/values.js";
import { COMMON, GROUPS, type KindHints, WORDS } from "./hints.js";
import { fieldId, isAmount, isLeaf, leadsTo, placesIn } from "./places.js";
import type { Chance } from "./random.js";

/** What to draw. */
export interface Wish {
  /** A place that must be in the value. */
  want?: string | undefined;
  /** Probability of each optional field that does not lead there. */
  density: number;
}

const AMOUNT_FORMS: { [sort: string]: { number: number[]; text: string[] } } = {
  cpu: { number: [256, 512], text: ["256m", "0.5 vCPU", "512"] },
  memory: { number: [512, 1024], text: ["512Mi", "1Gi", "1 GB"] },
  duration: { number: [30, 45], text: ["20s", "2m", "40"] },
};

/** References that a field for text may hold: `component.output`. */
const REFERENCES = [new Ref("queue", "queueUrl"), new Ref("topic", "topicArn"), new Ref("bucket", "bucketName")];

/** Draws values of one kind. */
export class Drawer {
  private counter = 0;

  constructor(
    private readonly chance: Chance,
    private readonly hints: KindHints,
  ) {}

  /** A value of the schema. */
  value(schema: Schema, path: string, wish: Wish): unknown {
    if (isLeaf(schema)) return this.leaf(schema, path, wish);
    const given = this.givenFor(schema, path, wish);
    if (given.length > 0) return this.numbered(this.chance.pick(given));
    const options = branches(schema);
    if (options.length > 1) return this.branch(options, path, wish);
    const def = defOf(schema);
    if (def.type === "object") return this.fields(def.shape ?? {}, path, wish);
    if (def.type === "array") return [this.value(def.element as Schema, `${path}[]`, wish)];
    const key = this.chance.pick(this.hints.keys?.[path] ?? ["ALPHA", "BETA"]);
    return { [key]: this.value(def.valueType as Schema, `${path}{}`, wish) };
  }

  /** All words of a choice. */
  choices(schema: Schema): unknown[] {
    const def = defOf(schema);
    return def.type === "boolean" ? [true, false] : Object.values(def.entries ?? {});
  }

  /** Values that a leaf may have, likeliest first; all of them pass the leaf's own schema. */
  candidates(schema: Schema, path: string): unknown[] {
    const all = this.hints.values?.[path] ?? COMMON[path] ?? this.bySort(schema, path);
    return all.filter((value) => z.safeParse(schema, value).success);
  }

  /** Whole values of a group, list or map that hints and words know, as far as the wanted place is in them. */
  private givenFor(schema: Schema, path: string, { want }: Wish): readonly unknown[] {
    const own = this.hints.values?.[path] ?? COMMON[path];
    const known = own ?? groupOf(path) ?? [];
    const inside = want !== undefined && want !== path && leadsTo(path, want);
    return inside ? known.filter((value) => placesIn(schema, value, path).includes(want)) : known;
  }

  /** A copy in which `#` is a number that is never used twice. */
  private numbered(value: unknown): unknown {
    const number = ++this.counter;
    return JSON.parse(JSON.stringify(value).replaceAll("#", String(number)));
  }

  private fields(shape: Record<string, Schema>, path: string, wish: Wish): object {
    const out: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(shape)) {
      const at = fieldId(path, key);
      const required = !z.safeParse(child, undefined).success;
      if (!required && !leadsTo(at, wish.want) && !this.chance.likely(wish.density)) continue;
      try {
        out[key] = this.value(child, at, wish);
      } catch (error) {
        if (required || leadsTo(at, wish.want)) throw error;
      }
    }
    return out;
  }

  private branch(options: Schema[], path: string, wish: Wish): unknown {
    const wanted = options.findIndex((_, i) => leadsTo(`${path}|${i}`, wish.want));
    const at = wanted >= 0 ? wanted : Math.floor(this.chance.next() * options.length);
    return this.value(options[at] as Schema, `${path}|${at}`, wish);
  }

  private leaf(schema: Schema, path: string, wish: Wish): unknown {
    if (isAmount(schema)) {
      const forms = AMOUNT_FORMS[sortOf(schema) as string] as { number: number[]; text: string[] };
      const given = this.hints.values?.[path];
      const form = wish.want === `${path}|number` ? "number" : wish.want === `${path}|text` ? "text" : this.chance.pick(["number", "text"]);
      const fit = given?.filter((v) => typeof v === (form === "number" ? "number" : "string"));
      return this.chance.pick(fit?.length ? fit : forms[form as "number" | "text"]);
    }
    if (sortOf(schema) === "text" && !this.hints.values?.[path] && this.chance.likely(0.15)) return this.reference();
    const values = this.candidates(schema, path);
    if (values.length === 0) throw new Error(`nothing fits ${path}: add values for it in test/support/generate/hints.ts`);
    return this.numbered(this.chance.pick(values));
  }

  private reference(): Ref | Text {
    const ref = this.chance.pick(REFERENCES);
    return this.chance.likely(0.5) ? ref : new Text(["x-", ref, "-y"]);
  }

  /** Values by the sort of a leaf, then by the field's name. */
  usual(schema: Schema, path: string): unknown[] {
    return this.bySort(schema, path).filter((value) => z.safeParse(schema, value).success);
  }

  private bySort(schema: Schema, path: string): unknown[] {
    const def = defOf(schema);
    if (def.type === "enum") return Object.values(def.entries ?? {});
    if (def.type === "literal") return def.values ?? [];
    if (def.type === "boolean") return [true, false];
    if (def.type === "number" || def.type === "int") return numbers(schema);
    if (sortOf(schema) === "any") return [...(groupOf(path) ?? [{ note: ["a"] }, { note: ["b"], more: 1 }])];
    const [, words = []] = WORDS.find(([pattern]) => pattern.test(nameOf(path))) ?? [];
    const passing = words.filter((word) => z.safeParse(schema, word).success);
    return passing.length > 0 ? passing : WORDS.flatMap(([, all]) => all);
  }
}

/** Whole values for a field of that name, if words know some. */
function groupOf(path: string): readonly unknown[] | undefined {
  return GROUPS.find(([pattern]) => pattern.test(nameOf(path)))?.[1];
}

/** The last name of a path. */
function nameOf(path: string): string {
  return /([A-Za-z0-9_]+)(\[\]|\{\}|\|\w+)*$/.exec(path)?.[1] ?? "";
}

/** A few numbers between the schema's bounds. */
function numbers(schema: Schema): number[] {
  const { minimum = 1, maximum = minimum + 1000 } = boundsOf(schema);
  const around = [minimum, minimum + 1, minimum + 2, minimum + 5, Math.floor((minimum + maximum) / 2)];
  return [...new Set(around)].filter((n) => n <= maximum);
}

/** Bounds of a number; none where the schema has none. */
function boundsOf(schema: Schema): { minimum?: number; maximum?: number } {
  const { minValue, maxValue } = unwrap(schema) as unknown as { minValue?: number | null; maxValue?: number | null };
  return {
    ...(typeof minValue === "number" && minValue > Number.MIN_SAFE_INTEGER ? { minimum: minValue } : {}),
    ...(typeof maxValue === "number" && maxValue < Number.MAX_SAFE_INTEGER ? { maximum: maxValue } : {}),
  };
}
