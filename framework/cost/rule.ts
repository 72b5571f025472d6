/** What a rule of the price estimate is. */
import type { ResourceSpec } from "../model/resource.js";
import { type RefValue, tagOf } from "../model/values.js";
import { monthly, PRICES, type PriceKey } from "./prices.js";

/** Dollars a month with the items that make them up; `unknown` when no price is known here. */
export type Estimate = { dollars: number; items: string[] } | "unknown";

/** From a resource to its estimate; `find` gives other resources of the assembly. */
export type Rule = (spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined) => Estimate;

/** The resource that a value refers to, or undefined where it is no reference, or none to a resource that `find` knows. */
export function referred(value: unknown, find: Parameters<Rule>[1]): ResourceSpec | undefined {
  return tagOf(value) === "$ref" ? find((value as RefValue).$ref.urn) : undefined;
}

/** One unit of a row. */
export const flat =
  (key: PriceKey): Rule =>
  () => ({ dollars: monthly(key), items: [PRICES[key].item] });
