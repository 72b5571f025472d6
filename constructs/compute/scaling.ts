/** How many tasks of a service run, and what changes that number. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { LoadBalancerHandle } from "../shared/load-balancer.js";

/** The `scaling` section, as far as it is built. */
export interface ScalingSpec {
  replicas?: number | undefined;
  minReplicas?: number | undefined;
  maxReplicas?: number | undefined;
  autoscaling?: AutoscalingSpec | undefined;
}

/** `scaling.autoscaling`, as far as it is built. */
export interface AutoscalingSpec {
  enabled?: boolean | undefined;
  minReplicas?: number | undefined;
  maxReplicas?: number | undefined;
  targetCPUPercent?: number | undefined;
  targetMemoryPercent?: number | undefined;
  requestsPerTarget?: number | undefined;
  customMetric?: { namespace: string; name: string; dimensions?: { [name: string]: Value } | undefined; target: number } | undefined;
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

/** Percent of CPU kept where autoscaling is on and says no target. */
export const DEFAULT_CPU_TARGET = 70;
/** Seconds between two removals, and between two additions, of tasks. */
export const DEFAULT_COOLDOWN = Object.freeze({ in: 300, out: 60 });

/** What the section comes to. */
export interface ScalingPlan {
  automatic: boolean;
  min: number;
  max: number;
  /** Tasks at first. */
  initial: number;
}

/** Autoscaling is on if `enabled`, or if that is unset and max > min; the initial count is clamped to min..max. */
export function scalingPlan(spec: ScalingSpec | undefined): ScalingPlan {
  const auto = spec?.autoscaling;
  const min = spec?.minReplicas ?? auto?.minReplicas;
  const max = spec?.maxReplicas ?? auto?.maxReplicas;
  const low = min ?? Math.min(spec?.replicas ?? 1, max ?? Number.POSITIVE_INFINITY);
  const high = Math.max(low, max ?? Math.max(spec?.replicas ?? low, low));
  const automatic = auto?.enabled ?? high > low;
  if (!automatic) return { automatic, min: low, max: high, initial: spec?.replicas ?? min ?? 1 };
  return { automatic, min: low, max: high, initial: Math.min(high, Math.max(low, spec?.replicas ?? low)) };
}

/** Where the service is, for the policies. */
export interface ScalingPlace {
  clusterName: Value;
  serviceName: Value;
  balancer?: { handle: LoadBalancerHandle; targetGroupSuffix: Value } | undefined;
}

/** Declares the scaling target and one policy per metric; roles `scaling`, `scaling-cpu`, `scaling-memory`, `scaling-requests`, `scaling-metric`, `scaling-at-<name>`. */
export function autoscale(ctx: ExpandContext, spec: AutoscalingSpec | undefined, plan: ScalingPlan, place: ScalingPlace): void {
  const target = resource(ctx, "scaling", "aws:appautoscaling/target:Target", {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: { $text: ["service/", place.clusterName, "/", place.serviceName] },
    minCapacity: plan.min,
    maxCapacity: plan.max,
    tags: ctx.tags,
  });
  for (const [role, configuration] of policies(ctx, spec ?? {}, place))
    resource(ctx, role, "aws:appautoscaling/policy:Policy", {
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.out("serviceNamespace"),
      scalableDimension: target.out("scalableDimension"),
      resourceId: target.out("resourceId"),
      targetTrackingScalingPolicyConfiguration: {
        ...configuration,
        scaleInCooldown: spec?.scaleInCooldownSeconds ?? DEFAULT_COOLDOWN.in,
        scaleOutCooldown: spec?.scaleOutCooldownSeconds ?? DEFAULT_COOLDOWN.out,
      },
    });
  byTheClock(ctx, spec?.schedule ?? [], target);
}

/** One scheduled action per time. Made again after a lost reply: it is put by its name, over what was there. */
function byTheClock(ctx: ExpandContext, schedule: readonly ScheduledLimits[], target: ResourceHandle): void {
  const seen = new Set<string>();
  for (const [i, { name, at, timezone, minReplicas, maxReplicas }] of schedule.entries()) {
    const path = `scaling.autoscaling.schedule[${i}]`;
    if (seen.has(name)) {
      ctx.error("schedule-twice", `two times of scaling are named "${name}"`, `${path}.name`);
      continue;
    }
    seen.add(name);
    if (minReplicas === undefined && maxReplicas === undefined)
      ctx.error("schedule-empty", `the time "${name}" changes nothing`, path, { expected: "minReplicas, maxReplicas or both" });
    else if (minReplicas !== undefined && maxReplicas !== undefined && minReplicas > maxReplicas)
      ctx.error("schedule-limits", `${minReplicas} tasks at least and ${maxReplicas} at most leave nothing`, `${path}.minReplicas`);
    resource(ctx, `scaling-at-${name}`, "aws:appautoscaling/scheduledAction:ScheduledAction", {
      serviceNamespace: target.out("serviceNamespace"),
      scalableDimension: target.out("scalableDimension"),
      resourceId: target.out("resourceId"),
      schedule: at,
      timezone: timezone ?? "UTC",
      scalableTargetAction: { minCapacity: minReplicas, maxCapacity: maxReplicas },
    });
  }
}

type Configuration = { targetValue: number } & (
  | { predefinedMetricSpecification: { predefinedMetricType: string; resourceLabel?: Value } }
  | {
      customizedMetricSpecification: {
        namespace: string;
        metricName: string;
        statistic: string;
        dimensions?: { name: string; value: Value }[];
      };
    }
);

function policies(ctx: ExpandContext, spec: AutoscalingSpec, place: ScalingPlace): [string, Configuration][] {
  const out: [string, Configuration][] = [];
  const add = (role: string, targetValue: number, predefinedMetricType: string, resourceLabel?: Value): void =>
    void out.push([
      role,
      { targetValue, predefinedMetricSpecification: { predefinedMetricType, ...(resourceLabel === undefined ? {} : { resourceLabel }) } },
    ]);
  if (spec.targetMemoryPercent !== undefined) add("scaling-memory", spec.targetMemoryPercent, "ECSServiceAverageMemoryUtilization");
  if (spec.requestsPerTarget !== undefined && !place.balancer)
    ctx.error(
      "needs-load-balancer",
      "requestsPerTarget is measured by the application load balancer, which this component has not",
      "scaling.autoscaling.requestsPerTarget",
      { next: "set networking.loadBalancer.enabled: true, or scale by targetCPUPercent" },
    );
  if (spec.requestsPerTarget !== undefined && place.balancer) {
    const { handle, targetGroupSuffix } = place.balancer;
    const label = { $text: [handle.arnSuffix, "/", targetGroupSuffix] };
    add("scaling-requests", spec.requestsPerTarget, "ALBRequestCountPerTarget", label);
  }
  if (spec.customMetric) out.push(["scaling-metric", customMetric(spec.customMetric)]);
  const cpu = spec.targetCPUPercent ?? (out.length === 0 ? DEFAULT_CPU_TARGET : undefined);
  if (cpu !== undefined) add("scaling-cpu", cpu, "ECSServiceAverageCPUUtilization");
  return out;
}

function customMetric({ namespace, name, dimensions, target }: NonNullable<AutoscalingSpec["customMetric"]>): Configuration {
  const listed = Object.entries(dimensions ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    targetValue: target,
    customizedMetricSpecification: {
      namespace,
      metricName: name,
      statistic: "Average",
      ...(listed.length > 0 ? { dimensions: listed.map(([key, value]) => ({ name: key, value })) } : {}),
    },
  };
}
