/** Alarms of a service, by the thresholds of the stack's Observability document. About $0.10 a month each. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { errorShare, watchedMetric } from "../base/metric-alarm.js";
import { resource } from "../base/resource.js";
import { type AlarmSettings, observabilityOf } from "./logs.js";
import type { Answers, Load } from "./service-limits.js";

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
export function serviceAlarms(ctx: ExpandContext, { load, answers }: { load: Load; answers: Answers | undefined }): void {
  const settings = alarmSettings(ctx);
  if (!settings) return;
  const common = { evaluationPeriods: 3, comparisonOperator: "GreaterThanThreshold", treatMissingData: "notBreaching", tags: ctx.tags };
  const actions = alarmActions(settings);
  const told = { ...(actions ? { alarmActions: actions, okActions: actions } : {}) };
  for (const [role, metric, threshold] of [
    ["alarm-cpu", load.cpu, settings.cpuPercent ?? ALARM_DEFAULTS.cpuPercent],
    ["alarm-memory", load.memory, settings.memoryPercent ?? ALARM_DEFAULTS.memoryPercent],
  ] as const)
    resource(ctx, role, ALARM, {
      ...common,
      ...told,
      ...watchedMetric(metric),
      threshold,
      alarmDescription: `${metric.name} of ${ctx.address} is above ${threshold} %`,
    });
  if (!answers) return;
  const percent = settings.http5xxPercent ?? ALARM_DEFAULTS.http5xxPercent;
  resource(ctx, "alarm-5xx", ALARM, {
    ...common,
    ...told,
    threshold: percent,
    alarmDescription: `More than ${percent} % of the answers of ${ctx.address} are server errors`,
    metricQueries: errorShare(answers.errors, answers.requests, "5xx percent"),
  });
  if (settings.latencyP99Ms === undefined) return;
  resource(ctx, "alarm-latency", ALARM, {
    ...common,
    ...told,
    ...watchedMetric(answers.duration),
    threshold: settings.latencyP99Ms / 1000,
    alarmDescription: `The slowest 1 % of the answers of ${ctx.address} take over ${settings.latencyP99Ms} ms`,
  });
}
