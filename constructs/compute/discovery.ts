/**
 * How the tasks of a service are found by name: `dns` answers with their addresses; `connect` is ECS Service Connect, where a proxy in
 * each task of those who take part spreads requests, tries again and measures. Both stand in the stack's Cloud Map namespace.
 */
import { canonicalJson } from "../../framework/base/json.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { ClusterHandle } from "../shared/cluster.js";
import { isTcp, type PortSpec } from "./container.js";

/** `serviceDiscovery` as written. */
export interface DiscoverySpec {
  enabled?: boolean | undefined;
  type?: "dns" | "connect" | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** Properties of the ECS service by which it is found, and finds others. */
export interface MadeDiscovery {
  props: { serviceRegistries?: { registryArn: Value }; serviceConnectConfiguration?: ConnectConfiguration };
  /** The host name, if it has one. */
  host?: string;
  /** ARN of the namespace of Service Connect, if it offers something there. */
  offeredIn?: Value;
}

/** As ECS takes it. */
interface ConnectConfiguration {
  enabled: true;
  namespace: Value;
  logConfiguration: { logDriver: string; options: { [name: string]: Value } };
  services?: { portName: string; discoveryName: string; clientAlias: { port: number; dnsName: string }[] }[];
}

/** The setting if there is one that is not off. */
export function discoveryOf(spec: DiscoverySpec | undefined): DiscoverySpec | undefined {
  return spec && spec.enabled !== false ? spec : undefined;
}

/** Ports as the task definition names them: with what the proxy may read in them, where there is one. */
export function namedPorts(ports: readonly PortSpec[] | undefined, spec: DiscoverySpec | undefined): PortSpec[] {
  const proxied = discoveryOf(spec)?.type === "connect";
  return (ports ?? []).map((port) => {
    const appProtocol = proxied && isTcp(port) ? protocolOf(port.name) : undefined;
    return appProtocol ? { ...port, appProtocol } : port;
  });
}

/** By the name's first word; anything else is TCP to the proxy. */
function protocolOf(name: string): string | undefined {
  const word = name.split("-")[0];
  if (word === "http" || word === "web") return "http";
  return word === "grpc" || word === "http2" ? word : undefined;
}

/** Registers the service, and lets it take part in the Service Connect of those it refers to. Role `discovery`. */
export function discover(
  ctx: ExpandContext,
  spec: DiscoverySpec | undefined,
  around: { cluster: ClusterHandle; ports: readonly PortSpec[]; logGroup: Value },
): MadeDiscovery {
  const found = discoveryOf(spec);
  const { namespace } = around.cluster;
  const name = found?.name ?? ctx.component;
  const offers = found?.type === "connect" && namespace ? { namespace, name } : undefined;
  const config = connectConfiguration(ctx, offers, around);
  const joined = config ? { serviceConnectConfiguration: config } : {};
  if (!found || !namespace) return { props: joined };
  const host = `${name}.${namespace.name}`;
  if (offers) return { props: joined, host, offeredIn: namespace.arn };
  return { props: { ...joined, serviceRegistries: { registryArn: register(ctx, namespace.id, name) } }, host };
}

function register(ctx: ExpandContext, namespaceId: Value, name: string): Value {
  return resource(ctx, "discovery", "aws:servicediscovery/service:Service", {
    name,
    dnsConfig: { namespaceId, dnsRecords: [{ ttl: 10, type: "A" }], routingPolicy: "MULTIVALUE" },
    healthCheckCustomConfig: { failureThreshold: 1 },
    forceDestroy: true,
    tags: ctx.tags,
  }).out("arn");
}

/** What it offers, if anything, in the one namespace in which a service takes part. */
function connectConfiguration(
  ctx: ExpandContext,
  offers: { namespace: { arn: Value; name: string }; name: string } | undefined,
  { ports, logGroup }: { ports: readonly PortSpec[]; logGroup: Value },
): ConnectConfiguration | undefined {
  const namespace = joinedNamespace(ctx, offers?.namespace.arn);
  if (namespace === undefined) return undefined;
  const tcp = offers ? ports.filter(isTcp) : [];
  if (offers && tcp.length === 0)
    ctx.error("no-port", "Service Connect needs a port to offer", "serviceDiscovery.type", { expected: "ports, one of them tcp" });
  return {
    enabled: true,
    namespace,
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": logGroup, "awslogs-region": ctx.regionValue, "awslogs-stream-prefix": "service-connect" },
    },
    ...(offers && tcp.length > 0
      ? {
          services: tcp.map((port, i) => ({
            portName: port.name,
            discoveryName: i === 0 ? offers.name : `${offers.name}-${port.name}`,
            clientAlias: [{ port: port.port, dnsName: `${offers.name}.${offers.namespace.name}` }],
          })),
        }
      : {}),
  };
}

/** Its own namespace, else that of those it refers to; reports two. */
function joinedNamespace(ctx: ExpandContext, own: Value | undefined): Value | undefined {
  let joined = own;
  for (const { address, bindings, access } of ctx.targets) {
    const through = access.length > 0 ? bindings?.connect?.through : undefined;
    if (through === undefined) continue;
    if (joined !== undefined && canonicalJson(joined) !== canonicalJson(through))
      ctx.error("two-namespaces", `"${address}" is found in another namespace of Service Connect`, "serviceDiscovery.namespace", {
        expected: "one namespace for all that a service refers to, and for itself",
      });
    joined ??= through;
  }
  return joined;
}

/** For what ECS gives no proxy (single tasks, functions, machines): reports targets that are found through one only. */
export function refuseConnect(ctx: ExpandContext): void {
  for (const { address, access, bindings } of ctx.targets)
    if (access.length > 0 && bindings?.connect?.through !== undefined)
      ctx.error("not-in-mesh", `"${address}" is found through Service Connect, which only services take part in`, "", {
        expected: "a MicroService or a Worker",
        next: `set serviceDiscovery.type: dns for ${address}`,
      });
}
