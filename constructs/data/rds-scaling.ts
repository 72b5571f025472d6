/** Scaling of the readers of an Aurora database (Application Auto Scaling; no charge but for its two alarms and the readers). */
import { decimal, group, int } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { ofTarget } from "../base/scalable.js";

/** Average CPU of the readers that is held where nothing is said, percent. */
const DEFAULT_CPU = 70;
/** Most readers of a cluster (Aurora User Guide, "Aurora Auto Scaling with Aurora Replicas"). */
const MOST = 15;

/** Field `instance.replicaScaling`. */
export const replicaScaling = group(
  {
    min: int("Fewest readers.", 0, MOST, { default: "readReplicas, else 1" }).optional(),
    max: int("Most readers.", 1, MOST),
    targetCPUPercent: decimal("Average CPU of the readers to hold.", 1, 100, { unit: "percent", default: DEFAULT_CPU }).optional(),
    targetConnections: int("Average connections per reader to hold, instead.", 1).optional(),
    scaleInCooldownSeconds: int("Pause after removing a reader.", 0, 86_400, { unit: "seconds", default: 300 }).optional(),
    scaleOutCooldownSeconds: int("Pause after adding one.", 0, 86_400, { unit: "seconds", default: 300 }).optional(),
  },
  "Aurora: adds and removes readers; those of readReplicas always stay.",
);

/** The field as expand gets it. */
export interface ReplicaScaling {
  min?: number | undefined;
  max: number;
  targetCPUPercent?: number | undefined;
  targetConnections?: number | undefined;
  scaleInCooldownSeconds?: number | undefined;
  scaleOutCooldownSeconds?: number | undefined;
}

/** Declares target and policy; roles `scaling-readers`, `scaling-readers-policy`. `readers`: those that always stay. */
export function scaleReaders(ctx: ExpandContext, spec: ReplicaScaling, clusterId: Value, readers: number, ready: readonly string[]): void {
  const min = spec.min ?? Math.max(readers, 1);
  const path = "instance.replicaScaling";
  if (min > spec.max)
    ctx.error("scaling-bounds", `at least ${min} readers and at most ${spec.max} leave nothing`, path, { expected: "min <= max" });
  if (spec.targetCPUPercent !== undefined && spec.targetConnections !== undefined)
    ctx.error("scaling-target", "readers are added by CPU or by connections", path, { expected: "targetCPUPercent, or targetConnections" });
  const target = resource(
    ctx,
    "scaling-readers",
    "aws:appautoscaling/target:Target",
    {
      serviceNamespace: "rds",
      scalableDimension: "rds:cluster:ReadReplicaCount",
      resourceId: { $text: ["cluster:", clusterId] },
      minCapacity: min,
      maxCapacity: spec.max,
      tags: ctx.tags,
    },
    { dependsOn: [...ready] },
  );
  resource(ctx, "scaling-readers-policy", "aws:appautoscaling/policy:Policy", {
    policyType: "TargetTrackingScaling",
    ...ofTarget(target),
    targetTrackingScalingPolicyConfiguration: {
      targetValue: spec.targetConnections ?? spec.targetCPUPercent ?? DEFAULT_CPU,
      predefinedMetricSpecification: {
        predefinedMetricType:
          spec.targetConnections === undefined ? "RDSReaderAverageCPUUtilization" : "RDSReaderAverageDatabaseConnections",
      },
      scaleInCooldown: spec.scaleInCooldownSeconds ?? 300,
      scaleOutCooldown: spec.scaleOutCooldownSeconds ?? 300,
    },
  });
}
