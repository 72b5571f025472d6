/** A service behind load balancers: the stack's, and those that are components of their own (kinds ALB and NLB) and name it. */
import type { Backend, ExpandContext, Value } from "../../framework/model/index.js";
import { type ApplicationFront, type Fronting, forwardingListener, forwardingRules, frontsOf, type NetworkFront } from "../edge/front.js";
import { fixedPath, backendBehind } from "../edge/private-backend.js";
import type { NetworkHandle } from "../shared/network.js";
import { httpPort, tcpPort } from "./container.js";
import type { ServiceProps } from "./ecs-service.js";
import { expose, type Exposure, letIn, targetGroup, wayTo } from "./exposure.js";

/** The service as its own declarations see it. */
interface Place {
  props: ServiceProps;
  vpcId: Value;
  group: Value;
}

/** Declares all of them; the first is where the service is reached. One that stands behind a balancer of its own leaves the stack's unless `loadBalancer.enabled`. */
export function exposures(ctx: ExpandContext, props: ServiceProps, network: NetworkHandle, group: Value): Exposure[] {
  const fronting = frontsOf(ctx);
  const { loadBalancer, ingress } = props.networking ?? {};
  const alone = fronting.length > 0 && loadBalancer?.enabled !== true;
  if (alone && ingress)
    ctx.error("ingress-unused", `${fronting[0]?.address} says by its own rules what is sent here`, "networking.ingress", {
      next: "remove it, or set networking.loadBalancer.enabled: true to stand behind the stack's load balancer too",
    });
  const shared = alone ? undefined : expose(ctx, props, network, group);
  const place = { props, vpcId: network.vpcId, group };
  return [...(shared ? [shared] : []), ...fronting.flatMap((f) => behind(ctx, f, place))];
}

function behind(ctx: ExpandContext, fronting: Fronting, place: Place): Exposure[] {
  const { fronts } = fronting;
  const application = fronts.filter((f) => f.type === "application");
  const network = fronts.filter((f) => f.type === "network");
  const open = new Set<string>();
  return [
    ...(application.length > 0 ? byRules(ctx, fronting, application, place) : []),
    ...network.flatMap((front) => byPort(ctx, fronting, front, place, open)),
  ];
}

/** One target group, roles `targets-<balancer>`, `from-<balancer>`, and a rule `rule-<balancer>-<port>-<hash of its route>` each. */
function byRules(ctx: ExpandContext, { balancer, address }: Fronting, fronts: readonly ApplicationFront[], place: Place): Exposure[] {
  const ports = place.props.ports ?? [];
  const port = httpPort(ports) ?? tcpPort(ports);
  const [first] = fronts;
  if (!port || !first) return noPort(ctx, address, "a TCP port");
  const target = targetGroup(ctx, `targets-${balancer}`, place.props, "application", port, place.vpcId);
  letIn(ctx, `from-${balancer}`, place.group, first.handle, wayTo(place.props, port));
  const ready = forwardingRules(ctx, { balancer, address }, fronts, target.out("arn"));
  return [
    {
      type: "application",
      balancer: first.handle,
      port: port.port,
      role: `targets-${balancer}`,
      targetGroupArn: target.out("arn"),
      targetGroupSuffix: target.out("arnSuffix"),
      url: urlOf(first),
      backend: backendOf(first),
      ready,
    },
  ];
}

/** A target group and a listener per port; roles `targets-<balancer>-<port>`, `listener-<balancer>-<port>`, `from-<balancer>-<port>`. */
function byPort(ctx: ExpandContext, { balancer, address }: Fronting, front: NetworkFront, place: Place, open: Set<string>): Exposure[] {
  const { handle, protocol } = front;
  const wanted = protocol === "UDP" ? "udp" : "tcp";
  const able = (place.props.ports ?? []).filter((p) => (p.protocol ?? "tcp").toLowerCase() === wanted);
  const port = able.find((p) => p.port === front.port) ?? able[0];
  if (!port) return noPort(ctx, address, `a port with protocol ${wanted}`);
  const at = `${balancer}-${front.port}`;
  const target = targetGroup(ctx, `targets-${at}`, place.props, "network", port, place.vpcId);
  letIn(ctx, `from-${at}`, place.group, handle, wayTo(place.props, port), open);
  const listener = forwardingListener(ctx, { balancer }, front, target.out("arn"));
  return [
    {
      type: "network",
      balancer: { ...handle, listenerArn: listener.out("arn"), scheme: "http", internal: false },
      port: port.port,
      role: `targets-${at}`,
      targetGroupArn: target.out("arn"),
      targetGroupSuffix: target.out("arnSuffix"),
      url: { $text: [`${protocol.toLowerCase()}://`, front.host, `:${front.port}`] },
      backend: undefined,
      ready: [listener.urn],
    },
  ];
}

function noPort(ctx: ExpandContext, address: string, what: string): [] {
  ctx.error("no-port", `${address} sends to ${what}, which this component has not`, "ports", { expected: what });
  return [];
}

function backendOf(front: ApplicationFront): Backend | undefined {
  const { handle: balancer, host, port, route } = front;
  const hosts = route?.hosts.length ? route.hosts : typeof host === "string" ? [host] : [];
  return backendBehind({ url: urlOf(front), balancer, port, path: route?.path, hosts });
}

/** `https://host[:port][/path]` of the first rule; a host with a wildcard is no address. */
function urlOf({ handle, host, port, route }: ApplicationFront): Value {
  const own = route?.hosts.find((h) => !/[*?]/.test(h));
  const usual = port === (handle.scheme === "https" ? 443 : 80);
  const tail = `${usual ? "" : `:${port}`}${fixedPath(route?.path)}`;
  const at = own ?? host;
  return typeof at === "string" ? `${handle.scheme}://${at}${tail}` : { $text: [`${handle.scheme}://`, at, ...(tail ? [tail] : [])] };
}
