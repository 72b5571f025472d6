/**
 * ElastiCacheMemcached: a Memcached cluster in private subnets, reachable only by components that refer to it. It keeps nothing over a restart.
 *
 * Costs: each node (cache.t4g.micro about $12, cache.t4g.small about $23 a month).
 *
 *     const pages = new ElastiCacheMemcached(users, "pages", { cluster: { nodeType: "cache.t4g.micro" } });
 *     new MicroService(users, "api", { image, port: 8080, environment: { CACHE_HOST: pages.endpoint } });
 */
import type { z } from "zod";
import { group, int, mapOf, oneOf, plainText } from "../../framework/model/fields.js";
import type { ExpandContext, Ref } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { privatePlace } from "../network/private-place.js";
import { cacheParameters, cacheSubnets } from "./cache-groups.js";

const PORT = 11_211;
const VERSION = "1.6.22";

const schema = () =>
  group(
    {
      engine: group(
        {
          version: plainText("Version.", {
            pattern: /^\d+\.\d+\.\d+$/,
            expected: `a version such as ${VERSION}`,
            default: VERSION,
          }).optional(),
        },
        "What cache it is.",
      ).optional(),
      cluster: group(
        {
          nodeType: plainText("Node type, such as cache.t4g.small.", { pattern: /^cache\./, expected: "a type such as cache.t4g.small" }),
          numNodes: int("Nodes.", 1, 40, { default: 1 }).optional(),
          azMode: oneOf(["single-az", "cross-az"], "Whether the nodes stand in one zone or in several.", {
            default: "cross-az with two nodes or more",
          }).optional(),
        },
        "What it runs on.",
      ),
      parameters: mapOf(plainText("Its value."), "Parameters by name, such as max_item_size; makes a parameter group.").optional(),
      ...commonFields,
    },
    "A Memcached cluster.",
  );

/** Props of {@link ElastiCacheMemcached}. */
export type ElastiCacheMemcachedProps = PropsOf<ReturnType<typeof schema>>;

/** A Memcached cluster. */
export class ElastiCacheMemcached extends Component {
  constructor(service: Service, name: string, props: ElastiCacheMemcachedProps) {
    super("ElastiCacheMemcached", service, name, props);
  }
  /** Host name: the configuration endpoint, from which clients learn the nodes. */
  get endpoint(): Ref {
    return this.output("endpoint");
  }
  /** Port. */
  get port(): Ref {
    return this.output("port");
  }
  /** A `uses` entry: an open port. */
  connect(): Use {
    return this.use("connect");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** The kind ElastiCacheMemcached. */
export const memcachedKind = defineKind({
  name: "ElastiCacheMemcached",
  group: "components",
  summary: "A Memcached cluster.",
  schema,
  infra: [],
  stateful: false,
  outputs: { endpoint: "Host name: the configuration endpoint.", port: "Port." },
  expand(props, ctx) {
    const nodes = props.cluster.numNodes ?? 1;
    const azMode = check(props, ctx, nodes);
    const version = props.engine?.version ?? VERSION;
    const place = privatePlace(ctx, "Cache");
    const cache = resource(ctx, undefined, "aws:elasticache/cluster:Cluster", {
      engine: "memcached",
      engineVersion: version,
      nodeType: props.cluster.nodeType,
      numCacheNodes: nodes,
      azMode,
      port: PORT,
      parameterGroupName:
        Object.keys(props.parameters ?? {}).length === 0 ? undefined : cacheParameters(ctx, family(version), props.parameters ?? {}),
      subnetGroupName: cacheSubnets(ctx, place),
      securityGroupIds: place.securityGroupIds,
      applyImmediately: true,
      tags: ctx.tags,
    });
    return {
      outputs: { endpoint: cache.out("clusterAddress"), port: PORT },
      bindings: {
        grants: { connect: [] },
        defaultAccess: "connect",
        connect: { securityGroupId: place.securityGroupId, port: PORT, protocol: "tcp" },
        // ElastiCache User Guide, "Metrics for Memcached": of all nodes together.
        metrics: metricsOf(
          "AWS/ElastiCache",
          { CacheClusterId: cache.out("clusterId") },
          { CPUUtilization: "Average", Evictions: "Sum", CurrConnections: "Maximum", FreeableMemory: "Minimum" },
        ),
        inject: { _HOST: { value: cache.out("clusterAddress") }, _PORT: { value: PORT } },
      },
    };
  },
});

function check(props: Props, ctx: ExpandContext, nodes: number): string {
  const { azMode } = props.cluster;
  if (azMode === "cross-az" && nodes < 2)
    ctx.error("too-few-nodes", "cross-az needs two nodes", "cluster.numNodes", { expected: "2 to 40" });
  return azMode ?? (nodes > 1 ? "cross-az" : "single-az");
}

/** The parameter group family of a version: `memcached1.6`. */
function family(version: string): string {
  return `memcached${version.split(".").slice(0, 2).join(".")}`;
}
