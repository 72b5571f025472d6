/** Graphs of a CloudWatch dashboard. */
import type { ExpandContext, Metric, Value } from "../../framework/model/index.js";
import { MINUTE } from "../base/metrics.js";

/** Columns of CloudWatch's grid, and the height of a widget in its units (CloudWatch API reference, "Dashboard body structure"). */
const GRID = Object.freeze({ columns: 24, height: 6 });

/** A row of graphs, one per metric, side by side; `row` counts from 0. */
export function metricRow(ctx: ExpandContext, address: string, metrics: readonly Metric[], row: number): Value[] {
  const width = Math.floor(GRID.columns / Math.max(1, metrics.length));
  return metrics.map((metric, i): Value => graph(ctx, `${address} ${metric.name}`, metric, { x: i * width, y: row * GRID.height, width }));
}

function graph(ctx: ExpandContext, title: string, metric: Metric, place: { x: number; y: number; width: number }): Value {
  return {
    type: "metric",
    ...place,
    height: GRID.height,
    properties: {
      title,
      region: ctx.regionValue,
      view: "timeSeries",
      stat: metric.statistic,
      period: metric.period ?? MINUTE,
      metrics: [[metric.namespace, metric.name, ...Object.entries(metric.dimensions).flat()]],
    },
  };
}
