/**
 * The stack's load balancers, `_stack/load-balancer`: one per stack, environment and form (application or network, public or internal),
 * shared by its services. About $16 a month each, and traffic. Listener rules and target groups belong to the services.
 * Roles: the public application load balancer is the main resource; the others begin `internal`, `network`, `network-internal`.
 */
import { hashJson } from "../../framework/base/json.js";
import type { ExpandContext, SharedKind, Value } from "../../framework/model/index.js";
import type { AwsToken } from "../aws-types.js";
import { declared, resource } from "../base/resource.js";
import { attachWaf } from "../edge/waf.js";
import { ANYWHERE } from "../network/cidr.js";
import { allowAllOut, allowIn } from "../network/rules.js";
import { conditions, conflicts, priority, type Route } from "./listener-rules.js";
import type { NetworkHandle } from "./network.js";

/** What a service asks of the load balancer. */
export interface LoadBalancerRequest {
  type: "application" | "network";
  internal: boolean;
  /** Who may come in; default everyone, or the network itself for an internal one. */
  allowedCIDRs: string[];
  certificateArn?: Value;
  sslPolicy?: string;
  idleTimeoutSeconds?: number;
  /** Application: where the service is reached, and whether plain http is sent on to https. */
  route?: Route;
  redirectHttps?: boolean;
  /** Network: the port that is listened on. */
  port?: number;
  protocol?: "tcp" | "udp";
}

/** What it gets. */
export interface LoadBalancerHandle {
  arn: Value;
  arnSuffix: Value;
  dnsName: Value;
  zoneId: Value;
  securityGroupId: Value;
  /** Application: the listener that the service's rule goes to. */
  listenerArn: Value;
  scheme: "http" | "https";
  /** True where it has no address outside of the network. */
  internal: boolean;
}

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const LISTENER = "aws:lb/listener:Listener";

/** TLS policy of listeners that say nothing: TLS 1.2 and 1.3. */
export const DEFAULT_SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

type Asked = { from: string; request: LoadBalancerRequest };

/** The shared resource `load-balancer`. */
export const sharedLoadBalancer: SharedKind = {
  name: "load-balancer",
  handle(request, ctx): LoadBalancerHandle {
    const asked = request as LoadBalancerRequest;
    const form = formOf(asked);
    const made = (role: string, type: AwsToken) => declared(ctx, roleIn(form, role), type);
    const balancer = made("", BALANCER);
    const scheme = asked.certificateArn === undefined ? "http" : "https";
    return {
      arn: balancer.out("arn"),
      arnSuffix: balancer.out("arnSuffix"),
      dnsName: balancer.out("dnsName"),
      zoneId: balancer.out("zoneId"),
      securityGroupId: made("security-group", GROUP).out("id"),
      listenerArn: made(scheme, LISTENER).out("arn"),
      scheme,
      internal: asked.internal,
    };
  },
  expand(requests, ctx) {
    const byForm = new Map<string, Asked[]>();
    for (const r of requests as Asked[]) byForm.set(formOf(r.request), [...(byForm.get(formOf(r.request)) ?? []), r]);
    for (const [form, asked] of [...byForm].sort(([a], [b]) => (a < b ? -1 : 1))) balancer(ctx, form, asked);
    return { outputs: {} };
  },
};

function formOf(request: LoadBalancerRequest): string {
  return [...(request.type === "network" ? ["network"] : []), ...(request.internal ? ["internal"] : [])].join("-");
}

/** A role within a form; the main role of the public application load balancer is none at all. */
function roleIn(form: string, role: string): string | undefined {
  return [form, role].filter((s) => s !== "").join("-") || undefined;
}

function balancer(ctx: ExpandContext, form: string, asked: readonly Asked[]): void {
  const first = asked[0]?.request;
  if (!first) return;
  const network = ctx.shared<NetworkHandle>("network", { tier: first.internal ? "private" : "public" });
  const group = resource(ctx, roleIn(form, "security-group"), GROUP, {
    description: `Load balancer of ${ctx.stack} in ${ctx.environment}`,
    vpcId: network.vpcId,
    tags: ctx.tags,
  }).out("id");
  allowAllOut(ctx, group, roleIn(form, "egress"));
  allowClients(ctx, form, asked, group, first.internal ? network.cidr : ANYWHERE);
  const application = first.type === "application";
  const idle = asked.map((a) => a.request.idleTimeoutSeconds).filter((s) => s !== undefined);
  const arn = resource(
    ctx,
    roleIn(form, ""),
    BALANCER,
    {
      loadBalancerType: first.type,
      internal: first.internal,
      securityGroups: [group],
      subnets: network.subnetIds,
      idleTimeout: application && idle.length > 0 ? Math.max(...idle) : undefined,
      dropInvalidHeaderFields: application ? true : undefined,
      enableCrossZoneLoadBalancing: application ? undefined : true,
      tags: ctx.tags,
    },
    { dependsOn: network.routes },
  ).out("arn");
  if (!application) {
    reportPorts(ctx, asked);
    return;
  }
  applicationListeners(ctx, form, asked, arn);
  attachWaf(ctx, undefined, arn, roleIn(form, "waf"));
}

/** Opens the ports in use to those that any service lets in; each service's own rule narrows it again. */
function allowClients(ctx: ExpandContext, form: string, asked: readonly Asked[], group: Value, everyone: Value): void {
  const rules = new Map<string, { port: number; protocol: string; cidr: Value }>();
  for (const { request } of asked)
    for (const { port, protocol } of portsOf(request))
      for (const cidr of request.allowedCIDRs.length > 0 ? request.allowedCIDRs : [everyone]) {
        const who = cidr === ANYWHERE ? "all" : hashJson(cidr).slice(0, 8);
        rules.set(`in-${protocol}-${port}-${who}`, { port, protocol, cidr });
      }
  for (const [role, { port, protocol, cidr }] of [...rules].sort(([a], [b]) => (a < b ? -1 : 1)))
    allowIn(ctx, roleIn(form, role) ?? role, group, { protocol, fromPort: port, toPort: port }, { cidr });
}

function portsOf(request: LoadBalancerRequest): { port: number; protocol: string }[] {
  if (request.type === "network") return request.port === undefined ? [] : [{ port: request.port, protocol: request.protocol ?? "tcp" }];
  return [{ port: 80, protocol: "tcp" }, ...(request.certificateArn === undefined ? [] : [{ port: 443, protocol: "tcp" }])];
}

function applicationListeners(ctx: ExpandContext, form: string, asked: readonly Asked[], loadBalancerArn: Value): void {
  const routed = asked.flatMap((a) =>
    a.request.route ? [{ from: a.from, route: a.request.route, tls: a.request.certificateArn !== undefined }] : [],
  );
  for (const tls of [false, true])
    for (const c of conflicts(routed.filter((r) => r.tls === tls)))
      ctx.error("listener-conflict", `${c.first} and ${c.second} both ask for ${c.what} on the stack's load balancer`, "", {
        next: "give one of them networking.ingress.path or networking.ingress.hostname, or set loadBalancer.enabled: false",
      });
  const secure = asked.filter((a) => a.request.certificateArn !== undefined);
  const redirects = secure.length === asked.length && secure.every((a) => a.request.redirectHttps !== false);
  const http = resource(ctx, roleIn(form, "http"), LISTENER, {
    loadBalancerArn,
    port: 80,
    protocol: "HTTP",
    defaultActions: [redirects ? REDIRECT : NOT_FOUND],
    tags: ctx.tags,
  });
  if (secure.length === 0) return;
  if (!redirects) redirectRules(ctx, form, secure, http.out("arn"));
  const policies = [...new Set(secure.map((a) => a.request.sslPolicy).filter((p) => p !== undefined))];
  if (policies.length > 1)
    ctx.error("ssl-policy-conflict", `services of one load balancer name different TLS policies: ${policies.join(", ")}`, "", {
      expected: "one sslPolicy for all",
    });
  const certificates = new Map(secure.map((a) => [hashJson(a.request.certificateArn).slice(0, 8), a.request.certificateArn as Value]));
  const [main, ...more] = [...certificates];
  const https = resource(ctx, roleIn(form, "https"), LISTENER, {
    loadBalancerArn,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: policies[0] ?? DEFAULT_SSL_POLICY,
    certificateArn: main?.[1],
    defaultActions: [NOT_FOUND],
    tags: ctx.tags,
  });
  for (const [hash, certificateArn] of more)
    resource(ctx, roleIn(form, `certificate-${hash}`), "aws:lb/listenerCertificate:ListenerCertificate", {
      listenerArn: https.out("arn"),
      certificateArn,
    });
}

/** Where some services stay on plain http, those with a certificate get a redirect each. */
function redirectRules(ctx: ExpandContext, form: string, secure: readonly Asked[], listenerArn: Value): void {
  for (const { from, request } of secure) {
    if (request.redirectHttps === false || !request.route) continue;
    resource(ctx, roleIn(form, `redirect-${from.replace("/", "-")}`), "aws:lb/listenerRule:ListenerRule", {
      listenerArn,
      priority: priority(`${from}#redirect`, request.route),
      conditions: conditions(request.route, []),
      actions: [REDIRECT],
      tags: ctx.tags,
    });
  }
}

/** Sends http on to https. */
export const REDIRECT = { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } };
/** Answers what nobody serves. */
export const NOT_FOUND = {
  type: "fixed-response",
  fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
};

/** Two services can't listen on one port of a network load balancer. */
function reportPorts(ctx: ExpandContext, asked: readonly Asked[]): void {
  const owners = new Map<string, string>();
  for (const { from, request } of asked)
    for (const { port, protocol } of portsOf(request)) {
      const key = `${protocol} ${port}`;
      const owner = owners.get(key);
      if (owner !== undefined)
        ctx.error("listener-conflict", `${owner} and ${from} both ask for ${key} on the stack's network load balancer`, "");
      else owners.set(key, from);
    }
}
