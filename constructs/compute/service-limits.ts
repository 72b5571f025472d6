/** What is measured of an ECS service, and by `rollback.metrics`: its tasks, and what the application load balancer counts of its answers. */
import type { Bindings, Metric, Value } from "../../framework/model/index.js";
import type { Exposure } from "./exposure.js";
import type { Measurements } from "./limits.js";

/** What ECS measures of a service's tasks. */
export interface Load {
  cpu: Metric;
  memory: Metric;
}

/** What a load balancer counts of its answers. */
export type Answers = NonNullable<Bindings["answers"]>;

/** Of its tasks (ECS Developer Guide, "Amazon ECS CloudWatch metrics"). */
export function loadOf(ClusterName: Value, ServiceName: Value): Load {
  const own = (name: string): Metric => ({ namespace: "AWS/ECS", name, dimensions: { ClusterName, ServiceName }, statistic: "Average" });
  return { cpu: own("CPUUtilization"), memory: own("MemoryUtilization") };
}

/** Limits on its tasks. */
export function taskMeasurements({ cpu, memory }: Load): Measurements {
  return {
    cpuPercent: { role: "rollback-cpu", metric: cpu, words: "% CPU" },
    memoryPercent: { role: "rollback-memory", metric: memory, words: "% memory" },
  };
}

/** Limits on its answers. */
export function answerMeasurements(answers: Answers): Measurements {
  return {
    errors: {
      role: "rollback-errors",
      metric: { errors: answers.errors, all: answers.requests },
      words: "% of the answers are server errors",
    },
    responseTimeMs: {
      role: "rollback-response-time",
      metric: answers.duration,
      scale: 1 / 1000,
      words: "ms for the slowest 1 % of the answers",
    },
  };
}

/** What an application load balancer counts (its guide, "CloudWatch metrics"); undefined behind another one, or none. */
export function answersOf(exposure: Exposure | undefined): Answers | undefined {
  if (exposure?.type !== "application") return undefined;
  const dimensions = { LoadBalancer: exposure.balancer.arnSuffix, TargetGroup: exposure.targetGroupSuffix };
  const served = (name: string, statistic: string): Metric => ({ namespace: "AWS/ApplicationELB", name, dimensions, statistic });
  return {
    requests: served("RequestCount", "Sum"),
    errors: served("HTTPCode_Target_5XX_Count", "Sum"),
    duration: served("TargetResponseTime", "p99"),
    unit: "seconds",
  };
}
