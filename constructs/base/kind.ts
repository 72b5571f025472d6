/** How kinds are made: the schema types the props that expand gets. */
import type { z } from "zod";
import type { Bindings, Expansion, ExpandContext, InfraSection, Kind, Link, Ref, Text, Told, Value } from "../../framework/model/index.js";
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
  schema: S;
  infra: readonly I[];
  links?(props: z.output<S> & Pick<SectionOutputs, I>): Link[];
  assets?(props: z.output<S> & Pick<SectionOutputs, I>): ReturnType<NonNullable<Kind["assets"]>>;
  expand?(props: Expanded<z.output<S> & Pick<SectionOutputs, I>>, context: ExpandContext): Expansion;
  finish?(props: Expanded<z.output<S> & Pick<SectionOutputs, I>>, told: readonly Told[], context: ExpandContext): void;
}

/** Makes a Kind. Only types are added: the value is returned as it is. */
export function defineKind<S extends z.ZodObject, I extends InfraSection = never>(definition: KindDefinition<S, I>): Kind {
  return definition as unknown as Kind;
}

/** Bindings of a kind that offers nothing. */
export const NO_BINDINGS: Bindings = { grants: {}, inject: {} };
