/** An ECS service with all that belongs to it: what MicroService and Worker share. */
import type { Bindings, ExpandContext, Reach, ResourceHandle, RolloutSpec, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { allowAllOut, allowIn } from "../network/rules.js";
import { type Tier, workloadTier } from "../network/plan.js";
import type { ClusterHandle } from "../shared/cluster.js";
import { networkingOf, type NetworkHandle } from "../shared/network.js";
import { serviceAlarms } from "./alarms.js";
import { type DeploymentSpec, rollout } from "./deployment.js";
import { exposures } from "./behind.js";
import { discover, discoveryOf, type DiscoverySpec, type MadeDiscovery, namedPorts } from "./discovery.js";
import type { Exposure } from "./exposure.js";
import { gracePeriod, healthProblems } from "./health-check.js";
import { openMounts, placementOf, runsOn } from "./platform.js";
import { autoscale, boundedPlan, noticeIdle, type ScalingPlan } from "./scaling.js";
import { reachOf, taskPlace } from "./reach.js";
import { releaseTask } from "./release.js";
import { type Answers, answersOf, type Load, loadOf } from "./service-limits.js";
import { alarmsOutside, answerLimits, takeover } from "./service-takeover.js";
import type { ScalingSpec } from "./scaling-spec.js";
import { steadyService } from "./steady.js";
import { type MadeTask, taskDefinition, type TaskProps } from "./task.js";
import { type ExtraWiring, wire, withExtra } from "./wiring.js";

/** Load balancer settings as written. */
export interface LoadBalancerSpec {
  enabled?: boolean | undefined;
  type?: "application" | "network" | undefined;
  internal?: boolean | undefined;
  healthCheckPath?: string | undefined;
  certificateArn?: Value | undefined;
  sslPolicy?: string | undefined;
  allowedCIDRs?: string[] | undefined;
  stickiness?: boolean | undefined;
  idleTimeoutSeconds?: number | undefined;
}

/** Where the service is reached, as written. */
export interface IngressSpec {
  enabled?: boolean | undefined;
  hostname?: string | undefined;
  path?: string | undefined;
  aliases?: string[] | undefined;
  zoneId?: Value | undefined;
  redirectHttps?: boolean | undefined;
}

/** The `networking` section. */
export interface NetworkingSection {
  loadBalancer?: LoadBalancerSpec | undefined;
  ingress?: IngressSpec | undefined;
  placement?: Tier | undefined;
  securityGroups?: Value[] | undefined;
}

/** Props that MicroService and Worker share, as they reach expand. */
export interface ServiceProps extends TaskProps {
  serviceDiscovery?: DiscoverySpec | undefined;
  scaling?: ScalingSpec | undefined;
  networking?: NetworkingSection | undefined;
  deployment?: DeploymentSpec | undefined;
}

/** What a service comes to. */
export interface ServiceResult {
  outputs: { [name: string]: Value };
  bindings: Bindings;
  rollout?: RolloutSpec;
  reach: Reach;
}

const SERVICE = "aws:ecs/service:Service";

/** Declares everything. The main resource is the ECS service. */
export function expandService(props: ServiceProps, ctx: ExpandContext, extra: ExtraWiring = {}): ServiceResult {
  for (const { path, message, expected } of healthProblems(props.healthCheck, Boolean(props.ports?.length)))
    ctx.error("health-check", message, path, { expected });
  const tier = workloadTier(networkingOf(ctx), ctx.environmentClass, placementOf(props));
  const network = ctx.shared<NetworkHandle>("network", { tier, ...(tier === "private" ? { egress: true } : {}) });
  const discovery = discoveryOf(props.serviceDiscovery);
  const on = runsOn(props, ctx);
  const namespace = discovery ? { namespace: discovery.namespace ?? true } : {};
  const cluster = ctx.shared<ClusterHandle>("cluster", { ...namespace, ...on.cluster });
  const group = securityGroup(ctx, network.vpcId);
  const exposed = exposures(ctx, props, network, group);
  const exposure = exposed[0];
  const wiring = withExtra(wire(ctx, props), extra);
  const ports = namedPorts(props.ports, discovery);
  const task = taskDefinition(ctx, { ...props, ports }, wiring);
  const plan = boundedPlan(ctx, props.scaling);
  const found = discover(ctx, discovery, { cluster, ports, logGroup: task.logGroup });
  const answers = answersOf(exposure);
  const early = answerLimits(ctx, props.deployment, answers);
  const roll = rollout(props.deployment, [...early.map((alarm) => alarm.name), ...alarmsOutside(ctx, props.deployment)], ctx.tested);
  const networkConfiguration = {
    subnets: network.subnetIds,
    securityGroups: [group, ...network.sharedGroups, ...(props.networking?.securityGroups ?? [])],
    assignPublicIp: on.instances ? undefined : tier === "public",
  };
  const launch = on.strategy ? { capacityProviderStrategies: on.strategy } : { launchType: "FARGATE" };
  const parts = { cluster, task, launch, network: networkConfiguration, container: ctx.component };
  const ready = [...task.ready, ...cluster.ready, ...network.routes];
  const released = releaseTask(ctx, props, { place: taskPlace(parts), definition: task.definition }, ready);
  const service = resource(
    ctx,
    undefined,
    SERVICE,
    {
      cluster: cluster.arn,
      taskDefinition: task.arn,
      desiredCount: plan.initial,
      ...launch,
      ...(on.strategy ? { forceNewDeployment: true } : {}),
      orderedPlacementStrategies: on.placement,
      ...roll.props,
      networkConfiguration,
      loadBalancers:
        exposed.length > 0
          ? exposed.map(({ targetGroupArn, port }) => ({ targetGroupArn, containerName: ctx.component, containerPort: port }))
          : undefined,
      healthCheckGracePeriodSeconds: exposure ? gracePeriod(props.healthCheck) : undefined,
      ...found.props,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      tags: ctx.tags,
    },
    {
      dependsOn: [...ready, ...released, ...exposed.flatMap((e) => e.ready)],
      options: { ...(plan.automatic ? { ignoreChanges: ["desiredCount"] } : {}), ...(roll.timeouts ? { timeouts: roll.timeouts } : {}) },
    },
  );
  scale(ctx, props, extra, { plan, cluster, service, exposure });
  const load = loadOf(cluster.name, service.out("name"));
  serviceAlarms(ctx, { load, answers });
  openTargets(ctx, group, task.mounted);
  openMounts(ctx, on.instances, task.mounted);
  const steady = steadyService(ctx, props.deployment, { cluster: cluster.arn, service: service.out("name"), taskDefinition: task.arn });
  const offers = found.offeredIn !== undefined;
  const taken = takeover(ctx, props, { steady, release: released[0], exposed, early, load, cluster, service, offers, plan });
  // What is to stay as it is when it fails brings nothing back.
  const stays = props.deployment?.rollback?.onFailure === false;
  const running = stays ? {} : { running: { urn: service.urn, cluster: cluster.arn, service: service.out("name") } };
  const reach = { ...reachOf(props, exposure, parts), ...running };
  return { ...result(props, { group, exposure, found, task, service, load, answers }), reach, ...(taken ? { rollout: taken } : {}) };
}

/** What changes the number of its tasks. */
function scale(
  ctx: ExpandContext,
  props: ServiceProps,
  extra: ExtraWiring,
  made: { plan: ScalingPlan; cluster: ClusterHandle; service: ResourceHandle; exposure: Exposure | undefined },
): void {
  const { plan, cluster, service, exposure } = made;
  noticeIdle(ctx, props.scaling?.autoscaling, plan);
  if (!plan.automatic) return;
  autoscale(ctx, props.scaling?.autoscaling, plan, {
    clusterName: cluster.name,
    serviceName: service.out("name"),
    balancer:
      exposure?.type === "application" ? { loadBalancer: exposure.balancer.arnSuffix, targetGroup: exposure.targetGroupSuffix } : undefined,
    queues: extra.queues?.length ? extra.queues : queuesRead(ctx),
  });
}

/** Names of the queues that the component may receive from. */
function queuesRead({ targets }: ExpandContext): Value[] {
  return targets.flatMap(({ outputs, access }) =>
    outputs.queueName !== undefined && access.some((a) => a === "receive" || a === "readWrite") ? [outputs.queueName] : [],
  );
}

/** What others get of a declared service. */
function result(
  props: ServiceProps,
  made: {
    group: Value;
    exposure: Exposure | undefined;
    found: MadeDiscovery;
    task: MadeTask;
    service: ResourceHandle;
    load: Load;
    answers: Answers | undefined;
  },
): Omit<ServiceResult, "reach"> {
  const { group, exposure, found, task, service, load, answers } = made;
  const port = exposure?.port ?? props.ports?.[0]?.port;
  const inside = found.host !== undefined && port !== undefined ? `http://${found.host}:${port}` : undefined;
  const outputs: { [name: string]: Value | undefined } = {
    url: found.offeredIn ? inside : (exposure?.url ?? inside),
    loadBalancerUrl: exposure?.url,
    serviceArn: service.out("id"),
    serviceName: service.out("name"),
    targetGroupArn: exposure?.targetGroupArn,
    securityGroupId: group,
    taskRoleArn: task.roleArn,
    logGroup: task.logGroup,
  };
  return {
    outputs: Object.fromEntries(Object.entries(outputs).filter((e): e is [string, Value] => e[1] !== undefined)),
    bindings: {
      grants: { connect: [] },
      defaultAccess: "connect",
      ...(port === undefined
        ? {}
        : {
            connect: {
              securityGroupId: group,
              port,
              protocol: "tcp" as const,
              ...(found.offeredIn === undefined ? {} : { through: found.offeredIn }),
            },
          }),
      inject: outputs.url === undefined ? {} : { _URL: { value: outputs.url } },
      metrics: [load.cpu, load.memory, ...(answers ? [answers.requests, answers.errors, answers.duration] : [])],
      ...(answers ? { answers } : {}),
      ...(exposure?.backend ? { backend: exposure.backend } : {}),
      ...(exposure ? { dns: { name: exposure.balancer.dnsName, zoneId: exposure.balancer.zoneId, checked: true } } : {}),
    },
  };
}

/** The component's own firewall: everything out, nothing in but what others open. */
export function securityGroup(ctx: ExpandContext, vpcId: Value, description = `Tasks of ${ctx.address}`): Value {
  const group = resource(ctx, "security-group", "aws:ec2/securityGroup:SecurityGroup", { description, vpcId, tags: ctx.tags }).out("id");
  allowAllOut(ctx, group);
  return group;
}

/** Opens the components that this one refers to or mounts, from `group`; roles `to-<service>-<component>`. */
export function openTargets(ctx: ExpandContext, group: Value, mounted?: ReadonlySet<string>): void {
  for (const target of ctx.targets) {
    const door = target.bindings?.connect;
    if (!door || (target.access.length === 0 && !mounted?.has(target.address))) continue;
    const traffic = { protocol: door.protocol, fromPort: door.port, toPort: door.port };
    allowIn(
      ctx,
      `to-${target.service}-${target.component}`,
      door.securityGroupId,
      traffic,
      { securityGroup: group },
      `From ${ctx.address}`,
    );
  }
}
