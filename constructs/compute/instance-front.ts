/** Instances behind load balancers that are components (kinds ALB and NLB) and name them. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { type ApplicationFront, type Fronting, forwardingListener, forwardingRules, frontsOf, type NetworkFront } from "../edge/front.js";
import { letIn } from "./exposure.js";
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
    const open = new Set<string>();
    for (const front of fronting.fronts) if (front.type === "network") byPort(ctx, fronting, front, instances, port, open);
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
  const [first] = fronts;
  if (first) letIn(ctx, `from-${fronting.balancer}`, instances.securityGroupId, first.handle, { port, protocol: "tcp" });
  forwardingRules(ctx, fronting, fronts, targets);
}

function byPort(
  ctx: ExpandContext,
  { balancer }: Fronting,
  front: NetworkFront,
  instances: FrontedInstances,
  port: number,
  open: Set<string>,
): void {
  const protocol = front.protocol === "UDP" ? "udp" : "tcp";
  const at = `${balancer}-${front.port}`;
  const targets = group(ctx, at, protocol.toUpperCase(), instances, port);
  letIn(ctx, `from-${at}`, instances.securityGroupId, front.handle, { port, protocol }, open);
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
