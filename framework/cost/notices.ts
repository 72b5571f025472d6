/** What a plan will cost a month, as notices. */
import { compareText } from "../base/diagnostics.js";
import { componentOf } from "../base/names.js";
import type { Assembly } from "../model/assembly.js";
import type { Plan } from "../model/plan.js";
import type { ResourceSpec } from "../model/resource.js";
import { estimate } from "./estimate.js";
import { oldestRecord } from "./prices.js";
import type { Estimate } from "./rule.js";

/** Items above this are stated, dollars a month. */
export const STATED_FROM_DOLLARS = 10;

/**
 * One notice per created, changed or replaced resource that costs over $10 a month while idle, one for the sum, and one that lists the
 * types whose price is not known here. Prices are those of us-east-1; the month of the oldest is named.
 */
export function costNotices(plan: Plan, assembly: Assembly): string[] {
  const specs = new Map(assembly.resources.map((r) => [r.urn, r]));
  const unknown = new Map<string, number>();
  const stated: StandingCost[] = [];
  let total = 0;
  for (const change of plan.changes) {
    const spec = specs.get(change.urn);
    if (!spec || change.action === "same" || change.action === "delete") continue;
    const found = estimate(spec, (urn) => specs.get(urn));
    if (found === "unknown") {
      unknown.set(spec.type, (unknown.get(spec.type) ?? 0) + 1);
      continue;
    }
    total += found.dollars;
    if (found.dollars > STATED_FROM_DOLLARS) stated.push(standing(change.component, found));
  }
  const notices = stated.sort(dearestFirst).map((s) => s.text);
  if (stated.length > 0)
    notices.push(`in all about ${money(total)} a month while idle, plus use (prices of ${oldestRecord()}, us-east-1; estimates)`);
  if (unknown.size > 0) {
    const types = [...unknown].sort(([a], [b]) => compareText(a, b)).map(([type, count]) => (count === 1 ? type : `${count} x ${type}`));
    notices.push(`price not known: ${types.join(", ")}`);
  }
  return notices;
}

/** What one resource costs a month while idle. */
export interface StandingCost {
  dollars: number;
  /** `shop/web: about $33 a month (NAT gateway)`. */
  text: string;
}

/** What the resources of an assembly cost a month while idle, as far as their prices are known: those that cost something, the dearest first. */
export function standingCosts(assembly: { resources: readonly ResourceSpec[] }): StandingCost[] {
  const specs = new Map(assembly.resources.map((r) => [r.urn, r]));
  const costs = assembly.resources.flatMap((spec) => {
    const found = estimate(spec, (urn) => specs.get(urn));
    return found === "unknown" || found.dollars === 0 ? [] : [standing(componentOf(spec.urn), found)];
  });
  return costs.sort(dearestFirst);
}

/** Their sum, dollars. */
export function monthlyCost(assembly: { resources: readonly ResourceSpec[] }): number {
  return standingCosts(assembly).reduce((sum, { dollars }) => sum + dollars, 0);
}

function standing(component: string, { dollars, items }: Exclude<Estimate, "unknown">): StandingCost {
  return { dollars, text: `${component}: about ${money(dollars)} a month (${items.join(", ")})` };
}

const dearestFirst = (a: StandingCost, b: StandingCost): number => b.dollars - a.dollars || compareText(a.text, b.text);

/** Whole dollars. */
function money(dollars: number): string {
  return `$${Math.round(dollars).toLocaleString("en-US")}`;
}
