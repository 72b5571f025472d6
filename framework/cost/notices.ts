/** What a plan will cost a month, as notices. */
import { compareText } from "../base/diagnostics.js";
import type { Assembly } from "../model/assembly.js";
import type { Plan } from "../model/plan.js";
import type { ResourceSpec } from "../model/resource.js";
import { estimate } from "./estimate.js";
import { oldestRecord } from "./prices.js";

/** Items above this are stated, dollars a month. */
export const STATED_FROM_DOLLARS = 10;

/**
 * One notice per created, changed or replaced resource that costs over $10 a month while idle, one for the sum, and one that lists the
 * types whose price is not known here. Prices are those of us-east-1; the month of the oldest is named.
 */
export function costNotices(plan: Plan, assembly: Assembly): string[] {
  const specs = new Map(assembly.resources.map((r) => [r.urn, r]));
  const unknown = new Map<string, number>();
  const stated: { text: string; dollars: number }[] = [];
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
    if (found.dollars <= STATED_FROM_DOLLARS) continue;
    stated.push({ text: `${change.component}: about ${money(found.dollars)} a month (${found.items.join(", ")})`, dollars: found.dollars });
  }
  const notices = stated.sort((a, b) => b.dollars - a.dollars || compareText(a.text, b.text)).map((s) => s.text);
  if (stated.length > 0)
    notices.push(`in all about ${money(total)} a month while idle, plus use (prices of ${oldestRecord()}, us-east-1; estimates)`);
  if (unknown.size > 0) {
    const types = [...unknown].sort(([a], [b]) => compareText(a, b)).map(([type, count]) => (count === 1 ? type : `${count} x ${type}`));
    notices.push(`price not known: ${types.join(", ")}`);
  }
  return notices;
}

/** What all resources of an assembly cost a month while idle, dollars, as far as their prices are known. */
export function monthlyCost(assembly: { resources: readonly ResourceSpec[] }): number {
  const specs = new Map(assembly.resources.map((r) => [r.urn, r]));
  return assembly.resources.reduce((sum, spec) => {
    const found = estimate(spec, (urn) => specs.get(urn));
    return found === "unknown" ? sum : sum + found.dollars;
  }, 0);
}

/** Whole dollars. */
function money(dollars: number): string {
  return `$${Math.round(dollars).toLocaleString("en-US")}`;
}
