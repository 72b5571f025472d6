/** Outputs: what the components give, as recorded; secrets as `[secret]`. */
import { usageError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import { requireState } from "./access.js";
import type { OperationContext } from "./context.js";
import { shownOutputs } from "./secrets-out.js";

/** Outputs by component, all or those of a selection. Throws a usage error for a service or component that has none. */
export async function stackOutputs(
  context: OperationContext,
  only: { services: string[]; components: string[] },
): Promise<{ [component: string]: { [output: string]: Json } }> {
  const { state } = await requireState(context);
  const all = shownOutputs(state);
  if (only.services.length + only.components.length === 0) return all;
  const known = Object.keys(all);
  for (const [flag, names, candidates] of [
    ["--service", only.services, [...new Set(known.map((c) => c.split("/")[0] ?? c))]],
    ["--component", only.components, known],
  ] as const) {
    for (const name of names) {
      if (candidates.some((c) => c === name || (flag === "--component" && c.endsWith(`/${name}`)))) continue;
      const guess = nearest(name, candidates);
      throw usageError("unknown-selection", `${flag} ${name}: nothing of that name is deployed${guess ? `; did you mean ${guess}?` : ""}`);
    }
  }
  const chosen = known.filter(
    (c) => only.services.includes(c.split("/")[0] ?? "") || only.components.some((n) => n === c || c.endsWith(`/${n}`)),
  );
  return Object.fromEntries(chosen.map((c) => [c, all[c] ?? {}]));
}
