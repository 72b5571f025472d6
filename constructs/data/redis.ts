/**
 * ElastiCacheRedis: a Redis or Valkey cache in private subnets, encrypted at rest and in transit, reachable only by components that refer to it.
 *
 * Costs: each node (cache.t4g.micro about $12, cache.t4g.small about $23 a month; Valkey a fifth less); backups $0.085 per GB and month.
 *
 *     const sessions = new ElastiCacheRedis(users, "sessions", { cluster: { nodeType: "cache.t4g.micro" } });
 *     new MicroService(users, "api", { image, port: 8080, environment: { REDIS_URL: sessions.url } });
 */
import type { z } from "zod";
import { bool, group, int, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Metric, Ref, ResourceHandle, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { secretSource, secretValue } from "../compute/secret-ref.js";
import { type PrivatePlace, privatePlace } from "../network/private-place.js";
import { finalSnapshotName, WINDOW } from "./common.js";
import { cacheParameters, cacheSubnets } from "./cache-groups.js";

const PORT = 6379;
/** Engine versions where none is given. */
const VERSIONS = { redis: "7.1", valkey: "8.0" } as const;
/** Sizes where nothing is said. */
const DEFAULTS = { nodes: 2, shards: 2, replicas: 1, productionBackupDays: 7 };

const schema = () =>
  group(
    {
      engine: group(
        {
          type: oneOf(["redis", "valkey"], "Redis OSS, or Valkey, which is compatible and a fifth cheaper.", {
            default: "redis",
          }).optional(),
          version: plainText("Major and minor version.", {
            pattern: /^\d+\.(\d+|x)$/,
            expected: "major.minor, such as 7.1",
            default: "7.1 (redis), 8.0 (valkey)",
          }).optional(),
        },
        "What cache it is.",
      ).optional(),
      cluster: group(
        {
          mode: oneOf(
            ["single", "replication-group", "cluster"],
            "One node; one primary with replicas that take over; or shards of such, for clients that speak the cluster protocol.",
            { default: "single" },
          ).optional(),
          nodeType: plainText("Node type, such as cache.t4g.small.", { pattern: /^cache\./, expected: "a type such as cache.t4g.small" }),
          numNodes: int("replication-group: the primary and its replicas.", 1, 6, { default: DEFAULTS.nodes }).optional(),
          shards: int("cluster: shards.", 1, 500, { default: DEFAULTS.shards }).optional(),
          replicasPerShard: int("cluster: replicas of each shard.", 0, 5, { default: DEFAULTS.replicas }).optional(),
        },
        "What it runs on.",
      ),
      security: group(
        {
          atRestEncryption: bool("Encryption at rest; a change replaces the cache.", { default: true }).optional(),
          transitEncryption: bool("TLS; clients connect by `rediss://`.", { default: true }).optional(),
          authSecret: text("A secretRef whose value is the password that clients must give, 16 to 128 characters.").optional(),
        },
        "Encryption and password.",
      ).optional(),
      backup: group(
        {
          retentionDays: int("Days to keep daily snapshots; 0: none.", 0, 35, {
            unit: "days",
            default: "7 in production, else 0",
          }).optional(),
          window: plainText("UTC, such as 03:00-04:00.", { pattern: WINDOW, expected: "hh:mm-hh:mm" }).optional(),
        },
        "Snapshots.",
      ).optional(),
      parameters: mapOf(plainText("Its value."), "Parameters by name, such as maxmemory-policy; makes a parameter group.").optional(),
      ...commonFields,
    },
    "A Redis or Valkey cache.",
  );

/** Props of {@link ElastiCacheRedis}. */
export type ElastiCacheRedisProps = PropsOf<ReturnType<typeof schema>>;

/** A Redis or Valkey cache. */
export class ElastiCacheRedis extends Component {
  constructor(service: Service, name: string, props: ElastiCacheRedisProps) {
    super("ElastiCacheRedis", service, name, props);
  }
  /** Host name: of the primary, or the configuration endpoint in mode cluster. */
  get endpoint(): Ref {
    return this.output("endpoint");
  }
  /** Host name that spreads reads over the replicas; not in mode cluster. */
  get readerEndpoint(): Ref {
    return this.output("readerEndpoint");
  }
  /** Port. */
  get port(): Ref {
    return this.output("port");
  }
  /** `rediss://host:port`. */
  get url(): Ref {
    return this.output("url");
  }
  /** A `uses` entry: an open port, and the variables `<NAME>_HOST`, `_PORT`, `_URL`. */
  connect(): Use {
    return this.use("connect");
  }
  /** A `uses` entry: lets the user's program read the secret of `security.authSecret`; an error without one. */
  read(): Use {
    return this.use("read");
  }
}

type Props = Expanded<z.output<ReturnType<typeof schema>>>;

/** The kind ElastiCacheRedis. */
export const redisKind = defineKind({
  name: "ElastiCacheRedis",
  group: "components",
  summary: "A Redis or Valkey cache.",
  schema,
  infra: [],
  stateful: true,
  outputs: {
    endpoint: "Host name of the primary, or the configuration endpoint in mode cluster.",
    readerEndpoint: "Host name that spreads reads over the replicas; not in mode cluster.",
    port: "Port.",
    url: "`rediss://host:port`, without TLS `redis://host:port`.",
  },
  hasOutput(name, props) {
    if (name === "readerEndpoint") return (props as Partial<Props>).cluster?.mode !== "cluster";
    return ["endpoint", "port", "url"].includes(name);
  },
  links(props) {
    const ref = props.security?.authSecret;
    return typeof ref === "string" ? [{ component: ref, path: "security.authSecret", optional: true, orderOnly: true }] : [];
  },
  expand(props, ctx) {
    check(props, ctx);
    const place = privatePlace(ctx, "Cache");
    const cache = replicationGroup(props, ctx, place);
    const sharded = props.cluster.mode === "cluster";
    const endpoint = cache.out(sharded ? "configurationEndpointAddress" : "primaryEndpointAddress");
    const scheme = (props.security?.transitEncryption ?? true) ? "rediss" : "redis";
    const auth = props.security?.authSecret;
    const url = { $text: [`${scheme}://`, endpoint, `:${PORT}`] };
    return {
      outputs: {
        endpoint,
        ...(sharded ? {} : { readerEndpoint: cache.out("readerEndpointAddress") }),
        port: PORT,
        url,
      },
      bindings: {
        grants: {
          connect: [],
          ...(auth === undefined
            ? {}
            : { read: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secretSource(ctx, auth as Value).arn] }] }),
        },
        defaultAccess: "connect",
        connect: { securityGroupId: place.securityGroupId, port: PORT, protocol: "tcp" },
        metrics: metrics(cache, sharded),
        inject: { _HOST: { value: endpoint }, _PORT: { value: PORT }, _URL: { value: url } },
      },
    };
  },
});

/**
 * Of the first node, the primary until another takes over: ElastiCache measures each node by itself (its User Guide, "Metrics for Valkey and Redis OSS"),
 * and numbers them `<group>-001`, in mode cluster `<group>-0001-001`.
 */
function metrics(cache: ResourceHandle, sharded: boolean): Metric[] {
  return metricsOf(
    "AWS/ElastiCache",
    { CacheClusterId: { $text: [cache.out("replicationGroupId"), sharded ? "-0001-001" : "-001"] } },
    { EngineCPUUtilization: "Average", DatabaseMemoryUsagePercentage: "Maximum", CurrConnections: "Maximum", Evictions: "Sum" },
  );
}

/** How many nodes, in the words of ElastiCache. */
function size(props: Props) {
  const { mode = "single", numNodes, shards, replicasPerShard } = props.cluster;
  if (mode === "cluster") {
    const replicas = replicasPerShard ?? DEFAULTS.replicas;
    return {
      numNodeGroups: shards ?? DEFAULTS.shards,
      replicasPerNodeGroup: replicas,
      automaticFailoverEnabled: true,
      multiAzEnabled: replicas > 0,
    };
  }
  const nodes = mode === "single" ? 1 : (numNodes ?? DEFAULTS.nodes);
  return { numCacheClusters: nodes, automaticFailoverEnabled: nodes > 1, multiAzEnabled: nodes > 1 };
}

function replicationGroup(props: Props, ctx: ExpandContext, place: PrivatePlace): ResourceHandle {
  const { security, backup } = props;
  const engine = props.engine?.type ?? "redis";
  const version = props.engine?.version ?? VERSIONS[engine];
  const retention = backup?.retentionDays ?? (ctx.environmentClass === "production" ? DEFAULTS.productionBackupDays : 0);
  const auth = security?.authSecret as Value | undefined;
  return resource(ctx, undefined, "aws:elasticache/replicationGroup:ReplicationGroup", {
    description: `Cache ${ctx.address}`,
    engine,
    engineVersion: version,
    nodeType: props.cluster.nodeType,
    ...size(props),
    port: PORT,
    parameterGroupName: parameterGroup(props, ctx, engine, version),
    subnetGroupName: cacheSubnets(ctx, place),
    securityGroupIds: place.securityGroupIds,
    atRestEncryptionEnabled: security?.atRestEncryption ?? true,
    transitEncryptionEnabled: security?.transitEncryption ?? true,
    authToken: auth === undefined ? undefined : secretValue(ctx, auth, "security.authSecret"),
    snapshotRetentionLimit: retention,
    snapshotWindow: backup?.window,
    finalSnapshotIdentifier: ctx.environmentClass === "production" && retention > 0 ? finalSnapshotName(ctx) : undefined,
    autoMinorVersionUpgrade: true,
    applyImmediately: true,
    tags: ctx.tags,
  });
}

/** A group of one's own where there are parameters; mode cluster needs one that says so. */
function parameterGroup(props: Props, ctx: ExpandContext, engine: "redis" | "valkey", version: string): Value | undefined {
  const family = cacheFamily(engine, version);
  const sharded = props.cluster.mode === "cluster";
  const written = Object.entries(props.parameters ?? {});
  if (written.length === 0) return sharded ? `default.${family}.cluster.on` : undefined;
  return cacheParameters(ctx, family, { ...(sharded ? { "cluster-enabled": "yes" } : {}), ...props.parameters });
}

/** The parameter group family of a version: `redis7`, `redis6.x`, `redis5.0`, `valkey8`. */
export function cacheFamily(engine: string, version: string): string {
  const [major = "", minor] = version.split(".");
  if (engine === "redis" && major === "6") return "redis6.x";
  return Number(major) >= 7 ? `${engine}${major}` : `${engine}${major}.${minor ?? "0"}`;
}

function check(props: Props, ctx: ExpandContext): void {
  const { mode = "single", numNodes, shards, replicasPerShard } = props.cluster;
  const only = (field: string, value: unknown, where: string): void => {
    if (value !== undefined && mode !== where)
      ctx.error("mode-mismatch", `${field} is for mode ${where}, not ${mode}`, `cluster.${field}`, {
        next: `set mode: ${where}, or remove it`,
      });
  };
  if (!(mode === "single" && numNodes === 1)) only("numNodes", numNodes, "replication-group");
  only("shards", shards, "cluster");
  only("replicasPerShard", replicasPerShard, "cluster");
  if (mode === "replication-group" && numNodes === 1)
    ctx.error("too-few-nodes", "a replication group needs a replica", "cluster.numNodes", { expected: "2 to 6, or mode: single" });
  const { transitEncryption, authSecret } = props.security ?? {};
  if (authSecret !== undefined && transitEncryption === false)
    ctx.error("auth-without-tls", "ElastiCache takes a password over TLS only", "security.transitEncryption", { expected: "true" });
}
