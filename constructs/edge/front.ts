/** What a load balancer of its own hands to a service that stands behind it; the service declares target group, rule or listener. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { hashJson } from "../../framework/base/json.js";
import { makeUrn } from "../../framework/base/names.js";
import { resource } from "../base/resource.js";
import { conditions, priority, type Route } from "../shared/listener-rules.js";
import type { LoadBalancerHandle } from "../shared/load-balancer.js";

/** A listener of an application load balancer, and what of its traffic the service gets. */
export interface ApplicationFront {
  type: "application";
  handle: LoadBalancerHandle;
  /** Host by which it is reached: its domain, else its DNS name. */
  host: Value;
  /** The port that is listened on. */
  port: number;
  /** Undefined: what no rule catches. */
  route?: Route;
  /** 1 to 50,000, the lowest first; given for all rules of a listener or for none. */
  priority?: number;
}

/** A port of a network load balancer, all of whose traffic the service gets. */
export interface NetworkFront {
  type: "network";
  handle: Pick<LoadBalancerHandle, "arn" | "arnSuffix" | "dnsName" | "zoneId" | "securityGroupId">;
  host: Value;
  port: number;
  protocol: "TCP" | "TLS" | "UDP";
  certificateArn?: Value;
  sslPolicy?: string;
  idleTimeoutSeconds?: number;
}

/** What one balancer component hands over. */
export interface Fronting {
  /** `<service>-<component>` of the balancer: part of roles. */
  balancer: string;
  address: string;
  fronts: (ApplicationFront | NetworkFront)[];
}

/** All balancers behind which the component of this context stands, in order of address. */
export function frontsOf(ctx: ExpandContext): Fronting[] {
  return ctx.targets.flatMap(({ service, component, address, fronting, bindings }) => {
    const fronts = fronting.map((path) => bindings?.fronts?.[path]).filter((f) => f !== undefined) as Fronting["fronts"];
    return fronts.length > 0 ? [{ balancer: `${service}-${component}`, address, fronts }] : [];
  });
}

/** Priority of the rule for what no other catches: the last (Elastic Load Balancing, "Listener rules"). */
const LAST = 50_000;

/** Sends what the fronts catch to a target group; roles `rule-<balancer>-<port>-<hash of its route>`. Returns the rules' URNs. */
export function forwardingRules(
  ctx: ExpandContext,
  { balancer, address }: Pick<Fronting, "balancer" | "address">,
  fronts: readonly ApplicationFront[],
  targetGroupArn: Value,
): string[] {
  return fronts.map(({ port, handle, route, priority: written }) => {
    const name = `${port}-${route ? hashJson(route).slice(0, 8) : "default"}`;
    return resource(ctx, `rule-${balancer}-${name}`, "aws:lb/listenerRule:ListenerRule", {
      listenerArn: handle.listenerArn,
      priority: route ? (written ?? priority(`${ctx.address}@${address}:${name}`, route)) : LAST,
      conditions: conditions(route ?? { hosts: [], path: "/" }, []),
      actions: [{ type: "forward", targetGroupArn }],
      tags: ctx.tags,
    }).urn;
  });
}

const LISTENER = "aws:lb/listener:Listener";

/** The role of the listener of a port that a service declares behind a balancer. */
function listenerRole(balancer: string, port: number): string {
  return `listener-${balancer}-${port}`;
}

/** The ARN of the listener that a component, named as in the props, declares behind the network load balancer of this context. */
export function listenerBehind(ctx: ExpandContext, name: string, port: number): Value | undefined {
  const address = ctx.addressOf(name);
  if (address === undefined) return undefined;
  const [service = "", component = ""] = address.split("/");
  const { stack, environment } = ctx;
  const role = listenerRole(`${ctx.service}-${ctx.component}`, port);
  return { $ref: { urn: makeUrn({ environment, stack, type: LISTENER, service, component, role }), output: "arn" } };
}

/** The listener of a port, all of whose traffic goes to a target group; role `listener-<balancer>-<port>`. */
export function forwardingListener(
  ctx: ExpandContext,
  { balancer }: Pick<Fronting, "balancer">,
  front: NetworkFront,
  targetGroupArn: Value,
): ResourceHandle {
  return resource(ctx, listenerRole(balancer, front.port), LISTENER, {
    loadBalancerArn: front.handle.arn,
    port: front.port,
    protocol: front.protocol,
    certificateArn: front.certificateArn,
    sslPolicy: front.sslPolicy,
    tcpIdleTimeoutSeconds: front.idleTimeoutSeconds,
    defaultActions: [{ type: "forward", targetGroupArn }],
    tags: ctx.tags,
  });
}
