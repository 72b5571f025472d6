/** Metrics as the resource of an alarm takes them (CloudWatch API reference, PutMetricAlarm). */
import type { Metric } from "../../framework/model/index.js";

/** The one that it watches; `period` in seconds. Percentiles (`p99`) have a property of their own. */
export function watchedMetric({ namespace, name, dimensions, statistic }: Metric, period = 60) {
  const by = statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic };
  return { namespace, metricName: name, dimensions, ...by, period };
}

/** One that an expression knows by its `id`; `period` in seconds. */
export function queriedMetric(id: string, { namespace, name, dimensions, statistic }: Metric, period = 60) {
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
