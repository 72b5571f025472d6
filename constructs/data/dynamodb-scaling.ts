/** Scaling of a table's provisioned capacity between two bounds (Application Auto Scaling; no charge but for its two alarms per dimension). */
import { bool, group, int } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { ofTarget } from "../base/scalable.js";

/** Use of the provisioned capacity that is aimed at, percent (DynamoDB Developer Guide, "Managing throughput capacity with auto scaling"). */
const DEFAULT_TARGET = 70;

const range = (what: string) =>
  group(
    {
      min: int("Lowest capacity.", 1, undefined, { default: `the table's ${what}Capacity` }).optional(),
      max: int("Highest capacity.", 1),
      targetPercent: int("Use that is aimed at.", 20, 90, { unit: "percent", default: DEFAULT_TARGET }).optional(),
    },
    `Bounds of the ${what} capacity.`,
  ).optional();

/** Field `autoscaling` of a table. */
export const tableAutoscaling = group(
  { enabled: bool("On or off.", { default: true }).optional(), read: range("read"), write: range("write") },
  "Scaling of the table's provisioned capacity; indexes keep their own.",
);

interface Range {
  min?: number | undefined;
  max: number;
  targetPercent?: number | undefined;
}

/** The field as expand gets it. */
export interface TableScaling {
  enabled?: boolean | undefined;
  read?: Range | undefined;
  write?: Range | undefined;
}

/** Whether the table's capacity is scaled. */
export function isScaled(scaling: TableScaling | undefined): boolean {
  return scaling !== undefined && scaling.enabled !== false;
}

/** Properties that the scaling changes behind the table's back. */
export function scaledProperties(scaling: TableScaling | undefined): string[] {
  if (!scaling || !isScaled(scaling)) return [];
  return [...(scaling.read ? ["readCapacity"] : []), ...(scaling.write ? ["writeCapacity"] : [])];
}

/** Declares target and policy of each dimension; roles `scaling-read`, `scaling-read-policy`, and so for `write`. */
export function scaleTable(
  ctx: ExpandContext,
  scaling: TableScaling,
  table: { name: Value; readCapacity?: number | undefined; writeCapacity?: number | undefined },
): void {
  if (!scaling.read && !scaling.write)
    ctx.error("scaling-nothing", "autoscaling scales nothing", "autoscaling", { expected: "read, write or both" });
  for (const [word, dimension] of [
    ["read", "Read"],
    ["write", "Write"],
  ] as const) {
    const wanted = scaling[word];
    if (!wanted) continue;
    const minCapacity = wanted.min ?? table[`${word}Capacity`] ?? 1;
    if (minCapacity > wanted.max)
      ctx.error(
        "scaling-bounds",
        `the lowest ${word} capacity, ${minCapacity}, is above the highest, ${wanted.max}`,
        `autoscaling.${word}`,
        {
          expected: "min <= max",
        },
      );
    const target = resource(ctx, `scaling-${word}`, "aws:appautoscaling/target:Target", {
      serviceNamespace: "dynamodb",
      scalableDimension: `dynamodb:table:${dimension}CapacityUnits`,
      resourceId: { $text: ["table/", table.name] },
      minCapacity,
      maxCapacity: wanted.max,
      tags: ctx.tags,
    });
    resource(ctx, `scaling-${word}-policy`, "aws:appautoscaling/policy:Policy", {
      policyType: "TargetTrackingScaling",
      ...ofTarget(target),
      targetTrackingScalingPolicyConfiguration: {
        targetValue: wanted.targetPercent ?? DEFAULT_TARGET,
        predefinedMetricSpecification: { predefinedMetricType: `DynamoDB${dimension}CapacityUtilization` },
      },
    });
  }
}
