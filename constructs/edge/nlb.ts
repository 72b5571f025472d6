/**
 * NLB: a network load balancer of one's own: TCP, TLS and UDP, one port per service.
 * About $16 a month, and traffic ($0.006 per capacity unit and hour; us-east-1, 2026-11).
 *
 *   new NLB(shop, "mail-in", { listeners: [{ port: 25, protocol: "TCP", default: "smtp" }] });
 */
import { z } from "zod";
import { bool, group, int, listOf, oneOf, plainText } from "../../framework/model/fields.js";
import type { Backend, ExpandContext, Link, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import type { Service } from "../base/service.js";
import { DEFAULT_SSL_POLICY } from "../shared/load-balancer.js";
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
import { listenerBehind, type NetworkFront } from "./front.js";
import { backendBehind } from "./private-backend.js";

const schema = () =>
  z.strictObject({
    ...balancerFields,
    listeners: listOf(
      group(
        {
          port: listenerPort,
          protocol: oneOf(["TCP", "TLS", "UDP"], "What is spoken; TLS ends here, the service gets TCP."),
          ...tlsFields,
          default: plainText(
            "Who gets it: a MicroService at its port of the same number, else at its first of the protocol; an EC2Instance at its port.",
          ),
        },
        "A port that is listened on.",
      ),
      "Ports that are listened on.",
    ),
    crossZone: bool("Sends to tasks in all zones, not only in that of the client's address.", { default: true }).optional(),
    idleTimeoutSeconds: int("Closes idle TCP connections.", 60, 6000, { unit: "seconds", default: 350 }).optional(),
    ...commonFields,
  });

/** Props of {@link NLB}. */
export interface NLBProps extends PropsOf<ReturnType<typeof schema>> {}

/** A network load balancer of one's own. */
export class NLB extends BalancerComponent {
  constructor(service: Service, name: string, props: NLBProps) {
    super("NLB", service, name, props);
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;
type Listener = Props["listeners"][number];

/** Kind `NLB`. */
export const nlbKind = defineKind({
  name: "NLB",
  group: "components",
  summary: "A network load balancer of one's own: TCP, TLS and UDP.",
  schema,
  infra: [],
  outputs: BALANCER_OUTPUTS,
  stateful: false,
  links: (props): Link[] => [
    ...balancerLinks(props),
    ...props.listeners.map(
      (l, i): Link => ({ component: l.default, path: `listeners[${i}].default`, orderOnly: true, behind: true, opens: i === 0 }),
    ),
  ],
  expand(props, ctx) {
    const all = distinctListeners(ctx, props.listeners);
    const ports = all.map(({ listener }) => ({ port: listener.port, protocol: layerOf(listener.protocol) }));
    if (props.idleTimeoutSeconds !== undefined && props.listeners.every((l) => l.protocol !== "TCP"))
      ctx.error("idle-unused", "only TCP listeners have an idle timeout of their own", "idleTimeoutSeconds", {
        expected: "a TCP listener",
      });
    const made = balancer(ctx, "network", props, ports, { enableCrossZoneLoadBalancing: props.crossZone ?? true });
    const fronts = offers(props, all, ctx, made);
    const first = props.listeners[0] ?? { port: 80, protocol: "TCP" };
    const url: Value = { $text: [`${first.protocol.toLowerCase()}://`, made.host, `:${first.port}`] };
    const result = balancerResult(made, url, { port: first.port, protocol: layerOf(first.protocol) }, metrics(made));
    const backend = backendOf(props, ctx, made);
    return { ...result, bindings: { ...result.bindings, fronts, ...(backend ? { backend } : {}) } };
  },
});

/** Its first listener, for those who speak HTTP to what stands behind it; none where that speaks UDP. */
function backendOf(props: Props, ctx: ExpandContext, { host, securityGroupId }: MadeBalancer): Backend | undefined {
  const [first] = props.listeners;
  const listenerArn = first && listenerBehind(ctx, first.default, first.port);
  if (!first || first.protocol === "UDP" || listenerArn === undefined) return undefined;
  const internal = props.internal ?? false;
  const scheme = first.protocol === "TLS" ? "https" : "http";
  return backendBehind({
    url: { $text: [`${scheme}://`, host, `:${first.port}`] },
    balancer: { listenerArn, securityGroupId, scheme, internal },
    port: first.port,
    hosts: props.domain ? [props.domain.name] : [],
  });
}

function layerOf(protocol: string): "tcp" | "udp" {
  return protocol === "UDP" ? "udp" : "tcp";
}

/** What each service behind it needs for its listener. */
function offers(
  props: Props,
  all: readonly { listener: Listener; path: string }[],
  ctx: ExpandContext,
  made: MadeBalancer,
): { [path: string]: NetworkFront } {
  const certificate = domainCertificate(ctx, props);
  const { host } = made;
  const handle = balancerHandle(made);
  const entries = all.map(({ listener, path }): [string, NetworkFront] => {
    const { port, protocol } = listener;
    const front: NetworkFront = { type: "network", handle, host, port, protocol };
    if (protocol === "TLS") {
      front.certificateArn = listener.certificateArn ?? certificate(`${path}.certificateArn`);
      front.sslPolicy = listener.sslPolicy ?? DEFAULT_SSL_POLICY;
    } else refuseTls(listener, path, "TLS", ctx);
    if (protocol === "TCP" && props.idleTimeoutSeconds !== undefined) front.idleTimeoutSeconds = props.idleTimeoutSeconds;
    return [`${path}.default`, front];
  });
  return Object.fromEntries(entries);
}

/** Elastic Load Balancing, "CloudWatch metrics for your Network Load Balancer". */
function metrics(made: MadeBalancer) {
  return metricsOf(
    "AWS/NetworkELB",
    { LoadBalancer: made.resource.out("arnSuffix") },
    { ActiveFlowCount: "Average", NewFlowCount: "Sum", ProcessedBytes: "Sum", TCP_Target_Reset_Count: "Sum" },
  );
}
