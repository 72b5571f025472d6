/** How many tasks of a service run, and what changes that number. */
import type { ExpandContext, ResourceHandle } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { ofTarget } from "../base/scalable.js";
import { byTheClock } from "./scaling-clock.js";
import { MEASURES, type ScalingPlace } from "./scaling-metrics.js";
import { measurable, policies } from "./scaling-policies.js";
import type { AutoscalingSpec, ScalingSpec } from "./scaling-spec.js";
import { firstTask, takeSteps } from "./scaling-steps.js";

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

/** The plan; reports bounds that leave no number between them. */
export function boundedPlan(ctx: ExpandContext, spec: ScalingSpec | undefined): ScalingPlan {
  const { minReplicas: min, maxReplicas: max } = spec ?? {};
  if (min !== undefined && max !== undefined && min > max)
    ctx.error("scaling-bounds", `at least ${min} and at most ${max} tasks can't be`, "scaling.maxReplicas", { expected: `${min} or more` });
  return scalingPlan(spec);
}

/** Declares the scaling target and what moves it; roles `scaling`, `scaling-at-<name>`, those of the policies and of the steps. */
export function autoscale(ctx: ExpandContext, spec: AutoscalingSpec = {}, plan: ScalingPlan, place: ScalingPlace): void {
  const target = resource(ctx, "scaling", "aws:appautoscaling/target:Target", {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    resourceId: { $text: ["service/", place.clusterName, "/", place.serviceName] },
    minCapacity: plan.min,
    maxCapacity: plan.max,
    tags: ctx.tags,
  });
  const cooldown = {
    add: spec.scaleOutCooldownSeconds ?? DEFAULT_COOLDOWN.out,
    remove: spec.scaleInCooldownSeconds ?? DEFAULT_COOLDOWN.in,
  };
  if (!measurable(ctx, spec, place)) return;
  for (const [role, configuration] of policies(spec, place))
    resource(ctx, role, "aws:appautoscaling/policy:Policy", {
      policyType: "TargetTrackingScaling",
      ...ofTarget(target),
      targetTrackingScalingPolicyConfiguration: { ...configuration, scaleInCooldown: cooldown.remove, scaleOutCooldown: cooldown.add },
    });
  takeSteps(ctx, spec.steps ?? [], target, place, cooldown);
  if (plan.min === 0) fromNothing(ctx, spec, target, place, cooldown.add);
  const times = (spec.schedule ?? []).map(({ minReplicas: min, maxReplicas: max, ...when }) => ({ ...when, min, max }));
  byTheClock(ctx, "scaling.autoscaling.schedule", times, { min: "minReplicas", max: "maxReplicas", what: "tasks" }, target);
}

/** Says what a section comes to that would move the number of tasks but leaves it no room. */
export function noticeIdle(ctx: ExpandContext, spec: AutoscalingSpec | undefined, plan: ScalingPlan): void {
  if (plan.automatic || !spec || spec.enabled === false) return;
  const { enabled, minReplicas, maxReplicas, ...moved } = spec;
  if (Object.values(moved).some((v) => v !== undefined)) ctx.notice(`autoscaling is off, as maxReplicas is not above minReplicas`);
}

/** Without a task there is no CPU to measure: a queue, a metric of one's own or the clock must start the first. */
function fromNothing(ctx: ExpandContext, spec: AutoscalingSpec, target: ResourceHandle, place: ScalingPlace, cooldown: number): void {
  if (spec.queueDepthPerTask !== undefined || spec.queueLatencySeconds !== undefined) {
    firstTask(ctx, target, place, cooldown);
    return;
  }
  const queued = (spec.steps ?? []).some((s) => MEASURES[s.metric].source === "queues" && s.add !== undefined);
  if (queued || spec.customMetric || spec.schedule?.length) return;
  ctx.error("scaling-from-nothing", "with 0 tasks nothing is measured that would ever start one again", "scaling.minReplicas", {
    expected: "minReplicas 1, queueDepthPerTask with a queue, or a schedule",
  });
}
