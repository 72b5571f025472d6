/** Show: one component as it stands. */
import { compareText } from "../base/diagnostics.js";
import { PankaError } from "../base/errors.js";
import { componentOf, meansComponent, parseUrn } from "../base/names.js";
import { ComponentNames } from "../model/component-names.js";
import { requireState } from "./access.js";
import type { OperationContext } from "./context.js";
import { shownOutputs } from "./secrets-out.js";
import type { ComponentView } from "./status.js";

/** The component of a name (`service/component`, or the bare name where it is unique). Throws PankaError `unknown-component` with the nearest name. */
export async function showComponent(context: OperationContext, name: string): Promise<ComponentView> {
  const { state } = await requireState(context);
  const urns = Object.keys(state.resources);
  const known = [...new Set(urns.map((key) => componentOf(key.split("#")[0] ?? key)))].sort();
  const matches = known.filter((c) => meansComponent(name, c));
  const component = matches[0];
  if (matches.length !== 1 || component === undefined) {
    const guess = new ComponentNames(known).nearest(name);
    const why =
      matches.length > 1 ? `is in several services: ${matches.join(", ")}` : `is not deployed${guess ? `; did you mean ${guess}?` : ""}`;
    throw new PankaError("unknown-component", `${name} ${why}`, { exitCode: 2, next: "panka status" });
  }
  const resources = urns
    .filter((key) => componentOf(key.split("#")[0] ?? key) === component)
    .sort(compareText)
    .map((key) => {
      const r = state.resources[key];
      const urn = key.split("#")[0] ?? key;
      return {
        urn: key,
        type: r?.type ?? "",
        role: parseUrn(urn).role ?? null,
        id: r?.id ?? "",
        status: r?.status ?? "ok",
        protected: r?.protect ?? false,
      };
    });
  const needs = resources.flatMap((r) => state.resources[r.urn]?.dependsOn ?? []).map((key) => componentOf(key.split("#")[0] ?? key));
  return {
    component,
    resources,
    needs: [...new Set(needs)].filter((c) => c !== component).sort(),
    outputs: shownOutputs(state)[component] ?? {},
  };
}
