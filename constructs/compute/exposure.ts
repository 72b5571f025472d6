/** How a service is reached: target group, listener or listener rule, and the way in through its security group. */
import type { Backend, ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { backendBehind, fixedPath } from "../edge/private-backend.js";
import { allowIn } from "../network/rules.js";
import { conditions, priority, type Route } from "../shared/listener-rules.js";
import { DEFAULT_SSL_POLICY, type LoadBalancerHandle, type LoadBalancerRequest } from "../shared/load-balancer.js";
import type { NetworkHandle } from "../shared/network.js";
import { hostCertificate, hostRecords, hostsOf } from "./custom-domain.js";
import { httpPort, isTcp, type PortSpec, tcpPort } from "./container.js";
import type { LoadBalancerSpec, ServiceProps } from "./ecs-service.js";
import { HEALTH_DEFAULTS, networkProbe, targetHealth } from "./health-check.js";

/** A service behind the stack's load balancer. */
export interface Exposure {
  type: "application" | "network";
  balancer: LoadBalancerHandle;
  port: number;
  /** Role of the target group. */
  role: string;
  targetGroupArn: Value;
  targetGroupSuffix: Value;
  url: Value;
  /** How requests are handed on to it, if they can be. */
  backend: Backend | undefined;
  /** URNs without which ECS refuses the target group: of its listener rules, or its listener. */
  ready: string[];
}

/** The port behind the load balancer, or undefined where the service stays inside. On by default for a service that speaks HTTP. */
export function exposedPort(props: Pick<ServiceProps, "ports" | "networking">): PortSpec | undefined {
  const balancer = props.networking?.loadBalancer;
  const http = httpPort(props.ports ?? []);
  if (balancer?.enabled === false) return undefined;
  if (balancer?.enabled === undefined) return http;
  return http ?? tcpPort(props.ports ?? []) ?? (balancer.type === "network" ? props.ports?.[0] : undefined);
}

/** Declares it; roles `target-group`, `listener-rule` or `listener`, `from-load-balancer`. */
export function expose(ctx: ExpandContext, props: ServiceProps, network: NetworkHandle, group: Value): Exposure | undefined {
  const port = exposedPort(props);
  const ingress = props.networking?.ingress;
  if (!port) {
    if (props.networking?.loadBalancer?.enabled)
      ctx.error("no-port", "a load balancer needs a port to send to", "networking.loadBalancer.enabled", { expected: "ports" });
    else if (networkProbe(props.healthCheck))
      ctx.notice("without a load balancer nobody asks for the http or tcp health check; an exec one would run in the container");
    return undefined;
  }
  const type = props.networking?.loadBalancer?.type ?? "application";
  const certificateArn = hostCertificate(ctx, props, type);
  const spec: LoadBalancerSpec = { ...props.networking?.loadBalancer, certificateArn };
  const route: Route = { hosts: hostsOf(ingress), path: ingress?.enabled === false ? "/" : (ingress?.path ?? "/") };
  const balancer = ctx.shared<LoadBalancerHandle>("load-balancer", request(type, spec, port, route, ingress?.redirectHttps));
  const target = targetGroup(ctx, "target-group", props, type, port, network.vpcId);
  const entry =
    type === "application" ? rule(ctx, balancer, target.out("arn"), route, spec) : listener(ctx, balancer, target.out("arn"), port, spec);
  letIn(ctx, "from-load-balancer", group, balancer, wayTo(props, port));
  hostRecords(ctx, props, balancer);
  const url = urlOf(type, balancer, route, port, spec);
  const guarded = (spec.allowedCIDRs ?? []).length > 0;
  const way = { url, balancer, port: balancer.scheme === "https" ? 443 : 80, ...route, guarded };
  return {
    type,
    balancer,
    port: port.port,
    role: "target-group",
    targetGroupArn: target.out("arn"),
    targetGroupSuffix: target.out("arnSuffix"),
    url,
    backend: type === "application" ? backendBehind(way) : undefined,
    ready: [entry],
  };
}

function request(
  type: "application" | "network",
  spec: LoadBalancerSpec,
  port: PortSpec,
  route: Route,
  redirectHttps: boolean | undefined,
): LoadBalancerRequest {
  return {
    type,
    internal: spec.internal ?? false,
    allowedCIDRs: [...(spec.allowedCIDRs ?? [])].sort(),
    ...(spec.certificateArn === undefined ? {} : { certificateArn: spec.certificateArn }),
    ...(spec.sslPolicy === undefined ? {} : { sslPolicy: spec.sslPolicy }),
    ...(spec.idleTimeoutSeconds === undefined ? {} : { idleTimeoutSeconds: spec.idleTimeoutSeconds }),
    ...(type === "application"
      ? { route, ...(redirectHttps === undefined ? {} : { redirectHttps }) }
      : { port: port.port, protocol: (port.protocol ?? "tcp").toLowerCase() as "tcp" | "udp" }),
  };
}

/** The group of a service's tasks that a load balancer of this type sends to; the role as given. */
export function targetGroup(
  ctx: ExpandContext,
  role: string,
  props: ServiceProps,
  type: "application" | "network",
  port: PortSpec,
  vpcId: Value,
): ResourceHandle {
  const spec = props.networking?.loadBalancer ?? {};
  const application = type === "application";
  return resource(ctx, role, "aws:lb/targetGroup:TargetGroup", {
    targetType: "ip",
    port: port.port,
    protocol: application ? "HTTP" : (port.protocol ?? "tcp").toUpperCase(),
    vpcId,
    deregistrationDelay: props.deployment?.drainSeconds ?? HEALTH_DEFAULTS.drain,
    healthCheck: { ...targetHealth(networkProbe(props.healthCheck), application ? "http" : "tcp", spec.healthCheckPath) },
    stickiness: spec.stickiness ? { enabled: true, type: application ? "lb_cookie" : "source_ip" } : undefined,
    tags: ctx.tags,
  });
}

function rule(ctx: ExpandContext, balancer: LoadBalancerHandle, targetGroupArn: Value, route: Route, spec: LoadBalancerSpec): string {
  return resource(ctx, "listener-rule", "aws:lb/listenerRule:ListenerRule", {
    listenerArn: balancer.listenerArn,
    priority: priority(ctx.address, route),
    conditions: conditions(route, spec.allowedCIDRs ?? []),
    actions: [{ type: "forward", targetGroupArn }],
    tags: ctx.tags,
  }).urn;
}

function listener(ctx: ExpandContext, balancer: LoadBalancerHandle, targetGroupArn: Value, port: PortSpec, spec: LoadBalancerSpec): string {
  const tls = spec.certificateArn !== undefined;
  return resource(ctx, "listener", "aws:lb/listener:Listener", {
    loadBalancerArn: balancer.arn,
    port: port.port,
    protocol: tls ? "TLS" : (port.protocol ?? "tcp").toUpperCase(),
    certificateArn: spec.certificateArn,
    sslPolicy: tls ? (spec.sslPolicy ?? DEFAULT_SSL_POLICY) : undefined,
    defaultActions: [{ type: "forward", targetGroupArn }],
    tags: ctx.tags,
  }).urn;
}

/** Where a load balancer sends traffic. */
export interface Way {
  port: number;
  protocol: "tcp" | "udp";
  /** Asked over TCP whether the target is healthy; default `port`. */
  healthPort?: number | undefined;
}

/** The way to a port of a service. */
export function wayTo({ healthCheck }: ServiceProps, port: PortSpec): Way {
  const probe = networkProbe(healthCheck);
  return { port: port.port, protocol: isTcp(port) ? "tcp" : "udp", healthPort: probe?.http?.port ?? probe?.tcp?.port };
}

/**
 * Lets the load balancer reach its targets: their port (the role as given), and what a health check asks beside it (`health-<role>`).
 * `open` says what it reaches already, and is told: EC2 refuses a second rule for the same port.
 */
export function letIn(
  ctx: ExpandContext,
  role: string,
  group: Value,
  balancer: Pick<LoadBalancerHandle, "securityGroupId">,
  { port, protocol, healthPort = port }: Way,
  open: Set<string> = new Set(),
): void {
  const peer = { securityGroup: balancer.securityGroupId };
  for (const rule of [
    { role, protocol, port, why: "From the load balancer" },
    { role: `health-${role}`, protocol: "tcp", port: healthPort, why: "Health check" },
  ]) {
    const key = `${rule.protocol} ${rule.port}`;
    if (open.has(key)) continue;
    open.add(key);
    allowIn(ctx, rule.role, group, { protocol: rule.protocol, fromPort: rule.port, toPort: rule.port }, peer, rule.why);
  }
}

function urlOf(type: string, balancer: LoadBalancerHandle, route: Route, port: PortSpec, spec: LoadBalancerSpec): Value {
  const host = route.hosts[0] ?? balancer.dnsName;
  if (type === "network") return { $text: [spec.certificateArn === undefined ? "tcp://" : "tls://", host, `:${port.port}`] };
  const tail = fixedPath(route.path);
  return typeof host === "string"
    ? `${balancer.scheme}://${host}${tail}`
    : { $text: [`${balancer.scheme}://`, host, ...(tail ? [tail] : [])] };
}
