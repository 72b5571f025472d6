/** How many tasks of a service run, and what changes that number. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
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
  scaleInCooldownSeconds?: number | undefined;
  scaleOutCooldownSeconds?: number | undefined;
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

/** Declares the scaling target and one policy per metric; roles `scaling`, `scaling-cpu`, `scaling-memory`, `scaling-requests`. */
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
}

type Configuration = { targetValue: number; predefinedMetricSpecification: { predefinedMetricType: string; resourceLabel?: Value } };

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
  const cpu = spec.targetCPUPercent ?? (out.length === 0 ? DEFAULT_CPU_TARGET : undefined);
  if (cpu !== undefined) add("scaling-cpu", cpu, "ECSServiceAverageCPUUtilization");
  return out;
}
