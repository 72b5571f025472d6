/** The dashboard of a stack: a row for each component that is measured. Three are free, then $3 a month each (us-east-1, 2026-11). */
import type { ExpandContext, StackComponent } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { metricRow } from "./widgets.js";

/** Declares it, role `dashboard`; none where nothing is measured. */
export function stackDashboard(components: readonly StackComponent[], ctx: ExpandContext): void {
  const measured = components.filter((c) => c.bindings?.metrics?.length);
  if (measured.length === 0) return;
  const widgets = measured.flatMap(({ address, bindings }, row) => metricRow(ctx, address, bindings?.metrics ?? [], row));
  resource(ctx, "dashboard", "aws:cloudwatch/dashboard:Dashboard", { dashboardName: undefined, dashboardBody: { $json: { widgets } } });
}
