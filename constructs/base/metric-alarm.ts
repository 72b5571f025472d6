/** Metrics as the resource of an alarm takes them (CloudWatch API reference, PutMetricAlarm). */
import type { Metric } from "../../framework/model/index.js";
import { MINUTE } from "./metrics.js";

/** The one that it watches; `every` in seconds, default: as often as it is counted. Percentiles (`p99`) have a property of their own. */
export function watchedMetric({ namespace, name, dimensions, statistic, period = MINUTE }: Metric, every = period) {
  const by = statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic };
  return { namespace, metricName: name, dimensions, ...by, period: every };
}

/** One that an expression knows by its `id`; `period` in seconds. */
export function queriedMetric(id: string, { namespace, name, dimensions, statistic }: Metric, period = MINUTE) {
  return { id, metric: { namespace, metricName: name, dimensions, period, stat: statistic } };
}

/** What share of all that is counted in a minute are errors, percent, as an expression. */
export function errorShare(errors: Metric, all: Metric, label: string) {
  return [
    { id: "share", expression: "100 * FILL(errors, 0) / requests", label, returnData: true },
    queriedMetric("errors", errors),
    queriedMetric("requests", all),
  ];
}
