/**
 * EC2 instances of the stack's cluster, `_stack/capacity`: one auto-scaling group per instance type that a component asks for, and one
 * more where it asks for it on Spot, which takes other types of that size, too, and drains within the two minutes' notice.
 * ECS starts instances as tasks need them, drains them before they end, and ends those that are empty. They run Amazon Linux 2023 as
 * ECS ships it, in private subnets, and nobody can log in but through Session Manager.
 * Costs the instances that run, t3.medium about $30 a month each (us-east-1, 2026-11; on Spot about 70 % less), and their disks, $2.40.
 */
import type { ExpandContext, SharedKind, Value } from "../../framework/model/index.js";
import { declared, resource } from "../base/resource.js";
import { isArm } from "../compute/instance-type.js";
import { attachPolicies, SESSION_MANAGER } from "../compute/managed-policies.js";
import { workloadRole } from "../compute/roles.js";
import { allowAllOut, allowIn } from "../network/rules.js";
import type { NetworkHandle } from "./network.js";
import type { ClusterHandle } from "./cluster.js";

/** What a component asks for: a group of instances. Of several for one group the largest limits hold. */
export interface CapacityRequest {
  /** Such as `t3.medium`. */
  type: string;
  /** Instances that always run. */
  min: number;
  /** Most instances. */
  max: number;
  /** On Spot, as this type or one of these; undefined: on demand. */
  spot?: string[];
  /** File systems that its tasks mount: the instances do it for them (ECS Developer Guide, "Use Amazon EFS volumes"). */
  doors?: Door[];
}

/** Where a file system lets in; `to` names it in the rule's role. */
interface Door {
  to: string;
  securityGroupId: Value;
  protocol: string;
  port: Value;
}

/** What it gets. */
export interface CapacityHandle {
  /** Name of the capacity provider. */
  provider: Value;
}

const PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
/** ECS Developer Guide, "Amazon ECS container instance IAM role". */
const POLICIES = { "role-ecs": "service-role/AmazonEC2ContainerServiceforEC2Role", "role-session-manager": SESSION_MANAGER };
/** Where the instance finds the name of its cluster; instances read their own tags. */
const CLUSTER_TAG = "panka:cluster";
/** Size of the root disk in GiB; the image's own. */
const DISK_GIB = 30;

/**
 * Joins the cluster that the instance's tag names, and drains when Spot gives notice. Tasks are kept from the instance's metadata, and so
 * from its role. The text knows nothing of the stack: what a launch template takes is base64, which no reference can stand in.
 */
const USER_DATA = `#!/bin/bash
set -eu
metadata=http://169.254.169.254/latest
token=$(curl -sf --retry 10 --retry-all-errors -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 300" $metadata/api/token)
cluster=$(curl -sf --retry 10 --retry-all-errors -H "X-aws-ec2-metadata-token: $token" $metadata/meta-data/tags/instance/${CLUSTER_TAG})
echo "ECS_CLUSTER=$cluster" >> /etc/ecs/ecs.config
echo "ECS_AWSVPC_BLOCK_IMDS=true" >> /etc/ecs/ecs.config
echo "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true" >> /etc/ecs/ecs.config
`;

/** The shared resource `capacity`. */
export const sharedCapacity: SharedKind = {
  name: "capacity",
  handle(request, ctx): CapacityHandle {
    return { provider: declared(ctx, roleOf("provider", request as CapacityRequest), PROVIDER).out("name") };
  },
  expand(requests, ctx) {
    const network = ctx.shared<NetworkHandle>("network", { tier: "private", egress: true });
    const cluster = ctx.shared<ClusterHandle>("cluster", {}).name;
    const group = resource(ctx, "security-group", GROUP, {
      description: `Instances of ${ctx.stack} in ${ctx.environment}`,
      vpcId: network.vpcId,
      tags: ctx.tags,
    }).out("id");
    allowAllOut(ctx, group);
    const role = workloadRole(ctx, "role", "ec2.amazonaws.com", []);
    const ready = attachPolicies(ctx, role.name, POLICIES);
    const profile = resource(ctx, "profile", "aws:iam/instanceProfile:InstanceProfile", { role: role.name, tags: ctx.tags }).out("name");
    const place = {
      cluster,
      profile,
      groups: [group, ...network.sharedGroups],
      subnets: network.subnetIds,
      ready: [...ready, ...network.routes],
    };
    const asked = requests.map((r) => r.request as CapacityRequest);
    openDoors(ctx, group, asked);
    const groups = merged(asked);
    const types = [...new Set(groups.map(({ type }) => type))];
    const templates = new Map(types.map((type) => [type, launchTemplate(ctx, type, place)]));
    for (const wanted of groups) instances(ctx, wanted, templates.get(wanted.type) as Value, place);
    return { outputs: {} };
  },
};

/** Each once, whoever mounts it; roles `to-<service>-<component>`. */
function openDoors(ctx: ExpandContext, group: Value, asked: readonly CapacityRequest[]): void {
  const doors = new Map(asked.flatMap((a) => a.doors ?? []).map((door) => [door.to, door]));
  for (const [to, { securityGroupId, protocol, port }] of [...doors].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const traffic = { protocol, fromPort: port, toPort: port };
    allowIn(ctx, `to-${to}`, securityGroupId, traffic, { securityGroup: group }, "Instances that mount it for tasks");
  }
}

/** One per group, sorted. */
function merged(requests: readonly CapacityRequest[]): CapacityRequest[] {
  const groups = new Map<string, CapacityRequest>();
  for (const asked of requests) {
    const key = roleOf("group", asked);
    const { type, min, max, spot } = groups.get(key) ?? asked;
    const limits = { type, min: Math.max(min, asked.min), max: Math.max(max, asked.max) };
    groups.set(key, spot && asked.spot ? { ...limits, spot: [...new Set([...spot, ...asked.spot])].sort() } : limits);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** What instances of all types share. */
interface Place {
  cluster: Value;
  profile: Value;
  groups: Value[];
  subnets: Value;
  ready: string[];
}

/** One group of instances; roles `group-<type>` and `provider-<type>`, with `-spot` behind them on Spot. */
function instances(ctx: ExpandContext, wanted: CapacityRequest, template: Value, place: Place): void {
  const group = resource(
    ctx,
    roleOf("group", wanted),
    "aws:autoscaling/group:Group",
    {
      minSize: wanted.min,
      maxSize: wanted.max,
      vpcZoneIdentifiers: place.subnets,
      ...bought(wanted, template),
      protectFromScaleIn: true,
      tags: instanceTags(ctx, place.cluster),
    },
    { dependsOn: place.ready, options: { ignoreChanges: ["desiredCapacity"] } },
  );
  resource(ctx, roleOf("provider", wanted), PROVIDER, {
    autoScalingGroupProvider: {
      autoScalingGroupArn: group.out("arn"),
      managedScaling: { status: "ENABLED", targetCapacity: 100 },
      managedDraining: "ENABLED",
      managedTerminationProtection: "ENABLED",
    },
    tags: ctx.tags,
  });
}

/**
 * What changes in the template holds for instances that start from then on. Spot is taken where most is free and then cheapest (EC2
 * User Guide, "Allocation strategies for Spot": recommended for most). Capacity Rebalancing stays off: ECS is not told of it.
 */
function bought({ type, spot }: CapacityRequest, template: Value): { [property: string]: Value } {
  if (!spot) return { launchTemplate: { id: template, version: "$Latest" } };
  const overrides = [type, ...spot.filter((other) => other !== type)].map((instanceType) => ({ instanceType }));
  return {
    mixedInstancesPolicy: {
      instancesDistribution: {
        onDemandBaseCapacity: 0,
        onDemandPercentageAboveBaseCapacity: 0,
        spotAllocationStrategy: "price-capacity-optimized",
      },
      launchTemplate: { launchTemplateSpecification: { launchTemplateId: template, version: "$Latest" }, overrides },
    },
  };
}

/** Role `template-<type>`. EC2 looks the image up at each start, so that a new one is no change to the stack and the next instance has it. */
function launchTemplate(ctx: ExpandContext, type: string, place: Place): Value {
  const image = `/aws/service/ecs/optimized-ami/amazon-linux-2023${isArm(type) ? "/arm64" : ""}/recommended/image_id`;
  return resource(ctx, roleOf("template", { type }), "aws:ec2/launchTemplate:LaunchTemplate", {
    imageId: `resolve:ssm:${image}`,
    instanceType: type,
    iamInstanceProfile: { name: place.profile },
    vpcSecurityGroupIds: place.groups,
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1, instanceMetadataTags: "enabled" },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeType: "gp3", volumeSize: DISK_GIB, encrypted: "true", deleteOnTermination: "true" },
      },
    ],
    tagSpecifications: [{ resourceType: "volume", tags: ctx.tags }],
    userData: Buffer.from(USER_DATA).toString("base64"),
    tags: ctx.tags,
  }).out("id");
}

/** EC2 refuses an instance that can read its tags if a key has a space or a slash (EC2 User Guide, "View tags ... in instance metadata"). */
function instanceTags(ctx: ExpandContext, cluster: Value): { key: string; value: Value; propagateAtLaunch: boolean }[] {
  const left = Object.keys(ctx.tags).filter((key) => !/^[\w+=.,:@-]+$/.test(key));
  if (left.length > 0) ctx.notice(`instances do not get the tags ${left.join(", ")}: keys with spaces or slashes can't be read on them`);
  const Name = `${ctx.stack}-${ctx.environment}`;
  // The last is ECS's mark on groups that it manages; it would set it itself, and the next deployment take it away.
  const tags = { Name, ...ctx.tags, [CLUSTER_TAG]: cluster, AmazonECSManaged: "true" };
  return Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: !left.includes(key) }));
}

function roleOf(part: string, { type, spot }: Pick<CapacityRequest, "type" | "spot">): string {
  return `${part}-${type.replace(".", "-")}${spot ? "-spot" : ""}`;
}
