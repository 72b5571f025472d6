/** Instances behind load balancers that are components (kinds ALB and NLB) and name them. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { type ApplicationFront, type Fronting, forwardingListener, forwardingRules, frontsOf, type NetworkFront } from "../edge/front.js";
import { allowIn } from "../network/rules.js";
import { HEALTH_DEFAULTS, targetHealth } from "./health-check.js";

/** Instances as a load balancer sees them. */
export interface FrontedInstances {
  made: readonly ResourceHandle[];
  vpcId: Value;
  securityGroupId: Value;
  /** The port that they answer on. */
  port: number | undefined;
  healthCheckPath: string | undefined;
}

/**
 * Declares for each balancer a target group (of a network one, per port), the instances in it, the way in and the rules or listener;
 * roles `targets-<balancer>[-<port>]`, `target-<n>-...`, `from-...`, `rule-...`, `listener-...`.
 */
export function behindBalancers(ctx: ExpandContext, instances: FrontedInstances): void {
  for (const fronting of frontsOf(ctx)) {
    const { port } = instances;
    if (port === undefined) {
      ctx.error("no-port", `${fronting.address} sends to a port, which this component does not name`, "port", { expected: "port" });
      continue;
    }
    const application = fronting.fronts.filter((f) => f.type === "application");
    if (application.length > 0) byRules(ctx, fronting, application, instances, port);
    for (const front of fronting.fronts) if (front.type === "network") byPort(ctx, fronting, front, instances, port);
  }
  if (instances.healthCheckPath !== undefined && frontsOf(ctx).length === 0)
    ctx.error("health-unused", "nobody asks for the health check: no load balancer names this component", "healthCheckPath", {
      next: "remove it, or name the component in the rules of an ALB",
    });
}

function byRules(
  ctx: ExpandContext,
  fronting: Fronting,
  fronts: readonly ApplicationFront[],
  instances: FrontedInstances,
  port: number,
): void {
  const targets = group(ctx, fronting.balancer, "HTTP", instances, port);
  letIn(ctx, fronting.balancer, "tcp", fronts[0]?.handle.securityGroupId, instances, port);
  forwardingRules(ctx, fronting, fronts, targets);
}

function byPort(ctx: ExpandContext, { balancer }: Fronting, front: NetworkFront, instances: FrontedInstances, port: number): void {
  const protocol = front.protocol === "UDP" ? "UDP" : "TCP";
  const at = `${balancer}-${front.port}`;
  const targets = group(ctx, at, protocol, instances, port);
  letIn(ctx, at, protocol.toLowerCase(), front.handle.securityGroupId, instances, port);
  forwardingListener(ctx, { balancer }, front, targets);
}

function group(ctx: ExpandContext, at: string, protocol: string, instances: FrontedInstances, port: number): Value {
  const { healthCheckPath: path, vpcId, made } = instances;
  const asked = protocol === "HTTP" || path !== undefined ? "http" : "tcp";
  const targetGroupArn = resource(ctx, `targets-${at}`, "aws:lb/targetGroup:TargetGroup", {
    targetType: "instance",
    port,
    protocol,
    vpcId,
    deregistrationDelay: HEALTH_DEFAULTS.drain,
    healthCheck: { ...targetHealth(undefined, asked, path) },
    tags: ctx.tags,
  }).out("arn");
  for (const [i, instance] of made.entries())
    resource(ctx, `target-${i + 1}-${at}`, "aws:lb/targetGroupAttachment:TargetGroupAttachment", {
      targetGroupArn,
      targetId: instance.out("id"),
      port,
    });
  return targetGroupArn;
}

function letIn(
  ctx: ExpandContext,
  at: string,
  protocol: string,
  securityGroup: Value | undefined,
  { securityGroupId }: FrontedInstances,
  port: number,
): void {
  if (securityGroup === undefined) return;
  const peer = { securityGroup };
  allowIn(ctx, `from-${at}`, securityGroupId, { protocol, fromPort: port, toPort: port }, peer, "From the load balancer");
  if (protocol === "udp")
    allowIn(ctx, `health-from-${at}`, securityGroupId, { protocol: "tcp", fromPort: port, toPort: port }, peer, "Health check");
}
