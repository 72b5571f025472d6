/** ElastiCache and MemoryDB. */
import type { ParentRule, RuleTable, TypeRule } from "../rules.js";
import { securityGroups, subnets } from "./database.js";

const named = (service: string, path: string, code: string, more: Partial<TypeRule> = {}): TypeRule => ({
  id: "{name}",
  arn: `arn:{partition}:${service}:{region}:{account}:${path}{name}`,
  unique: [{ by: ["name"], code }],
  ...more,
});

const cacheSubnets: ParentRule = {
  types: ["aws:elasticache/subnetGroup:SubnetGroup"],
  by: ["id", "name"],
  code: "CacheSubnetGroupNotFoundFault",
};
const memorySubnets: ParentRule = { types: ["aws:memorydb/subnetGroup:SubnetGroup"], by: ["id", "name"], code: "SubnetGroupNotFoundFault" };
const inUse = (type: string, code: string) => [{ type, path: "subnetGroupName", code }];

/** Rules by token. */
export const CACHES: RuleTable = {
  "aws:elasticache/subnetGroup:SubnetGroup": named("elasticache", "subnetgroup:", "CacheSubnetGroupAlreadyExists", {
    computed: { vpcId: "vpc-{hex:17}" },
    parents: { "subnetIds[*]": subnets },
    blockedBy: [
      ...inUse("aws:elasticache/replicationGroup:ReplicationGroup", "CacheSubnetGroupInUse"),
      ...inUse("aws:elasticache/cluster:Cluster", "CacheSubnetGroupInUse"),
    ],
  }),
  "aws:elasticache/parameterGroup:ParameterGroup": named("elasticache", "parametergroup:", "CacheParameterGroupAlreadyExists"),
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    id: "{replicationGroupId}",
    arn: "arn:{partition}:elasticache:{region}:{account}:replicationgroup:{replicationGroupId}",
    computed: {
      primaryEndpointAddress: "master.{replicationGroupId}.local.cache.amazonaws.com",
      readerEndpointAddress: "replica.{replicationGroupId}.local.cache.amazonaws.com",
      configurationEndpointAddress: "clustercfg.{replicationGroupId}.local.cache.amazonaws.com",
      engineVersionActual: "{engineVersion}.0",
    },
    recomputed: { engineVersionActual: ["engineVersion"] },
    unique: [{ by: ["replicationGroupId"], code: "ReplicationGroupAlreadyExists" }],
    parents: { "securityGroupIds[*]": securityGroups, subnetGroupName: cacheSubnets },
    notRead: ["applyImmediately", "authToken", "authTokenUpdateStrategy", "finalSnapshotIdentifier"],
  },
  "aws:elasticache/cluster:Cluster": {
    id: "{clusterId}",
    arn: "arn:{partition}:elasticache:{region}:{account}:cluster:{clusterId}",
    computed: {
      clusterAddress: "{clusterId}.local.cfg.cache.amazonaws.com",
      configurationEndpoint: "{clusterAddress}:11211",
      port: 11211,
      azMode: "single-az",
      engineVersionActual: "{engineVersion}",
    },
    recomputed: { engineVersionActual: ["engineVersion"] },
    unique: [{ by: ["clusterId"], code: "CacheClusterAlreadyExists" }],
    parents: { "securityGroupIds[*]": securityGroups, subnetGroupName: cacheSubnets },
    notRead: ["applyImmediately"],
    // Of Memcached, the only engine that is made so here: the resource's documentation, node_type.
    forceNew: { nodeType: true },
  },
  "aws:memorydb/subnetGroup:SubnetGroup": named("memorydb", "subnetgroup/", "SubnetGroupAlreadyExistsFault", {
    computed: { vpcId: "vpc-{hex:17}" },
    parents: { "subnetIds[*]": subnets },
    blockedBy: inUse("aws:memorydb/cluster:Cluster", "SubnetGroupInUseFault"),
  }),
  "aws:memorydb/parameterGroup:ParameterGroup": named("memorydb", "parametergroup/", "ParameterGroupAlreadyExistsFault"),
  "aws:memorydb/acl:Acl": named("memorydb", "acl/", "ACLAlreadyExistsFault", {
    parents: { "userNames[*]": { types: ["aws:memorydb/user:User"], by: ["id", "userName"], code: "UserNotFoundFault" } },
  }),
  "aws:memorydb/user:User": {
    id: "{userName}",
    arn: "arn:{partition}:memorydb:{region}:{account}:user/{userName}",
    unique: [{ by: ["userName"], code: "UserAlreadyExistsFault" }],
  },
  "aws:memorydb/cluster:Cluster": named("memorydb", "cluster/", "ClusterAlreadyExistsFault", {
    computed: {
      clusterEndpoints: [{ address: "clustercfg.{name}.local.memorydb.{region}.amazonaws.com", port: 6379 }],
      enginePatchVersion: "{engineVersion}.0",
      port: 6379,
      maintenanceWindow: "sun:04:00-sun:05:00",
      snapshotWindow: "03:00-04:00",
      parameterGroupName: "default.memorydb-redis7",
      shards: [{ name: "0001", numNodes: 2, slots: "0-16383", nodes: [] }],
    },
    parents: { "securityGroupIds[*]": securityGroups, subnetGroupName: memorySubnets },
    notRead: ["finalSnapshotName"],
  }),
};
