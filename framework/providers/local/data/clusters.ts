/** Aurora and DocumentDB clusters. */
import type { ParentRule, RuleTable, TypeRule } from "../rules.js";
import { dbSubnetGroup, securityGroups, subnets } from "./database.js";
import { OWN_ROTATION } from "./iam.js";

const docdbSubnetGroup: ParentRule = {
  types: ["aws:docdb/subnetGroup:SubnetGroup"],
  by: ["id", "name"],
  code: "DBSubnetGroupNotFoundFault",
};

/** What both sorts of cluster have. `host`: the service's part of its endpoints. */
const cluster = (host: string, instance: string): TypeRule => ({
  id: "{clusterIdentifier}",
  arn: "arn:{partition}:rds:{region}:{account}:cluster:{clusterIdentifier}",
  computed: {
    clusterIdentifier: "tf-{random:26}",
    port: "{engine|map:aurora-postgresql=5432,aurora-mysql=3306,docdb=27017}",
    endpoint: `{clusterIdentifier}.cluster-local.{region}.${host}.amazonaws.com`,
    readerEndpoint: `{clusterIdentifier}.cluster-ro-local.{region}.${host}.amazonaws.com`,
    clusterResourceId: "cluster-{upper:26}",
    hostedZoneId: "Z2R2ITUGPM61AM",
    availabilityZones: ["{region}a", "{region}b", "{region}c"],
    backupRetentionPeriod: 1,
    preferredBackupWindow: "03:00-03:30",
    preferredMaintenanceWindow: "sun:04:00-sun:04:30",
    masterUserSecrets: [
      {
        secretArn: "arn:{partition}:secretsmanager:{region}:{account}:secret:rds!cluster-{clusterResourceId}-{random:6}",
        secretStatus: "active",
        kmsKeyId: "arn:{partition}:kms:{region}:{account}:alias/aws/secretsmanager",
      },
    ],
    kmsKeyId: "{?storageEncrypted}arn:{partition}:kms:{region}:{account}:key/aws-rds",
  },
  unique: [{ by: ["clusterIdentifier"], code: "DBClusterAlreadyExistsFault" }],
  protectedBy: ["deletionProtection"],
  blockedBy: [{ type: instance, path: "clusterIdentifier", code: "InvalidDBClusterStateFault" }],
  takesAlong: [OWN_ROTATION],
  notRead: ["applyImmediately", "manageMasterUserPassword", "finalSnapshotIdentifier", "allowMajorVersionUpgrade"],
});

/** An instance of a cluster. */
const instance = (host: string): TypeRule => ({
  id: "{identifier}",
  arn: "arn:{partition}:rds:{region}:{account}:db:{identifier}",
  computed: {
    identifier: "tf-{random:26}",
    port: "{engine|map:aurora-postgresql=5432,aurora-mysql=3306,docdb=27017}",
    endpoint: `{identifier}.local.{region}.${host}.amazonaws.com`,
    availabilityZone: "{region}a",
    caCertIdentifier: "rds-ca-rsa2048-g1",
    dbiResourceId: "db-{upper:26}",
    engineVersion: "1",
    kmsKeyId: "arn:{partition}:kms:{region}:{account}:key/aws-rds",
    preferredBackupWindow: "03:00-03:30",
    preferredMaintenanceWindow: "sun:04:00-sun:04:30",
    storageEncrypted: true,
    writer: true,
  },
  unique: [{ by: ["identifier"], code: "DBInstanceAlreadyExists" }],
});

const parameterGroup = (path: string): TypeRule => ({
  id: "{name}",
  arn: `arn:{partition}:rds:{region}:{account}:${path}:{name}`,
  unique: [{ by: ["name"], code: "DBParameterGroupAlreadyExists" }],
});

/** Rules by token. */
export const CLUSTERS: RuleTable = {
  "aws:rds/cluster:Cluster": {
    ...cluster("rds", "aws:rds/clusterInstance:ClusterInstance"),
    parents: { dbSubnetGroupName: dbSubnetGroup, "vpcSecurityGroupIds[*]": securityGroups },
    computed: {
      ...cluster("rds", "").computed,
      engineVersionActual: "{engineVersion}",
      allocatedStorage: 1,
      networkType: "IPV4",
      storageType: "aurora",
      dbClusterParameterGroupName: "default.{engine}",
    },
    recomputed: { engineVersionActual: ["engineVersion"] },
  },
  "aws:rds/clusterInstance:ClusterInstance": {
    ...instance("rds"),
    computed: { ...instance("rds").computed, engineVersionActual: "{engineVersion}", dbParameterGroupName: "default.{engine}" },
    recomputed: { engineVersionActual: ["engineVersion"] },
    parents: { clusterIdentifier: { types: ["aws:rds/cluster:Cluster"], code: "DBClusterNotFoundFault" } },
  },
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": parameterGroup("cluster-pg"),
  "aws:rds/globalCluster:GlobalCluster": {
    id: "{globalClusterIdentifier}",
    arn: "arn:{partition}:rds::{account}:global-cluster:{globalClusterIdentifier}",
    computed: { engineVersionActual: "{engineVersion}", globalClusterResourceId: "cluster-{random:16}" },
    recomputed: { engineVersionActual: ["engineVersion"] },
    unique: [{ by: ["globalClusterIdentifier"], code: "GlobalClusterAlreadyExistsFault" }],
    protectedBy: ["deletionProtection"],
    blockedBy: [{ type: "aws:rds/cluster:Cluster", path: "globalClusterIdentifier", code: "InvalidGlobalClusterStateFault" }],
  },
  "aws:docdb/cluster:Cluster": {
    ...cluster("docdb", "aws:docdb/clusterInstance:ClusterInstance"),
    parents: { dbSubnetGroupName: docdbSubnetGroup, "vpcSecurityGroupIds[*]": securityGroups },
  },
  "aws:docdb/clusterInstance:ClusterInstance": instance("docdb"),
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": parameterGroup("cluster-pg"),
  "aws:docdb/subnetGroup:SubnetGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:subgrp:{name}",
    unique: [{ by: ["name"], code: "DBSubnetGroupAlreadyExists" }],
    parents: { "subnetIds[*]": subnets },
    blockedBy: [{ type: "aws:docdb/cluster:Cluster", path: "dbSubnetGroupName", code: "InvalidDBSubnetGroupStateFault" }],
  },
};
