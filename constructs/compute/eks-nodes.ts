/** Groups of nodes of a Kubernetes cluster, and the role that they share. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { NetworkHandle } from "../shared/network.js";
import type { EksSpec } from "./eks-cluster.js";
import { isArm } from "./instance-type.js";
import { attachPolicies, SESSION_MANAGER } from "./managed-policies.js";
import { workloadRole } from "./roles.js";

type GroupSpec = NonNullable<EksSpec["nodeGroups"]>[number];

/** EKS User Guide, "Amazon EKS node IAM role"; the last lets people in through Session Manager. */
const NODE_POLICIES = {
  "node-role-workers": "AmazonEKSWorkerNodePolicy",
  "node-role-cni": "AmazonEKS_CNI_Policy",
  "node-role-registry": "AmazonEC2ContainerRegistryPullOnly",
  "node-role-session-manager": SESSION_MANAGER,
};
const DEFAULTS = { types: ["t3.medium"], min: 1, max: 3, diskGB: 20 };

/** Declares them; roles `node-role`, `node-role-<policy>`, `nodes-<name>`. Gives the URNs of the groups. */
export function nodeGroups(
  groups: readonly GroupSpec[],
  ctx: ExpandContext,
  place: { name: Value; network: NetworkHandle; ready: readonly string[] },
): string[] {
  if (groups.length === 0) return [];
  const role = workloadRole(ctx, "node-role", "ec2.amazonaws.com", []);
  const ready = [...attachPolicies(ctx, role.name, NODE_POLICIES), ...place.ready];
  return groups.map((spec, i) => declare(spec, `nodeGroups[${i}]`, ctx, place, role.arn, ready));
}

function declare(
  spec: GroupSpec,
  path: string,
  ctx: ExpandContext,
  place: { name: Value; network: NetworkHandle },
  nodeRoleArn: Value,
  ready: string[],
): string {
  const types = spec.instanceTypes ?? DEFAULTS.types;
  const arm = types.map(isArm);
  if (types.length === 0 || arm.some((a) => a !== arm[0]))
    ctx.error("mixed-processors", "the nodes of a group have one processor architecture", `${path}.instanceTypes`, {
      expected: "types of one architecture",
    });
  const min = spec.minSize ?? Math.min(DEFAULTS.min, spec.maxSize ?? DEFAULTS.max);
  const max = spec.maxSize ?? Math.max(DEFAULTS.max, min);
  const desired = spec.desiredSize ?? min;
  if (min > max || desired < min || desired > max)
    ctx.error("group-size", `${desired} nodes do not lie within ${min} to ${max}`, path, { expected: "minSize <= desiredSize <= maxSize" });
  return resource(
    ctx,
    `nodes-${spec.name}`,
    "aws:eks/nodeGroup:NodeGroup",
    {
      clusterName: place.name,
      nodeRoleArn,
      subnetIds: place.network.subnetIds,
      instanceTypes: types,
      amiType: arm[0] ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD",
      capacityType: spec.spot ? "SPOT" : "ON_DEMAND",
      diskSize: spec.diskGB ?? DEFAULTS.diskGB,
      scalingConfig: { minSize: min, maxSize: max, desiredSize: desired },
      updateConfig: { maxUnavailablePercentage: 33 },
      labels: spec.labels,
      taints: spec.taints?.map(({ key, value, effect }) => ({ key, value, effect: TAINTS[effect] })),
      tags: ctx.tags,
    },
    // Within its limits the number belongs to the autoscaler in the cluster.
    { dependsOn: [...ready, ...place.network.routes], options: max > min ? { ignoreChanges: ["scalingConfig.desiredSize"] } : {} },
  ).urn;
}

/** Kubernetes' words, and those of the API. */
const TAINTS = { NoSchedule: "NO_SCHEDULE", NoExecute: "NO_EXECUTE", PreferNoSchedule: "PREFER_NO_SCHEDULE" } as const;
