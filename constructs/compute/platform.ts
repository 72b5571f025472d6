/** Where tasks run: on Fargate, or on EC2 instances of the stack's cluster (`runtime.platform`). */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import type { Tier } from "../network/plan.js";
import type { CapacityHandle, CapacityRequest } from "../shared/capacity.js";
import type { ClusterRequest } from "../shared/cluster.js";
import { type CapacityShare, type CapacitySpec, onDemandBase, spotStrategy } from "./capacity.js";
import type { FargateSize } from "./fargate-sizes.js";
import { sizeInWords } from "./fargate-sizes.js";
import { type InstanceSize, instanceSize, isArm, sameFamily, sameSize } from "./instance-type.js";

/** The `runtime` section as it reaches expand. */
export interface RuntimeSpec {
  platform?: "fargate" | "ec2" | undefined;
  launchType?: string | undefined;
  architecture?: string | undefined;
}

/** What a task says about where it runs. */
export interface PlacedSpec {
  runtime?: RuntimeSpec | undefined;
  capacity?: CapacitySpec | undefined;
  networking?: { placement?: Tier | undefined } | undefined;
  storage?: { ephemeralGB?: number | undefined } | undefined;
}

/** What it comes to. */
export interface RunsOn {
  /** To be asked of the cluster. */
  cluster: Pick<ClusterRequest, "spot" | "providers">;
  /** How ECS finds room; undefined: the launch type FARGATE. */
  strategy: CapacityShare[] | undefined;
  /** On EC2: spread over zones, then packed onto as few instances as will do. */
  placement: { type: "spread" | "binpack"; field: string }[] | undefined;
  /** A group of the stack's instances that it asked for, on Spot that of Spot; undefined on Fargate. */
  instances: CapacityRequest | undefined;
}

/** Instances of a stack that says nothing. */
export const DEFAULT_INSTANCES = Object.freeze({ x86_64: "t3.medium", arm64: "t4g.medium", min: 0, max: 4 });

/** What the system and the ECS agent keep of an instance's memory: about 7 % of what is sold, as instances register themselves. */
const USABLE = 0.93;

const SPREAD: RunsOn["placement"] = [
  { type: "spread", field: "attribute:ecs.availability-zone" },
  { type: "binpack", field: "memory" },
];

/** True where tasks run on EC2 instances. `launchType` is ECS's own word for it. */
export function onEc2(runtime: RuntimeSpec | undefined): boolean {
  return (runtime?.platform ?? runtime?.launchType?.toLowerCase()) === "ec2";
}

/** The subnets of tasks on EC2: a task there never gets a public address, so it needs a way out. */
export function placementOf(spec: PlacedSpec): Tier | undefined {
  return onEc2(spec.runtime) ? "private" : spec.networking?.placement;
}

/** Asks for what the tasks run on. Reports what does not go together. */
export function runsOn(spec: PlacedSpec, ctx: ExpandContext): RunsOn {
  const { platform, launchType } = spec.runtime ?? {};
  if (platform !== undefined && launchType !== undefined && platform !== launchType.toLowerCase())
    ctx.error("launch-type", `the platform is ${platform}, the launch type ${launchType}`, "runtime.launchType", {
      expected: `${platform.toUpperCase()}, or one of the two alone`,
    });
  if (!onEc2(spec.runtime)) {
    const base = onDemandBase(spec.capacity);
    const strategy = base === undefined ? undefined : spotStrategy(base);
    return { cluster: strategy ? { spot: true } : {}, strategy, placement: undefined, instances: undefined };
  }
  refuse(spec, ctx);
  const { strategy, instances } = onInstances(spec, ctx);
  return { cluster: { providers: strategy.map((share) => share.capacityProvider) }, strategy, placement: SPREAD, instances };
}

/** On demand, on Spot, or first the one and then the other; instances on Spot have a group and a provider of their own. */
function onInstances(spec: PlacedSpec, ctx: ExpandContext): { strategy: CapacityShare[]; instances: CapacityRequest } {
  const provider = (request: CapacityRequest): Value => ctx.shared<CapacityHandle>("capacity", request).provider;
  const onDemand = wanted(spec, ctx);
  const base = onDemandBase(spec.capacity);
  if (base === undefined) return { strategy: [{ capacityProvider: provider(onDemand), weight: 1 }], instances: onDemand };
  const spot = { ...onDemand, min: base === 0 ? onDemand.min : 0, spot: spotTypes(spec, ctx, onDemand.type) };
  return { strategy: spotStrategy(base, base === 0 ? undefined : provider(onDemand), provider(spot)), instances: spot };
}

/** Further types that Spot may take: a task that has room on the instance's type must have it on them. */
function spotTypes(spec: PlacedSpec, ctx: ExpandContext, type: string): string[] {
  const written = spec.capacity?.instances?.spotTypes;
  const least = instanceSize(type);
  for (const [i, other] of (written ?? []).entries()) {
    const path = `capacity.instances.spotTypes[${i}]`;
    const has = instanceSize(other);
    if (isArm(other) !== isArm(type))
      ctx.error("mixed-processors", `${other} and ${type} have different processors`, path, { expected: "a type of the same processor" });
    else if (least && has && (has.cpu < least.cpu || has.memory < least.memory))
      ctx.error("smaller-instance", `${other} is smaller than ${type}`, path, { expected: `a type with all that ${type} has` });
  }
  return written ?? sameSize(type);
}

/** What tasks on EC2 can't have. */
function refuse({ networking, storage }: PlacedSpec, ctx: ExpandContext): void {
  if (networking?.placement === "public")
    ctx.error("no-public-address", "ECS gives tasks on EC2 instances no public address", "networking.placement", {
      expected: "private, or runtime.platform: fargate",
    });
  if (storage?.ephemeralGB !== undefined)
    ctx.error("no-own-disk", "tasks on EC2 instances share the instance's disk", "storage.ephemeralGB", {
      expected: "no ephemeralGB, or runtime.platform: fargate",
    });
  // ECS API reference, CreateCapacityProvider; names made here begin with the stack's.
  if (/^(aws|ecs|fargate)/i.test(ctx.stack))
    ctx.error("provider-name", "names of capacity providers may not begin with aws, ecs or fargate", "runtime.platform", {
      expected: "a stack of another name, or fargate",
    });
}

/** The instance type of tasks on EC2. */
export function instanceTypeOf({ runtime, capacity }: PlacedSpec): string {
  return capacity?.instances?.type ?? DEFAULT_INSTANCES[runtime?.architecture === "arm64" ? "arm64" : "x86_64"];
}

function wanted(spec: PlacedSpec, ctx: ExpandContext): CapacityRequest {
  const type = instanceTypeOf(spec);
  const arm = spec.runtime?.architecture === "arm64";
  if (isArm(type) !== arm)
    ctx.error("mixed-processors", `${type} is no instance for ${arm ? "arm64" : "x86_64"}`, "capacity.instances.type", {
      expected: arm ? "a type such as t4g.medium" : "a type such as t3.medium, or runtime.architecture: arm64",
    });
  const written = spec.capacity?.instances;
  const min = written?.min ?? Math.min(DEFAULT_INSTANCES.min, written?.max ?? DEFAULT_INSTANCES.max);
  const max = written?.max ?? Math.max(DEFAULT_INSTANCES.max, min);
  if (min > max)
    ctx.error("instance-limits", `${min} instances do not lie within ${max}`, "capacity.instances", { expected: "min <= max" });
  return { type, min, max };
}

/** Reports a task that no instance of the type has room for, and says how many find room where network interfaces are what is scarce. */
export function checkRoom(spec: PlacedSpec, ctx: ExpandContext, size: FargateSize): void {
  if (!onEc2(spec.runtime)) return;
  const type = instanceTypeOf(spec);
  const has = instanceSize(type);
  if (!has) {
    ctx.notice(`the size of ${type} is not known here: whether a task fits on it was not checked`);
    return;
  }
  if (room(has, size) < 1) {
    const larger = sameFamily(type).find((t) => room(instanceSize(t) as InstanceSize, size) >= 1);
    ctx.error("no-room", `a ${type} has no room for a task of ${sizeInWords(size)}`, "resources", {
      expected: `at most ${sizeInWords({ cpu: has.cpu, memory: usable(has) })}; the system keeps about 7 % of the memory`,
      ...(larger ? { next: `set capacity.instances.type: ${larger}` } : {}),
    });
    return;
  }
  // ENI trunking, a setting of the account, would give more; it is not assumed.
  const free = has.interfaces - 1;
  if (free < room(has, size))
    ctx.notice(`a ${type} runs ${free} of these tasks at most: each takes one of its ${has.interfaces} network interfaces, one is its own`);
}

function room(has: InstanceSize, size: FargateSize): number {
  return Math.min(Math.floor(has.cpu / size.cpu), Math.floor(usable(has) / size.memory));
}

function usable({ memory }: InstanceSize): number {
  return Math.floor(memory * USABLE);
}

/** On EC2 the instance mounts file systems, not the task: their doors must be open to the instances, too. */
export function openMounts(ctx: ExpandContext, instances: CapacityRequest | undefined, mounted: ReadonlySet<string>): void {
  if (!instances || mounted.size === 0) return;
  const doors = ctx.targets.flatMap(({ address, service, component, bindings }) =>
    bindings?.connect && mounted.has(address) ? [{ to: `${service}-${component}`, ...bindings.connect }] : [],
  );
  ctx.shared("capacity", { ...instances, doors });
}
