/** What a service is scaled by: metrics of its tasks, of the load balancer before them, of the queues that they read. Pure. */
import type { Metric, Value } from "../../framework/model/index.js";
import { queriedMetric, watchedMetric } from "../base/metric-alarm.js";

/** Where the service is, for its metrics. */
export interface ScalingPlace {
  clusterName: Value;
  serviceName: Value;
  /** As CloudWatch names the application load balancer before it and the target group. */
  balancer?: { loadBalancer: Value; targetGroup: Value } | undefined;
  /** Names of the queues that it reads. */
  queues: readonly Value[];
}

/** One number out of one metric, or out of several by an expression over their ids. */
export interface Measured {
  /** Id, as CloudWatch wants it: begins with a lower-case letter. */
  metrics: { id: string; metric: Metric }[];
  expression?: string;
}

/** What a measure is taken from, where a component may have it or not. */
export type Source = "tasks" | "balancer" | "queues";

/** A measure by the word of the schema: where it comes from, and how many of the metric's units are one of the schema's. */
export interface Measure {
  source: Source;
  of(place: ScalingPlace): Measured;
  /** Default 1. */
  scale?: number;
}

/** How many of its dimensions' tasks report CPU in a minute: those that run (ECS Developer Guide, "Service RUNNING task count"). Without charge, and absent where none runs. */
const TASKS = "tasks";

function ofService(name: string, statistic: string) {
  return (place: ScalingPlace): Metric => ({
    namespace: "AWS/ECS",
    name,
    dimensions: { ClusterName: place.clusterName, ServiceName: place.serviceName },
    statistic,
  });
}

function ofBalancer(name: string, statistic: string) {
  return ({ balancer }: ScalingPlace): Metric => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions: { LoadBalancer: balancer?.loadBalancer ?? "", TargetGroup: balancer?.targetGroup ?? "" },
    statistic,
  });
}

function ofQueues(name: string, { queues }: ScalingPlace): Measured["metrics"] {
  return queues.map((QueueName, i) => ({
    id: `q${i + 1}`,
    metric: { namespace: "AWS/SQS", name, dimensions: { QueueName }, statistic: "Maximum" },
  }));
}

const single = (source: Source, metric: (place: ScalingPlace) => Metric, scale?: number): Measure => ({
  source,
  of: (place) => ({ metrics: [{ id: "m", metric: metric(place) }] }),
  ...(scale === undefined ? {} : { scale }),
});

const runningTasks = ofService("CPUUtilization", "SampleCount");
const sum = (all: Measured["metrics"]): string => all.map(({ id }) => id).join(" + ");

function depth(place: ScalingPlace): Measured["metrics"] {
  return ofQueues("ApproximateNumberOfMessagesVisible", place);
}

/**
 * All measures (Amazon SQS, ECS and Elastic Load Balancing, "CloudWatch metrics"). Backlog per task: Application Auto Scaling User Guide,
 * "target tracking scaling policy using metric math"; with no task it has no value.
 */
export const MEASURES = Object.freeze({
  cpuPercent: single("tasks", ofService("CPUUtilization", "Average")),
  memoryPercent: single("tasks", ofService("MemoryUtilization", "Average")),
  requestsPerTarget: single("balancer", ofBalancer("RequestCountPerTarget", "Sum")),
  responseTimeMs: single("balancer", ofBalancer("TargetResponseTime", "Average"), 0.001),
  queueDepth: {
    source: "queues",
    of(place) {
      const metrics = depth(place);
      return { metrics, ...(metrics.length > 1 ? { expression: sum(metrics) } : {}) };
    },
  } as Measure,
  queueDepthPerTask: {
    source: "queues",
    of(place) {
      const metrics = depth(place);
      return { metrics: [...metrics, { id: TASKS, metric: runningTasks(place) }], expression: `(${sum(metrics)}) / ${TASKS}` };
    },
  } as Measure,
  queueLatencySeconds: {
    source: "queues",
    of(place) {
      const metrics = ofQueues("ApproximateAgeOfOldestMessage", place);
      return { metrics, ...(metrics.length > 1 ? { expression: `MAX([${metrics.map(({ id }) => id).join(", ")}])` } : {}) };
    },
  } as Measure,
});

/** Messages that wait while no task runs, else 0. */
export function waitingForNobody(place: ScalingPlace): Measured {
  const metrics = depth(place);
  return {
    metrics: [...metrics, { id: TASKS, metric: runningTasks(place) }],
    expression: `IF(FILL(${TASKS}, 0) < 1, ${sum(metrics)}, 0)`,
  };
}

/** A measure as an alarm takes it; one sample a minute. */
export function asAlarm({ metrics, expression }: Measured) {
  const [first] = metrics;
  if (expression === undefined && first) return watchedMetric(first.metric);
  return {
    metricQueries: [{ id: "value", expression, returnData: true }, ...metrics.map(({ id, metric }) => queriedMetric(id, metric))],
  };
}

/** A measure as a target tracking policy takes it. */
export function asTarget({ metrics, expression }: Measured) {
  const [first] = metrics;
  if (expression === undefined && first) {
    const { namespace, name, statistic } = first.metric;
    const dimensions = listed(first.metric);
    return { namespace, metricName: name, statistic, ...(dimensions.length > 0 ? { dimensions } : {}) };
  }
  return {
    metrics: [
      { id: "value", expression, label: "What is held", returnData: true },
      ...metrics.map(({ id, metric }) => ({
        id,
        metricStat: {
          metric: { namespace: metric.namespace, metricName: metric.name, dimensions: listed(metric) },
          stat: metric.statistic,
        },
        returnData: false,
      })),
    ],
  };
}

function listed({ dimensions }: Metric): { name: string; value: Value }[] {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, value]) => ({ name, value }));
}
