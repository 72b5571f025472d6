/** The `scaling` section as it reaches expand. */
import type { Value } from "../../framework/model/index.js";
import type { STEP_METRICS } from "../base/autoscaling.js";

/** The `scaling` section. */
export interface ScalingSpec {
  replicas?: number | undefined;
  minReplicas?: number | undefined;
  maxReplicas?: number | undefined;
  autoscaling?: AutoscalingSpec | undefined;
}

/** `scaling.autoscaling`. */
export interface AutoscalingSpec {
  enabled?: boolean | undefined;
  minReplicas?: number | undefined;
  maxReplicas?: number | undefined;
  targetCPUPercent?: number | undefined;
  targetMemoryPercent?: number | undefined;
  requestsPerTarget?: number | undefined;
  targetResponseTimeMs?: number | undefined;
  queueDepthPerTask?: number | undefined;
  queueLatencySeconds?: number | undefined;
  customMetric?: { namespace: string; name: string; dimensions?: { [name: string]: Value } | undefined; target: number } | undefined;
  steps?: readonly StepSpec[] | undefined;
  schedule?: readonly ScheduledLimits[] | undefined;
  scaleInCooldownSeconds?: number | undefined;
  scaleOutCooldownSeconds?: number | undefined;
}

/** Limits that hold from a time on. */
export interface ScheduledLimits {
  name: string;
  at: string;
  timezone?: string | undefined;
  minReplicas?: number | undefined;
  maxReplicas?: number | undefined;
}

/** What steps are taken by. */
export type StepMetric = (typeof STEP_METRICS)[number];

/** One step as written. */
export interface StepSpec {
  metric: StepMetric;
  above?: number | undefined;
  below?: number | undefined;
  add?: number | undefined;
  remove?: number | undefined;
}
