/**
 * Alarm: tells someone when a metric of a component, or any other metric, is beyond a threshold. $0.10 a month (us-east-1, 2026-11).
 *
 *   new Alarm(service, "backlog", { component: "jobs", threshold: 1000, notify: oncall.topicArn });
 */
import { z } from "zod";
import { group, int, decimal, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import { type BoundTarget, type ExpandContext, isRef, type Link, type Metric, type Ref, type Value } from "../../framework/model/index.js";
import { nearest } from "../../framework/base/nearest.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component } from "../base/component.js";
import { defineKind, type Expanded, NO_BINDINGS } from "../base/kind.js";
import { watchedMetric } from "../base/metric-alarm.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { targetOf } from "../base/target-of.js";
import { announce } from "../messaging/receivers.js";
import { alarmActions, alarmSettings } from "../compute/alarms.js";

/** Spellings of a comparison -> CloudWatch's name. */
const COMPARISONS = {
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
  "<": "LessThanThreshold",
  "<=": "LessThanOrEqualToThreshold",
} as const;

const schema = () =>
  z.strictObject({
    component: plainText("The component that is watched: by the first metric that its kind offers, or by metric.name.").optional(),
    metric: group(
      {
        namespace: plainText("Namespace, such as AWS/SQS; without a component it must be said.", { min: 1, max: 255 }).optional(),
        name: plainText("Name of the metric, such as ApproximateAgeOfOldestMessage.", { min: 1, max: 255 }),
        dimensions: mapOf(text("The value."), "Dimensions; with a component those of the component.").optional(),
      },
      "The metric that is watched.",
    ).optional(),
    threshold: decimal("The value that the metric is compared with, in the metric's own unit."),
    comparison: oneOf([">", ">=", "<", "<="], "How the metric stands to the threshold when the alarm is raised.", {
      default: ">",
    }).optional(),
    periodSeconds: int("Time that one sample covers; a multiple of 60.", 60, 86_400, { unit: "seconds", default: 60 })
      .multipleOf(60)
      .optional(),
    evaluationPeriods: int("Samples in a row that must be beyond the threshold.", 1, 1440, { default: 1 }).optional(),
    statistic: plainText(
      "How a sample sums up what happened in it: Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p99.",
      {
        pattern: /^(Average|Sum|Minimum|Maximum|SampleCount|p(\d{1,2}(\.\d{1,2})?|100))$/,
        expected: "Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p99",
        default: "the metric's own",
      },
    ).optional(),
    notify: text("Whom to tell: an SNS component, a topic's ARN, or the name of an existing topic.", {
      default: "Observability.alarms.snsTopic",
    }).optional(),
    ...commonFields,
  });

/** Props of {@link Alarm}. */
export interface AlarmProps extends PropsOf<ReturnType<typeof schema>> {}

/** An alarm on one metric. */
export class Alarm extends Component {
  constructor(service: Service, name: string, props: AlarmProps) {
    super("Alarm", service, name, props);
  }
  /** ARN of the alarm. */
  get alarmArn(): Ref {
    return this.output("alarmArn");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** Kind `Alarm`. */
export const alarmKind = defineKind({
  name: "Alarm",
  group: "components",
  summary: "Tells someone when a metric is beyond a threshold.",
  schema,
  infra: [],
  outputs: { alarmArn: "ARN of the alarm." },
  stateful: false,
  links(props) {
    const links: Link[] = [];
    if (props.component !== undefined) links.push({ component: props.component, path: "component", orderOnly: true });
    const named = isRef(props.notify) ? props.notify.component : props.notify;
    // The policy of the topic's key names the alarm.
    if (typeof named === "string") links.push({ component: named, path: "notify", optional: true, orderOnly: true, late: "back" });
    return links;
  },
  expand(props, ctx) {
    const metric = watched(props, ctx);
    const periods = props.evaluationPeriods ?? 1;
    const actions = told(props, ctx);
    const alarm = resource(ctx, undefined, "aws:cloudwatch/metricAlarm:MetricAlarm", {
      ...watchedMetric({ ...metric, statistic: props.statistic ?? metric.statistic }, props.periodSeconds),
      evaluationPeriods: periods,
      comparisonOperator: COMPARISONS[props.comparison ?? ">"],
      threshold: props.threshold,
      treatMissingData: "notBreaching",
      alarmDescription: `${metric.name} of ${props.component ?? metric.namespace} is ${props.comparison ?? ">"} ${props.threshold}`,
      alarmActions: actions,
      okActions: actions,
      tags: ctx.tags,
    });
    const topic = targetOf(ctx, props.notify, "topicArn");
    if (topic) announce(ctx, topic.address, "cloudwatch", alarm.out("arn"));
    return { outputs: { alarmArn: alarm.out("arn") }, bindings: { ...NO_BINDINGS, alarm: alarm.out("name") } };
  },
});

const NOTHING: Metric = { namespace: "", name: "", dimensions: {}, statistic: "Average" };

/** The metric that the props mean; reports what they leave open. */
function watched(props: Props, ctx: ExpandContext): Metric {
  if (props.component === undefined) return ownMetric(props, ctx);
  const offered = ctx.target(props.component)?.bindings?.metrics ?? [];
  const [first] = offered;
  if (!first) {
    if (props.metric?.namespace !== undefined) return ownMetric(props, ctx);
    ctx.error("no-metrics", `the component "${props.component}" offers no metrics`, "component", {
      expected: "metric, with its namespace",
    });
    return NOTHING;
  }
  const { metric } = props;
  if (!metric) return first;
  const { namespace, dimensions } = metric;
  if (namespace !== undefined) return { ...first, name: metric.name, namespace, dimensions: dimensions ?? first.dimensions };
  const found = offered.find((m) => m.name === metric.name);
  if (!found) {
    const names = offered.map((m) => m.name);
    const suggestion = nearest(metric.name, names);
    ctx.error("unknown-metric", `the component "${props.component}" offers no metric "${metric.name}"`, "metric.name", {
      expected: `${names.join(", ")}, or a metric.namespace`,
      ...(suggestion ? { suggestion } : {}),
    });
    return first;
  }
  return dimensions ? { ...found, dimensions } : found;
}

function ownMetric({ metric }: Props, ctx: ExpandContext): Metric {
  if (metric?.namespace === undefined) {
    ctx.error("no-metric", "an alarm watches a component or a metric", metric ? "metric.namespace" : "component", {
      expected: "component, or metric with namespace and name",
    });
    return NOTHING;
  }
  return { namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions ?? {}, statistic: "Average" };
}

/** Whom the alarm tells: `notify`, else the topic of the stack's Observability document. */
function told(props: Props, ctx: ExpandContext): Value[] | undefined {
  if (props.notify === undefined) {
    const settings = alarmSettings(ctx);
    return settings && alarmActions(settings);
  }
  const target = targetOf(ctx, props.notify, "topicArn");
  if (!target) return alarmActions({ snsTopic: props.notify });
  return toldComponent(target, ctx);
}

function toldComponent(target: BoundTarget, ctx: ExpandContext): Value[] | undefined {
  const notify = target.bindings?.notify;
  if (!notify) {
    ctx.error("cannot-notify", `${target.address} can't be told by an alarm`, "notify", { expected: "an SNS component, or a topic's ARN" });
    return undefined;
  }
  if (notify.closed) ctx.error("cannot-notify", `an alarm can't tell ${target.address}: ${notify.closed}`, "notify");
  return [notify.arn];
}
