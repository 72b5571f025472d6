/**
 * The alias `live`, and instances of a function that are kept ready behind it (provisioned concurrency). Both go by published versions: the
 * function publishes one at each change, and the alias follows; all that calls the function calls the alias.
 */
import { group, int, listOf } from "../../framework/model/fields.js";
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { scalingTime } from "../base/autoscaling.js";
import { resource } from "../base/resource.js";
import { ofTarget } from "../base/scalable.js";
import { byTheClock, type Clocked } from "./scaling-clock.js";

/** Name of the alias. */
const LIVE = "live";
/** Use of the ready instances that is aimed at, percent (Lambda Developer Guide, "Managing provisioned concurrency with Application Auto Scaling"). */
const DEFAULT_TARGET = 70;

const instances = (description: string, min = 0) => int(description, min, 100_000, { unit: "instances" });

/** Field `provisionedConcurrency`. */
export const provisionedConcurrency = group(
  {
    instances: instances("Kept ready: they answer at once, without a cold start; fewest where their number is scaled.", 1),
    maxInstances: instances("Most; above `instances` their number follows the use of those that are ready.", 1).optional(),
    targetPercent: int("Share of the ready instances in use that is aimed at, where their number is scaled.", 10, 90, {
      unit: "percent",
      default: DEFAULT_TARGET,
    }).optional(),
    schedule: listOf(
      group(
        {
          ...scalingTime,
          instances: instances("Fewest from then on; 0 keeps none ready.").optional(),
          maxInstances: instances("Most from then on.").optional(),
        },
        "One time at which the numbers change.",
      ),
      "Numbers that hold from a time on, until the next one.",
    ).optional(),
  },
  "Instances that are kept ready. Each costs whether it works or not, about $5.50 a month for 512 MiB (us-east-1), and a change of the function takes minutes longer.",
);

/** The field as expand gets it. */
export interface ReadySpec {
  instances: number;
  maxInstances?: number | undefined;
  targetPercent?: number | undefined;
  schedule?:
    | readonly (Pick<Clocked, "name" | "at" | "timezone"> & { instances?: number | undefined; maxInstances?: number | undefined })[]
    | undefined;
}

/** The alias as others call it. */
export interface Live {
  arn: Value;
  invokeArn: Value;
  qualifier: Value;
}

/** Declares the alias; role `live`. */
export function liveAlias(ctx: ExpandContext, made: ResourceHandle): Live & { urn: string } {
  const functionVersion = made.out("version");
  const alias = resource(ctx, "live", "aws:lambda/alias:Alias", { name: LIVE, functionName: made.out("name"), functionVersion });
  return { arn: alias.out("arn"), invokeArn: alias.out("invokeArn"), qualifier: alias.out("name"), urn: alias.urn };
}

/** Declares what is kept ready behind the alias; roles `ready`, `scaling`, `scaling-use`, `scaling-at-<name>`. */
export function keepReady(
  ctx: ExpandContext,
  spec: ReadySpec,
  made: ResourceHandle,
  { qualifier }: Live,
  reserved: number | undefined,
): void {
  const functionName = made.out("name");
  const most = Math.max(spec.instances, spec.maxInstances ?? 0);
  check(ctx, spec, most, reserved);
  const scaled = most > spec.instances || (spec.schedule?.length ?? 0) > 0;
  const ready = resource(
    ctx,
    "ready",
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
    { functionName, qualifier, provisionedConcurrentExecutions: spec.instances },
    { options: scaled ? { ignoreChanges: ["provisionedConcurrentExecutions"] } : {} },
  );
  if (scaled) scale(ctx, spec, most, { $text: ["function:", functionName, ":", qualifier] }, ready.urn);
}

function check(ctx: ExpandContext, spec: ReadySpec, most: number, reserved: number | undefined): void {
  const at = "provisionedConcurrency";
  if (spec.maxInstances !== undefined && spec.maxInstances < spec.instances)
    ctx.error("ready-limits", `${spec.instances} instances at least and ${spec.maxInstances} at most leave nothing`, `${at}.maxInstances`);
  if (spec.targetPercent !== undefined && most === spec.instances)
    ctx.error("ready-target", "targetPercent means nothing where the number is not scaled", `${at}.targetPercent`, {
      expected: "maxInstances above instances",
    });
  if (reserved !== undefined && most > reserved)
    ctx.error("ready-reserved", `${most} instances can't be kept ready where ${reserved} may run at the same time`, `${at}.instances`, {
      expected: `at most reservedConcurrentExecutions, ${reserved}`,
    });
}

function scale(ctx: ExpandContext, spec: ReadySpec, most: number, resourceId: Value, after: string): void {
  const target = resource(
    ctx,
    "scaling",
    "aws:appautoscaling/target:Target",
    {
      serviceNamespace: "lambda",
      scalableDimension: "lambda:function:ProvisionedConcurrency",
      resourceId,
      minCapacity: spec.instances,
      maxCapacity: most,
      tags: ctx.tags,
    },
    { dependsOn: [after] },
  );
  if (most > spec.instances)
    resource(ctx, "scaling-use", "aws:appautoscaling/policy:Policy", {
      policyType: "TargetTrackingScaling",
      ...ofTarget(target),
      targetTrackingScalingPolicyConfiguration: {
        targetValue: (spec.targetPercent ?? DEFAULT_TARGET) / 100,
        predefinedMetricSpecification: { predefinedMetricType: "LambdaProvisionedConcurrencyUtilization" },
      },
    });
  const times = (spec.schedule ?? []).map(({ instances: min, maxInstances: max, ...when }) => ({ ...when, min, max }));
  byTheClock(ctx, "provisionedConcurrency.schedule", times, { min: "instances", max: "maxInstances", what: "instances" }, target);
}
