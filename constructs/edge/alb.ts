/**
 * ALB: an application load balancer of one's own, where the stack's shared one does not do: listeners, rules, logs, a firewall of its own.
 * About $16 a month, and traffic ($0.008 per capacity unit and hour; us-east-1, 2026-11).
 *
 *   const api = new MicroService(shop, "api", { image: "ghcr.io/acme/api:1.4.2", port: 8080 });
 *   new ALB(shop, "edge", { listeners: [{ port: 80, protocol: "HTTP", default: "api" }] });
 */
import { z } from "zod";
import { group, int, listOf, oneOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Link, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { declared, resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { conflicts, type Route } from "../shared/listener-rules.js";
import { DEFAULT_SSL_POLICY, type LoadBalancerHandle, NOT_FOUND, REDIRECT } from "../shared/load-balancer.js";
import { BalancerComponent } from "./balancer-component.js";
import {
  balancer,
  balancerFields,
  balancerHandle,
  balancerLinks,
  balancerResult,
  BALANCER_OUTPUTS,
  distinctListeners,
  domainCertificate,
  listenerPort,
  type MadeBalancer,
  refuseTls,
  tlsFields,
} from "./balancer.js";
import { backendBehind } from "./private-backend.js";
import type { ApplicationFront } from "./front.js";
import { attachWaf, wafField } from "./waf.js";

const rule = group(
  {
    path: plainText("Path that it catches, and everything below it; `*` and `?` stand for any characters.", {
      pattern: /^\//,
      expected: "a path such as /api",
    }).optional(),
    host: plainText("Host that it catches, such as api.example.com or *.example.com.").optional(),
    component: plainText("Who answers: a MicroService, a Lambda, or an EC2Instance with a port."),
    priority: int("Its place among the listener's rules, the lowest first; for all of them or for none.", 1, 49_999, {
      default: "the more specific first",
    }).optional(),
  },
  "What of the traffic goes to which service.",
);

const schema = () =>
  z.strictObject({
    ...balancerFields,
    listeners: listOf(
      group(
        {
          port: listenerPort,
          protocol: oneOf(["HTTP", "HTTPS"], "What is spoken."),
          ...tlsFields,
          default: plainText("Who gets what no rule catches: a MicroService, a Lambda, or an EC2Instance with a port.", {
            default: "the answer 404; HTTP without rules beside an HTTPS listener: a redirect there",
          }).optional(),
          rules: listOf(rule, "Rules.").optional(),
        },
        "A port that is listened on.",
      ),
      "Ports that are listened on.",
    ),
    waf: wafField,
    idleTimeoutSeconds: int("Closes idle connections.", 1, 4000, { unit: "seconds", default: 60 }).optional(),
    ...commonFields,
  });

/** Props of {@link ALB}. */
export interface ALBProps extends PropsOf<ReturnType<typeof schema>> {}

/** An application load balancer of one's own. */
export class ALB extends BalancerComponent {
  constructor(service: Service, name: string, props: ALBProps) {
    super("ALB", service, name, props);
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;
type Listener = Props["listeners"][number];
type Placed = { listener: Listener; path: string };

const LISTENER = "aws:lb/listener:Listener";

/** Kind `ALB`. */
export const albKind = defineKind({
  name: "ALB",
  group: "components",
  summary: "An application load balancer of one's own.",
  schema,
  infra: [],
  outputs: BALANCER_OUTPUTS,
  stateful: false,
  links: (props): Link[] => [
    ...balancerLinks(props),
    ...props.listeners.flatMap((listener, i) => [
      ...(listener.default === undefined ? [] : [behind(listener.default, `listeners[${i}].default`)]),
      ...(listener.rules ?? []).map((r, j) => behind(r.component, `listeners[${i}].rules[${j}].component`)),
    ]),
  ],
  expand(props, ctx) {
    const all = distinctListeners(ctx, props.listeners);
    const ports = all.map(({ listener }) => ({ port: listener.port, protocol: "tcp" as const }));
    const made = balancer(ctx, "application", props, ports, { idleTimeout: props.idleTimeoutSeconds });
    attachWaf(ctx, props.waf, made.resource.out("arn"));
    const fronts = listeners(props, all, ctx, made);
    const first = props.listeners[0] ?? { port: 80, protocol: "HTTP" };
    const [scheme, usual] = first.protocol === "HTTPS" ? ["https", 443] : ["http", 80];
    const url: Value = { $text: [`${scheme}://`, made.host, ...(first.port === usual ? [] : [`:${first.port}`])] };
    const result = balancerResult(made, url, { port: first.port, protocol: "tcp" }, metrics(made));
    const way = {
      listenerArn: declared(ctx, `listener-${first.port}`, LISTENER).out("arn"),
      securityGroupId: made.securityGroupId,
    };
    const backend = backendBehind({
      url,
      balancer: { ...way, scheme: scheme as "http" | "https", internal: props.internal ?? false },
      port: first.port,
      hosts: props.domain ? [props.domain.name] : [],
    });
    return { ...result, bindings: { ...result.bindings, fronts, ...(backend ? { backend } : {}) } };
  },
});

function behind(component: string, path: string): Link {
  return { component, path, orderOnly: true, behind: true };
}

/** Declares the listeners (roles `listener-<port>`); gives what the services behind get, by the path of the link that names them. */
function listeners(props: Props, all: readonly Placed[], ctx: ExpandContext, made: MadeBalancer): { [path: string]: ApplicationFront } {
  const fronts: { [path: string]: ApplicationFront } = {};
  const certificate = domainCertificate(ctx, props);
  const secure = props.listeners.find((l) => l.protocol === "HTTPS");
  for (const { listener, path } of all) {
    check(listener, path, ctx);
    const front = { type: "application" as const, host: made.host, port: listener.port };
    const handle = { ...declare(ctx, listener, path, made, certificate, secure), internal: props.internal ?? false };
    for (const [j, { path: at, host, priority }] of (listener.rules ?? []).entries()) {
      const route: Route = { hosts: host === undefined ? [] : [host], path: at ?? "/" };
      fronts[`${path}.rules[${j}].component`] = { ...front, handle, route, ...(priority === undefined ? {} : { priority }) };
    }
    if (listener.default !== undefined) fronts[`${path}.default`] = { ...front, handle };
  }
  return fronts;
}

function declare(
  ctx: ExpandContext,
  listener: Listener,
  path: string,
  made: MadeBalancer,
  certificate: (path: string) => Value,
  secure: Listener | undefined,
): Omit<LoadBalancerHandle, "internal"> {
  const { port, protocol } = listener;
  const tls = protocol === "HTTPS";
  const away = !tls && secure && listener.default === undefined && !listener.rules?.length;
  const handle = resource(ctx, `listener-${port}`, LISTENER, {
    loadBalancerArn: made.resource.out("arn"),
    port,
    protocol,
    certificateArn: tls ? (listener.certificateArn ?? certificate(`${path}.certificateArn`)) : undefined,
    sslPolicy: tls ? (listener.sslPolicy ?? DEFAULT_SSL_POLICY) : undefined,
    defaultActions: [away ? { ...REDIRECT, redirect: { ...REDIRECT.redirect, port: String(secure.port) } } : NOT_FOUND],
    tags: ctx.tags,
  });
  return { ...balancerHandle(made), listenerArn: handle.out("arn"), scheme: tls ? "https" : "http" };
}

function check(listener: Listener, path: string, ctx: ExpandContext): void {
  const rules = listener.rules ?? [];
  if (listener.protocol === "HTTP") refuseTls(listener, path, "HTTPS", ctx);
  for (const [j, { path: at, host }] of rules.entries())
    if (at === undefined && host === undefined)
      ctx.error("rule-empty", "the rule catches everything", `${path}.rules[${j}]`, {
        expected: "path, host or both; or the listener's default",
      });
  const numbers = rules.map((r) => r.priority);
  if (numbers.some((n) => n !== undefined) && numbers.some((n) => n === undefined))
    ctx.error("priority-some", "some of the listener's rules have a priority, some have none", `${path}.rules`, {
      expected: "a priority for all of them, or for none",
    });
  for (const [j, n] of numbers.entries())
    if (n !== undefined && numbers.indexOf(n) < j)
      ctx.error("priority-twice", `two rules have the priority ${n}`, `${path}.rules[${j}].priority`);
  const routes = rules.map((r, j) => ({
    from: `rules[${j}]`,
    route: { hosts: r.host === undefined ? [] : [r.host], path: r.path ?? "/" },
  }));
  for (const { first, second, what } of conflicts(routes))
    ctx.error("rule-twice", `${first} and ${second} both catch ${what}`, `${path}.rules`, { next: "remove one of them" });
}

/** Elastic Load Balancing, "CloudWatch metrics for your Application Load Balancer". */
function metrics(made: MadeBalancer) {
  return metricsOf(
    "AWS/ApplicationELB",
    { LoadBalancer: made.resource.out("arnSuffix") },
    {
      RequestCount: "Sum",
      HTTPCode_ELB_5XX_Count: "Sum",
      HTTPCode_Target_5XX_Count: "Sum",
      TargetResponseTime: "p99",
      RejectedConnectionCount: "Sum",
    },
  );
}
