/** How kinds are made: the schema types the props that expand gets. */
import { z } from "zod";
import { anything, bool, decimal, duration, group, int, listOf, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { Bindings, Expansion, ExpandContext, InfraSection, Kind, Link, Ref, Text, Told, Value } from "../../framework/model/index.js";
import { commonFields } from "./common.js";
import type { SectionOutputs } from "./sections.js";

/** Props as expand gets them: where a reference could stand, there is a value now. */
export type Expanded<T> = T extends Ref | Text
  ? Value
  : T extends readonly (infer U)[]
    ? Expanded<U>[]
    : T extends object
      ? { [K in keyof T]: Expanded<T[K]> }
      : T;

/** A kind whose functions are typed by its schema and the infra sections that it takes. */
export interface KindDefinition<S extends z.ZodObject, I extends InfraSection>
  extends Omit<Kind, "schema" | "infra" | "expand" | "finish" | "links" | "assets"> {
  /** A function makes it at its first use. */
  schema: S | (() => S);
  infra: readonly I[];
  links?(props: z.output<S> & Pick<SectionOutputs, I>): Link[];
  assets?(props: z.output<S> & Pick<SectionOutputs, I>): ReturnType<NonNullable<Kind["assets"]>>;
  expand?(props: Expanded<z.output<S> & Pick<SectionOutputs, I>>, context: ExpandContext): Expansion;
  finish?(props: Expanded<z.output<S> & Pick<SectionOutputs, I>>, told: readonly Told[], context: ExpandContext): void;
}

/**
 * Makes a Kind. A schema that is given as a function is made when it is first asked for: a stack needs those of its own kinds only, and
 * to make all of them was a tenth of a synth. Else only types are added: the value is returned as it is.
 */
export function defineKind<S extends z.ZodObject, I extends InfraSection = never>(definition: KindDefinition<S, I>): Kind {
  const { schema } = definition;
  if (typeof schema === "function") {
    let made: S | undefined;
    Object.defineProperty(definition, "schema", {
      get: () => {
        made ??= schema();
        return made;
      },
    });
  }
  return definition as unknown as Kind;
}

/** Bindings of a kind that offers nothing. */
export const NO_BINDINGS: Bindings = { grants: {}, inject: {} };

/** Makers of fields for the schema of a kind of one's own; each takes its description, and most a `.optional()` after it. */
export const fields = { anything, bool, decimal, duration, group, int, listOf, mapOf, oneOf, plainText, text };

/** The schema of a kind of one's own: these fields and those that every component has; unknown ones are errors. */
export function kindSchema<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject({ ...shape, ...commonFields });
}
