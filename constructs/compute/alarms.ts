/** Alarms of a service, by the thresholds of the stack's Observability document. About $0.10 a month each. */
import type { ExpandContext, Metric, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { type AlarmSettings, observabilityOf } from "./logs.js";

/** Thresholds where alarms are on and say nothing. Percent. */
export const ALARM_DEFAULTS = Object.freeze({ cpuPercent: 85, memoryPercent: 85, http5xxPercent: 5 });

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** Alarm settings if alarms are on, else undefined. */
export function alarmSettings(ctx: Pick<ExpandContext, "infra">): AlarmSettings | undefined {
  const alarms = observabilityOf(ctx).alarms;
  return alarms && alarms.enabled !== false ? alarms : undefined;
}

/** Whom an alarm tells: the topic's ARN, or the topic of that name, looked up. */
export function alarmActions(settings: AlarmSettings): Value[] | undefined {
  const topic = settings.snsTopic;
  if (topic === undefined) return undefined;
  if (typeof topic !== "string" || topic.startsWith("arn:")) return [topic];
  return [{ $lookup: { token: "aws:sns/getTopic:getTopic", args: { name: topic }, output: "arn" } }];
}

/** Declares the alarms of an ECS service; roles `alarm-cpu`, `alarm-memory`, and behind an application load balancer `alarm-5xx`, `alarm-latency`. */
export function serviceAlarms(
  ctx: ExpandContext,
  place: { clusterName: Value; serviceName: Value; balancer?: { loadBalancer: Value; targetGroup: Value } | undefined },
): void {
  const settings = alarmSettings(ctx);
  if (!settings) return;
  const common = { evaluationPeriods: 3, comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching", tags: ctx.tags };
  const actions = alarmActions(settings);
  const told = { ...(actions ? { alarmActions: actions, okActions: actions } : {}) };
  const dimensions = { ClusterName: place.clusterName, ServiceName: place.serviceName };
  for (const [role, metricName, threshold] of [
    ["alarm-cpu", "CPUUtilization", settings.cpuPercent ?? ALARM_DEFAULTS.cpuPercent],
    ["alarm-memory", "MemoryUtilization", settings.memoryPercent ?? ALARM_DEFAULTS.memoryPercent],
  ] as const)
    resource(ctx, role, ALARM, {
      ...common,
      ...told,
      namespace: "AWS/ECS",
      metricName,
      dimensions,
      statistic: "Average",
      period: 60,
      threshold,
      alarmDescription: `${metricName} of ${ctx.address} is above ${threshold} %`,
    });
  if (!place.balancer) return;
  const target = { LoadBalancer: place.balancer.loadBalancer, TargetGroup: place.balancer.targetGroup };
  const percent = settings.http5xxPercent ?? ALARM_DEFAULTS.http5xxPercent;
  const counted = (name: string): Metric => ({ namespace: "AWS/ApplicationELB", name, dimensions: target, statistic: "Sum" });
  resource(ctx, "alarm-5xx", ALARM, {
    ...common,
    ...told,
    threshold: percent,
    alarmDescription: `More than ${percent} % of the answers of ${ctx.address} are server errors`,
    metricQueries: errorShare(counted("HTTPCode_Target_5XX_Count"), counted("RequestCount"), "5xx percent"),
  });
  if (settings.latencyP99Ms === undefined) return;
  resource(ctx, "alarm-latency", ALARM, {
    ...common,
    ...told,
    namespace: "AWS/ApplicationELB",
    metricName: "TargetResponseTime",
    dimensions: target,
    extendedStatistic: "p99",
    period: 60,
    threshold: settings.latencyP99Ms / 1000,
    alarmDescription: `The slowest 1 % of the answers of ${ctx.address} take over ${settings.latencyP99Ms} ms`,
  });
}

/** What share of all that is counted in a minute are errors, percent, as an alarm takes it. */
export function errorShare(errors: Metric, all: Metric, label: string) {
  const count = (id: string, { namespace, name, dimensions }: Metric) => ({
    id,
    metric: { namespace, metricName: name, dimensions, period: 60, stat: "Sum" },
  });
  return [
    { id: "share", expression: "100 * FILL(errors, 0) / requests", label, returnData: true },
    count("errors", errors),
    count("requests", all),
  ];
}
