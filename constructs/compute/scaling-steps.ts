/** Step scaling: a policy and its alarm per metric and direction; and the first task of a service that had none. */
import type { ExpandContext, ResourceHandle } from "../../framework/model/index.js";
import { STEP_MINUTES } from "../base/autoscaling.js";
import { resource } from "../base/resource.js";
import { ofTarget } from "../base/scalable.js";
import { asAlarm, type Measured, MEASURES, type ScalingPlace, waitingForNobody } from "./scaling-metrics.js";
import type { StepMetric, StepSpec } from "./scaling-spec.js";

/** A step that has been checked. */
interface Step {
  at: number;
  by: number;
}

/** The same as AWS takes it. */
interface Adjustment {
  metricIntervalLowerBound?: string;
  metricIntervalUpperBound?: string;
  scalingAdjustment: number;
}

type Direction = keyof typeof STEP_MINUTES;

const SECTION = "scaling.autoscaling.steps";
/** A metric's part of the roles. */
const ROLES: { [M in StepMetric]: string } = {
  cpuPercent: "cpu",
  memoryPercent: "memory",
  requestsPerTarget: "requests",
  responseTimeMs: "response-time",
  queueDepth: "queue-depth",
  queueLatencySeconds: "queue-latency",
};

/** Declares them; roles `scaling-steps-<metric>-<add or remove>` and, of the alarm, `scaling-alarm-...`. */
export function takeSteps(
  ctx: ExpandContext,
  steps: readonly StepSpec[],
  target: ResourceHandle,
  place: ScalingPlace,
  cooldown: { [D in Direction]: number },
): void {
  const checked = steps.map((step, i) => check(ctx, step, `${SECTION}[${i}]`));
  for (const metric of Object.keys(ROLES) as StepMetric[])
    for (const direction of ["add", "remove"] as const) {
      const mine = steps.flatMap((s, i) => (s.metric === metric && checked[i]?.direction === direction ? [checked[i].step] : []));
      if (mine.length === 0) continue;
      reportTwice(ctx, metric, mine);
      const { of, scale = 1 } = MEASURES[metric];
      declare(ctx, `${ROLES[metric]}-${direction}`, of(place), ladder(mine, direction, scale), {
        target,
        direction,
        cooldown: cooldown[direction],
        says: `${metric} of ${ctx.address} is ${direction === "add" ? "above" : "below"} a step`,
      });
    }
}

function check(ctx: ExpandContext, { metric, above, below, add, remove }: StepSpec, path: string) {
  if (above !== undefined && add !== undefined && below === undefined && remove === undefined)
    return { direction: "add" as const, step: { at: above, by: add } };
  if (below !== undefined && remove !== undefined && above === undefined && add === undefined)
    return { direction: "remove" as const, step: { at: below, by: remove } };
  ctx.error("scaling-step", `a step of ${metric} says from where on and how many`, path, {
    expected: "above and add, or below and remove",
  });
  return undefined;
}

function reportTwice(ctx: ExpandContext, metric: StepMetric, steps: readonly Step[]): void {
  const twice = steps.find(({ at }, i) => steps.findIndex((s) => s.at === at) < i);
  if (twice) ctx.error("scaling-step-twice", `two steps of ${metric} begin at ${twice.at}`, SECTION, { expected: "one" });
}

/** Threshold of the alarm, and the steps as distances from it. */
function ladder(steps: readonly Step[], direction: Direction, scale: number) {
  const up = direction === "add";
  const sorted = [...steps].sort((a, b) => (up ? a.at - b.at : b.at - a.at));
  const first = sorted[0]?.at ?? 0;
  const distance = (step: Step | undefined): string | undefined => (step ? String(rounded((step.at - first) * scale)) : undefined);
  const adjustments = sorted.map((step, i): Adjustment => {
    const [near, far] = [distance(step), distance(sorted[i + 1])];
    const bounds = up ? { lower: near, upper: far } : { lower: far, upper: near };
    return {
      ...(bounds.lower === undefined ? {} : { metricIntervalLowerBound: bounds.lower }),
      ...(bounds.upper === undefined ? {} : { metricIntervalUpperBound: bounds.upper }),
      scalingAdjustment: up ? step.by : -step.by,
    };
  });
  return { threshold: rounded(first * scale), adjustments };
}

/** Without the dust of binary fractions. */
function rounded(value: number): number {
  return Number(value.toFixed(6));
}

function declare(
  ctx: ExpandContext,
  role: string,
  measured: Measured,
  { threshold, adjustments }: { threshold: number; adjustments: Adjustment[] },
  more: { target: ResourceHandle; direction: Direction; cooldown: number; says: string },
): void {
  const { target, direction } = more;
  const policy = resource(ctx, `scaling-steps-${role}`, "aws:appautoscaling/policy:Policy", {
    policyType: "StepScaling",
    ...ofTarget(target),
    stepScalingPolicyConfiguration: {
      adjustmentType: "ChangeInCapacity",
      cooldown: more.cooldown,
      metricAggregationType: "Average",
      stepAdjustments: adjustments,
    },
  });
  resource(ctx, `scaling-alarm-${role}`, "aws:cloudwatch/metricAlarm:MetricAlarm", {
    ...asAlarm(measured),
    comparisonOperator: direction === "add" ? "GreaterThanOrEqualToThreshold" : "LessThanOrEqualToThreshold",
    threshold,
    evaluationPeriods: STEP_MINUTES[direction],
    treatMissingData: "notBreaching",
    alarmDescription: more.says,
    alarmActions: [policy.out("arn")],
    tags: ctx.tags,
  });
}

/** Starts one task when messages wait and none runs: what is measured of tasks says nothing then. Roles `scaling-steps-first`, `scaling-alarm-first`. */
export function firstTask(ctx: ExpandContext, target: ResourceHandle, place: ScalingPlace, cooldown: number): void {
  declare(
    ctx,
    "first",
    waitingForNobody(place),
    { threshold: 1, adjustments: [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }] },
    { target, direction: "add", cooldown, says: `Messages wait for ${ctx.address}, and no task runs` },
  );
}
