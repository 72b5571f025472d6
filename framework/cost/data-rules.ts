/** What caches, clusters, brokers and disks cost a month while nobody uses them. */
import type { ResourceSpec } from "../model/resource.js";
import { monthly, PRICES, priceKey } from "./prices.js";
import { type Estimate, flat, referred, type Rule } from "./rule.js";

/** Valkey nodes cost four fifths of Redis nodes: so in every row of the AWS Price List API, AmazonElastiCache, of October 2026. */
const VALKEY = 0.8;
/** MemoryDB's cost seven tenths: 2.8 normalized units instead of 4 (MemoryDB Developer Guide, "Size flexible reserved nodes"). */
const MEMORYDB_VALKEY = 0.7;

/** Rules by type. */
export const DATA_RULES: { [type: string]: Rule } = {
  "aws:ebs/volume:Volume": (spec) => sized("ebs", spec.props["type"], spec.props["size"]),
  "aws:elasticache/cluster:Cluster": (spec) => nodes(spec.props["nodeType"], count(spec, "numCacheNodes")),
  "aws:elasticache/replicationGroup:ReplicationGroup": (spec) => {
    const shards = count(spec, "numNodeGroups");
    const all = shards > 0 ? shards * (1 + count(spec, "replicasPerNodeGroup")) : Math.max(1, count(spec, "numCacheClusters"));
    return nodes(spec.props["nodeType"], all, spec.props["engine"] === "valkey" ? VALKEY : 1);
  },
  "aws:memorydb/cluster:Cluster": (spec) => {
    // The provider's defaults: one shard, one replica, Redis.
    const all = countOr(spec, "numShards", 1) * (1 + countOr(spec, "numReplicasPerShard", 1));
    return nodes(`memorydb ${String(spec.props["nodeType"])}`, all, spec.props["engine"] === "valkey" ? MEMORYDB_VALKEY : 1);
  },
  "aws:rds/instance:Instance": database,
  "aws:docdb/clusterInstance:ClusterInstance": (spec) => nodes(`documentdb ${String(spec.props["instanceClass"])}`, 1),
  "aws:rds/clusterInstance:ClusterInstance": aurora,
  "aws:msk/serverlessCluster:ServerlessCluster": flat("kafkaServerless"),
  "aws:msk/cluster:Cluster": brokers,
};

/** `count` machines of one type. */
export function nodes(type: unknown, count: number, share = 1): Estimate {
  const key = priceKey(String(type));
  if (!key) return "unknown";
  return { dollars: share * monthly(key, count), items: [count === 1 ? PRICES[key].item : `${count} x ${PRICES[key].item}`] };
}

function sized(prefix: string, type: unknown, size: unknown): Estimate {
  const key = priceKey(`${prefix} ${String(type)}`);
  const gb = Number(size);
  return key && gb > 0 ? { dollars: monthly(key, gb), items: [`${gb} GB of ${PRICES[key].item}`] } : "unknown";
}

/** A database of one machine, or of two where it is in two zones; its disk, and the operations bought with an io1 or io2 disk. */
function database(spec: ResourceSpec): Estimate {
  const size = String(spec.props["instanceClass"]);
  const postgres = String(spec.props["engine"]).startsWith("postgres") ? priceKey(`postgres ${size}`) : undefined;
  const key = postgres ?? (size.startsWith("db.") ? priceKey(size) : undefined);
  if (!key) return "unknown";
  const copies = spec.props["multiAz"] === true ? 2 : 1;
  const gb = count(spec, "allocatedStorage");
  const bought = String(spec.props["storageType"]).startsWith("io");
  const space = monthly(bought ? "databaseIopsStorage" : "databaseStorage", gb);
  const dollars = copies * (monthly(key) + space + (bought ? monthly("databaseIops", count(spec, "iops")) : 0));
  return { dollars, items: [`${size}${copies === 2 ? " in two zones" : ""}`, ...(gb > 0 ? [`${gb} GB`] : [])] };
}

/** An instance of an Aurora cluster; a serverless one by the least capacity that it keeps. */
function aurora(spec: ResourceSpec, find: (urn: string) => ResourceSpec | undefined): Estimate {
  if (spec.props["instanceClass"] !== "db.serverless") return nodes(`aurora ${String(spec.props["instanceClass"])}`, 1);
  const cluster = referred(spec.props["clusterIdentifier"], find);
  const scaling = cluster?.props["serverlessv2ScalingConfiguration"] as { minCapacity?: unknown } | undefined;
  const least = Number(scaling?.minCapacity);
  return Number.isFinite(least) ? { dollars: monthly("auroraCapacity", least), items: [`${least} Aurora capacity units`] } : "unknown";
}

function brokers(spec: ResourceSpec): Estimate {
  const info = spec.props["brokerNodeGroupInfo"] as
    | { instanceType?: unknown; storageInfo?: { ebsStorageInfo?: { volumeSize?: unknown } } }
    | undefined;
  const all = count(spec, "numberOfBrokerNodes");
  const machines = nodes(info?.instanceType, all);
  const gb = all * (Number(info?.storageInfo?.ebsStorageInfo?.volumeSize) || 0);
  if (machines === "unknown") return machines;
  return { dollars: machines.dollars + monthly("kafkaStorage", gb), items: [...machines.items, ...(gb > 0 ? [`${gb} GB`] : [])] };
}

function count(spec: ResourceSpec, property: string): number {
  return Number(spec.props[property] ?? 0) || 0;
}

function countOr(spec: ResourceSpec, property: string, otherwise: number): number {
  return spec.props[property] === undefined ? otherwise : count(spec, property);
}
