/** What a rule of the price estimate is. */
import type { ResourceSpec } from "../model/resource.js";
import { monthly, PRICES, type PriceKey } from "./prices.js";

/** Dollars a month with the items that make them up; `unknown` when no price is known here. */
export type Estimate = { dollars: number; items: string[] } | "unknown";

/** From a resource to its estimate; `find` gives other resources of the assembly. */
export type Rule = (spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined) => Estimate;

/** One unit of a row. */
export const flat =
  (key: PriceKey): Rule =>
  () => ({ dollars: monthly(key), items: [PRICES[key].item] });
