/** What load balancers that are components of their own share: fields, firewall, access logs, domain. */
import { hashJson } from "../../framework/base/json.js";
import { bool, group, int, listOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Link, Metric, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { ANYWHERE } from "../network/cidr.js";
import { allowAllOut, allowIn } from "../network/rules.js";
import type { NetworkHandle } from "../shared/network.js";
import { bucketLinks, logBucket } from "../storage/log-bucket.js";
import { aliasFor, certificateFor } from "./certificate.js";

/** Fields of every load balancer. */
export const balancerFields = {
  internal: bool("Reachable from inside the network only.", { default: false }).optional(),
  allowedCIDRs: listOf(
    plainText("An address block.", { pattern: /^[0-9a-f.:]+\/\d{1,3}$/i, expected: "an address block such as 192.0.2.0/24" }),
    "Who may connect.",
    { default: "everyone; internal: the network" },
  ).optional(),
  accessLogs: group(
    {
      bucket: text("An S3 component, or the name of an existing bucket that takes them."),
      prefix: plainText("What their keys begin with.", { pattern: /^[^/].*[^/]$|^[^/]$/, expected: "no slash at either end" }).optional(),
    },
    "Logs of requests.",
  ).optional(),
  deletionProtection: bool("Refuses to delete it.", { default: "true in production" }).optional(),
  domain: group(
    {
      name: plainText("The host name.", {
        pattern: /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/,
        expected: "a host name such as api.example.com",
      }),
      zoneId: text("Id of the Route 53 zone that gets its records; without one you make them.").optional(),
    },
    "A host name of its own.",
  ).optional(),
};

/** TLS fields of a listener. */
export const tlsFields = {
  certificateArn: text("Its certificate.", { default: "one is made for domain, with a zoneId" }).optional(),
  sslPolicy: plainText("Its TLS policy.", { default: "ELBSecurityPolicy-TLS13-1-2-2021-06" }).optional(),
};

/** A listener's port. */
export const listenerPort = int("Port that is listened on.", 1, 65535);

/** Spec of the fields that balancers share, as expand gets them. */
export interface BalancerSpec {
  internal?: boolean | undefined;
  allowedCIDRs?: string[] | undefined;
  accessLogs?: { bucket: Value; prefix?: string | undefined } | undefined;
  deletionProtection?: boolean | undefined;
  domain?: { name: string; zoneId?: Value | undefined } | undefined;
}

/** Outputs of every load balancer. */
export const BALANCER_OUTPUTS = {
  url: "Where it is reached, at its first listener.",
  dnsName: "Its own DNS name.",
  arn: "Its ARN.",
  zoneId: "Zone of its DNS name, for alias records.",
  securityGroupId: "Its security group.",
};

/** A load balancer with its firewall. */
export interface MadeBalancer {
  resource: ResourceHandle;
  securityGroupId: Value;
  /** Its domain, else its DNS name. */
  host: Value;
}

/** What the services behind it need of the balancer itself. */
export function balancerHandle({ resource: main, securityGroupId }: MadeBalancer) {
  const { out } = main;
  return { arn: out("arn"), arnSuffix: out("arnSuffix"), dnsName: out("dnsName"), zoneId: out("zoneId"), securityGroupId };
}

/** Links of the fields that balancers share. */
export function balancerLinks(props: { accessLogs?: { bucket: unknown } | undefined }): Link[] {
  return bucketLinks(props.accessLogs?.bucket, "accessLogs.bucket");
}

/** Declares balancer, firewall and record; roles `security-group`, `egress`, `in-<protocol>-<port>-<who>`, `record`. The balancer is the main resource. */
export function balancer(
  ctx: ExpandContext,
  type: "application" | "network",
  props: BalancerSpec,
  ports: readonly { port: number; protocol: "tcp" | "udp" }[],
  more: { idleTimeout?: number | undefined; enableCrossZoneLoadBalancing?: boolean | undefined },
): MadeBalancer {
  const internal = props.internal ?? false;
  const network = ctx.shared<NetworkHandle>("network", { tier: internal ? "private" : "public" });
  const group = resource(ctx, "security-group", "aws:ec2/securityGroup:SecurityGroup", {
    description: `Load balancer ${ctx.address}`,
    vpcId: network.vpcId,
    tags: ctx.tags,
  }).out("id");
  allowAllOut(ctx, group);
  letClientsIn(ctx, group, ports, props.allowedCIDRs ?? [internal ? network.cidr : ANYWHERE]);
  const logs = props.accessLogs && logBucket(ctx, props.accessLogs.bucket, "balancer", props.accessLogs.prefix, "accessLogs.bucket");
  const made = resource(
    ctx,
    undefined,
    "aws:lb/loadBalancer:LoadBalancer",
    {
      loadBalancerType: type,
      internal,
      securityGroups: [group],
      subnets: network.subnetIds,
      dropInvalidHeaderFields: type === "application" ? true : undefined,
      enableDeletionProtection: props.deletionProtection ?? (ctx.environmentClass === "production" ? true : undefined),
      accessLogs: logs && { enabled: true, bucket: logs.name, prefix: props.accessLogs?.prefix },
      ...more,
      tags: ctx.tags,
    },
    { dependsOn: [...network.routes, ...(logs?.ready ?? [])] },
  );
  const { name, zoneId } = props.domain ?? {};
  if (name !== undefined && zoneId !== undefined)
    aliasFor(ctx, "record", { zoneId, name }, { name: made.out("dnsName"), zoneId: made.out("zoneId"), checked: true });
  return { resource: made, securityGroupId: group, host: name ?? made.out("dnsName") };
}

function letClientsIn(
  ctx: ExpandContext,
  group: Value,
  ports: readonly { port: number; protocol: string }[],
  clients: readonly Value[],
): void {
  const seen = new Set<string>();
  for (const { port, protocol } of ports)
    for (const cidr of clients) {
      const role = `in-${protocol}-${port}-${cidr === ANYWHERE ? "all" : hashJson(cidr).slice(0, 8)}`;
      if (seen.has(role)) continue;
      seen.add(role);
      allowIn(ctx, role, group, { protocol, fromPort: port, toPort: port }, { cidr });
    }
}

/** The certificate of listeners that name none: one for the domain, made once; roles `certificate`, `certificate-record`, `certificate-validation`. */
export function domainCertificate(ctx: ExpandContext, props: BalancerSpec): (path: string) => Value {
  let made: Value | undefined;
  return (path) => {
    if (!props.domain) {
      ctx.error("no-certificate", "a listener with TLS needs a certificate", path, { expected: "certificateArn, or domain with a zoneId" });
      return "";
    }
    made ??= certificateFor(ctx, "certificate", props.domain, path) ?? "";
    return made;
  };
}

/**
 * The listeners with their paths, without those on a port that another has already, which are refused. Whatever they speak: ELB makes no
 * listener beside one on the same port (its API reference, CreateListener, DuplicateListener).
 */
export function distinctListeners<L extends { port: number }>(
  ctx: ExpandContext,
  listeners: readonly L[],
): { listener: L; path: string }[] {
  const seen = new Set<number>();
  if (listeners.length === 0)
    ctx.error("no-listeners", "a load balancer without listeners takes nothing", "listeners", { expected: "a listener" });
  return listeners.flatMap((listener, i) => {
    const path = `listeners[${i}]`;
    if (seen.has(listener.port)) {
      ctx.error("listener-twice", `two listeners are on port ${listener.port}`, `${path}.port`);
      return [];
    }
    seen.add(listener.port);
    return [{ listener, path }];
  });
}

/** Reports TLS fields of a listener that speaks without TLS; `secure`: the protocol that takes them. */
export function refuseTls(
  listener: { protocol: string; certificateArn?: unknown; sslPolicy?: unknown },
  path: string,
  secure: "HTTPS" | "TLS",
  ctx: ExpandContext,
): void {
  for (const field of ["certificateArn", "sslPolicy"] as const)
    if (listener[field] !== undefined)
      ctx.error("tls-unused", `a listener that speaks ${listener.protocol} takes no ${field}`, `${path}.${field}`, {
        next: `set protocol: ${secure}`,
      });
}

/** Outputs, and what all who refer to it get: an open way to its first port, an alias for DNS records. */
export function balancerResult(made: MadeBalancer, url: Value, first: { port: number; protocol: "tcp" | "udp" }, metrics: Metric[]) {
  const { resource: main, securityGroupId } = made;
  const [dnsName, zoneId] = [main.out("dnsName"), main.out("zoneId")];
  return {
    outputs: { url, dnsName, arn: main.out("arn"), zoneId, securityGroupId },
    bindings: {
      grants: { connect: [] },
      defaultAccess: "connect" as const,
      connect: { securityGroupId, ...first },
      inject: { _URL: { value: url } },
      metrics,
      dns: { name: dnsName, zoneId, checked: true },
    },
  };
}
