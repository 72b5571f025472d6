/** What CloudWatch measures of a component, as its kind says it. */
import type { Metric } from "../../framework/model/index.js";

/** CloudWatch counts most things each minute. */
export const MINUTE = 60;

/**
 * Metrics of one namespace and of the same dimensions, by name with their statistic; the first is what an alarm watches unless told otherwise.
 * `period`: seconds, where they are counted more seldom than each minute.
 */
export function metricsOf(
  namespace: string,
  dimensions: Metric["dimensions"],
  statistics: { [name: string]: string },
  period?: number,
): Metric[] {
  return Object.entries(statistics).map(([name, statistic]) => ({
    namespace,
    name,
    dimensions,
    statistic,
    ...(period === undefined ? {} : { period }),
  }));
}
