/** `deployment.rollback`: alarms on a component's own measurements, and which alarms a new version is watched by. */
import type { ExpandContext, Metric, Value, WatchSpec } from "../../framework/model/index.js";
import { errorShare, watchedMetric } from "../base/metric-alarm.js";
import { ROLLOUT_DEFAULTS } from "../base/rollout-fields.js";
import { resource } from "../base/resource.js";
import { isWatched, type MetricLimit, type RollbackSpec } from "./deployment.js";

/** What a metric of `rollback.metrics` is measured by. */
export interface Measurement {
  /** Role of its alarm. */
  role: string;
  /** One metric, or the share of errors among all, in percent. */
  metric: Metric | { errors: Metric; all: Metric };
  /** What the limit is multiplied by to be in the metric's own unit. Default 1. */
  scale?: number;
  /** `% of the answers are server errors`: what follows the limit in the alarm's description. */
  words: string;
}

/** By the word of the schema. */
export type Measurements = { readonly [metric: string]: Measurement };

/** The alarm of a limit. */
export interface LimitAlarm {
  role: string;
  name: Value;
}

/** Declares an alarm for each limit that `measurements` know. Of several limits of one metric the roles end with `-2`, `-3`. */
export function limitAlarms(ctx: ExpandContext, limits: readonly MetricLimit[], measurements: Measurements): LimitAlarm[] {
  const counts = new Map<string, number>();
  return limits.flatMap((limit) => {
    const measured = Object.hasOwn(measurements, limit.metric) ? measurements[limit.metric] : undefined;
    if (!measured) return [];
    const count = (counts.get(limit.metric) ?? 0) + 1;
    counts.set(limit.metric, count);
    const role = count === 1 ? measured.role : `${measured.role}-${count}`;
    return [{ role, name: limitAlarm(ctx, limit, { ...measured, role }) }];
  });
}

function limitAlarm(ctx: ExpandContext, limit: MetricLimit, { role, metric, scale = 1, words }: Measurement): Value {
  const minutes = forMinutes(limit);
  const measured = "errors" in metric ? { metricQueries: errorShare(metric.errors, metric.all, "error percent") } : watchedMetric(metric);
  return resource(ctx, role, "aws:cloudwatch/metricAlarm:MetricAlarm", {
    ...measured,
    evaluationPeriods: minutes,
    comparisonOperator: "GreaterThanThreshold",
    threshold: limit.above * scale,
    treatMissingData: "notBreaching",
    alarmDescription: `Rolls ${ctx.address} back: more than ${limit.above} ${words}`,
    tags: ctx.tags,
  }).out("name");
}

/** Reports limits on what this component does not measure; `able` are the words that it knows. */
export function refuseUnmeasured(ctx: ExpandContext, spec: RollbackSpec | undefined, able: readonly string[], why: string): void {
  for (const [i, { metric }] of (spec?.metrics ?? []).entries())
    if (!able.includes(metric))
      ctx.error("not-measured", `${metric} is not measured here: ${why}`, `deployment.rollback.metrics[${i}].metric`, {
        expected: able.join(" or "),
      });
}

/** What watches a new version: the alarms of the limits, and those named. Undefined where nothing does. */
export function watchOf(spec: RollbackSpec | undefined, limits: readonly LimitAlarm[]): WatchSpec | undefined {
  if (!isWatched({ rollback: spec })) return undefined;
  const named = (spec?.alarms ?? []).map((name, i) => ({ named: name, path: `deployment.rollback.alarms[${i}]` }));
  return {
    alarms: [...limits.map(({ name }) => ({ value: name })), ...named],
    minutes: Math.max(ROLLOUT_DEFAULTS.watchMinutes, longest(spec) + 1),
  };
}

/** The longest time that one of the limits needs to be seen, minutes; 0 without one. */
export function longest(spec: RollbackSpec | undefined): number {
  return Math.max(0, ...(spec?.metrics ?? []).map(forMinutes));
}

function forMinutes({ forMinutes }: MetricLimit): number {
  return forMinutes ?? ROLLOUT_DEFAULTS.forMinutes;
}
