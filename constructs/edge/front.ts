/** What a load balancer of its own hands to a service that stands behind it; the service declares target group, rule or listener. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import type { Route } from "../shared/listener-rules.js";
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
