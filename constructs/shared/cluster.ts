/**
 * The stack's ECS cluster, `_stack/cluster`, and the private DNS namespaces of its service discovery.
 * The cluster is free; a namespace costs as a private hosted zone, about $0.50 a month.
 */
import { canonicalJson } from "../../framework/base/json.js";
import type { SharedContext, SharedKind, Value } from "../../framework/model/index.js";
import { declared, resource } from "../base/resource.js";
import { CAPACITY_PROVIDERS } from "../compute/capacity.js";
import { observabilityOf } from "../compute/logs.js";
import type { NetworkHandle } from "./network.js";

/** What a service asks of the cluster. */
export interface ClusterRequest {
  /** A private DNS namespace to register in; `true` is the stack's own, `<stack>-<environment>.internal`. */
  namespace?: string | true;
  /** It runs on Spot. */
  spot?: boolean;
  /** Names of the stack's own capacity providers that it runs on. */
  providers?: Value[];
}

/** What it gets. */
export interface ClusterHandle {
  arn: Value;
  name: Value;
  /** URNs that must stand before a task starts. */
  ready: string[];
  /** Present if a namespace was asked for. */
  namespace?: { id: Value; arn: Value; name: string };
}

const CLUSTER = "aws:ecs/cluster:Cluster";
const PROVIDERS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
const NAMESPACE = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace";

/** The shared resource `cluster`. */
export const sharedCluster: SharedKind = {
  name: "cluster",
  handle(request, ctx): ClusterHandle {
    const { namespace, spot, providers } = request as ClusterRequest;
    const cluster = declared(ctx, undefined, CLUSTER);
    const ready = spot || providers !== undefined ? [ctx.urn("capacity", PROVIDERS)] : [];
    const handle: ClusterHandle = { arn: cluster.out("arn"), name: cluster.out("name"), ready };
    if (namespace === undefined) return handle;
    const { out } = declared(ctx, namespaceRole(namespace), NAMESPACE);
    return { ...handle, namespace: { id: out("id"), arn: out("arn"), name: namespaceName(namespace, ctx) } };
  },
  expand(requests, ctx) {
    const insights = observabilityOf(ctx).metrics?.containerInsights;
    const cluster = resource(ctx, undefined, CLUSTER, {
      settings: insights === undefined ? undefined : [{ name: "containerInsights", value: insights ? "enabled" : "disabled" }],
      tags: ctx.tags,
    });
    const asked = requests.map((r) => r.request as ClusterRequest);
    const own = new Map(asked.flatMap(({ providers = [] }) => providers.map((name) => [canonicalJson(name), name] as const)));
    if (own.size > 0 || asked.some(({ spot }) => spot)) {
      const capacityProviders = [...CAPACITY_PROVIDERS, ...[...own].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name)];
      resource(ctx, "capacity", PROVIDERS, { clusterName: cluster.out("name"), capacityProviders });
    }
    const names = new Map<string, string>();
    for (const { namespace } of asked) {
      if (namespace !== undefined) names.set(namespaceRole(namespace), namespaceName(namespace, ctx));
    }
    if (names.size === 0) return { outputs: {} };
    const { vpcId } = ctx.shared<NetworkHandle>("network", { tier: "public" });
    for (const [role, name] of [...names].sort(([a], [b]) => (a < b ? -1 : 1)))
      resource(ctx, role, NAMESPACE, { name, vpc: vpcId, description: `Services of ${ctx.stack} in ${ctx.environment}`, tags: ctx.tags });
    return { outputs: {} };
  },
};

/** The name of a namespace as asked for. */
export function namespaceName(namespace: string | true, ctx: Pick<SharedContext, "stack" | "environment">): string {
  return namespace === true ? `${ctx.stack}-${ctx.environment}.internal` : namespace;
}

function namespaceRole(namespace: string | true): string {
  return namespace === true ? "namespace" : `namespace-${namespace.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}`;
}
