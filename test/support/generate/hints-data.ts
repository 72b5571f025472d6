/** Hints for kinds that keep data: hints.ts says what hints are. */
import type { KindHints } from "./hints.js";

const AURORA = { engine: { type: "aurora-postgresql", version: "16.4" }, instance: null };
const INSTANCE = { class: "db.t4g.small", storage: { allocatedGB: 20 } };

const PROVISIONED = {
  billingMode: "PROVISIONED",
  readCapacity: 4,
  writeCapacity: 5,
  globalSecondaryIndexes: [{ name: "i-#", hashKey: { name: "k", type: "S" }, projection: "ALL", readCapacity: 2, writeCapacity: 3 }],
  replicas: null,
};

function keyPolicy(Id: string) {
  const statement = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*", Resource: "*" };
  return { Version: "2012-10-17", Id, Statement: [statement] };
}

/** By the kind's name. */
export const DATA_HINTS: { [kind: string]: KindHints } = {
  KMSKey: { values: { alias: ["shop/key", "alias/shop/other"], policy: [keyPolicy("one"), keyPolicy("other")] } },
  EFS: {
    values: {
      throughputMode: ["elastic", "bursting"],
      "lifecycle.toInfrequentAccessDays": [7, 30],
      "lifecycle.toArchiveDays": [90, 180],
      "accessPoints[].permissions": ["0755", "0700"],
    },
    with: {
      provisionedThroughput: { throughputMode: "provisioned" },
      performanceMode: { throughputMode: "bursting" },
    },
  },
  EBS: {
    values: {
      sizeGB: [200, 300],
      iops: [3000, 4000],
      throughput: [200, 300],
      "snapshots.schedule": ["rate(6 hours)", "cron(0 3 * * ? *)"],
    },
    with: { iops: { type: "gp3" }, throughput: { type: "gp3" }, type: { iops: null, throughput: null } },
  },
  ElastiCacheRedis: {
    values: { "engine.version": ["7.1", "7.2"], "cluster.nodeType": ["cache.t4g.small", "cache.t4g.micro"], "cluster.numNodes": [2, 3] },
    with: {
      "cluster.numNodes": { cluster: { mode: "replication-group", shards: null, replicasPerShard: null } },
      "cluster.shards": { cluster: { mode: "cluster", numNodes: null } },
      "cluster.replicasPerShard": { cluster: { mode: "cluster", numNodes: null } },
      "cluster.mode": { cluster: { numNodes: null, shards: null, replicasPerShard: null } },
      "security.authSecret": { security: { transitEncryption: true } },
      "security.transitEncryption": { security: { authSecret: null } },
    },
  },
  ElastiCacheMemcached: {
    values: {
      "engine.version": ["1.6.22", "1.6.17"],
      "cluster.nodeType": ["cache.t4g.small", "cache.t4g.micro"],
      "cluster.numNodes": [2, 3],
    },
    with: { "cluster.azMode": { cluster: { numNodes: 2 } } },
  },
  MemoryDB: {
    values: { "engine.version": ["7.1", "7.2"], "cluster.nodeType": ["db.t4g.small", "db.t4g.medium"], "security.acl": ["open-access"] },
    with: { "security.tls": { security: { acl: "open-access" } } },
  },
  DocumentDB: {
    values: { "engine.version": ["5.0.0", "4.0.0"], "cluster.instanceClass": ["db.t4g.medium", "db.r6g.large"] },
  },
  DynamoDB: {
    base: { billingMode: "PAY_PER_REQUEST" },
    values: {
      "autoscaling.read.min": [1, 2],
      "autoscaling.read.max": [5, 6],
      "autoscaling.write.min": [1, 2],
      "autoscaling.write.max": [5, 6],
    },
    with: {
      autoscaling: { ...PROVISIONED, autoscaling: { read: { min: 1, max: 5 } } },
      localSecondaryIndexes: { rangeKey: { name: "at", type: "N" } },
      readCapacity: PROVISIONED,
      writeCapacity: PROVISIONED,
      "globalSecondaryIndexes[].readCapacity": PROVISIONED,
      "globalSecondaryIndexes[].writeCapacity": PROVISIONED,
      replicas: { billingMode: "PAY_PER_REQUEST", encryption: { kmsKey: null } },
      "encryption.kmsKey": { replicas: null },
    },
  },
  MSK: {
    base: { version: "3.6.0", brokers: { instanceType: "kafka.t3.small", count: 2 } },
    values: {
      version: ["3.6.0", "3.7.x"],
      "brokers.instanceType": ["kafka.t3.small", "kafka.m7g.large"],
      "brokers.count": [2, 4],
      serverless: [true],
    },
    with: {
      serverless: { brokers: null, security: null, configuration: null },
      "security.iam": { security: { scram: null, tls: null } },
      "security.scram": { security: { iam: null, tls: null } },
      "security.tls": { security: { iam: null, scram: null } },
    },
  },
  RDS: {
    never: { global: "the stack is in one region", "global.writeForwarding": "the stack is in one region" },
    base: { engine: { type: "postgres", version: "16" }, instance: INSTANCE },
    values: {
      "engine.type": ["postgres", "mariadb"],
      "instance.replicaScaling.min": [1, 2],
      "instance.replicaScaling.max": [4, 5],
      "serverless.minACU": [0.5, 1],
      "serverless.maxACU": [4, 8],
    },
    with: {
      instance: { instance: INSTANCE },
      "instance.readReplicas": { database: { name: "app", username: "app", passwordSecret: { ref: "secret" } } },
      "instance.replicaScaling": {
        engine: AURORA.engine,
        instance: { class: "db.r7g.large", storage: null, iops: null, replicaScaling: { max: 5, targetConnections: null } },
        serverless: null,
        backup: null,
      },
      "instance.replicaScaling.targetConnections": {
        engine: AURORA.engine,
        instance: { class: "db.r7g.large", storage: null, iops: null, replicaScaling: { max: 5, targetCPUPercent: null } },
        serverless: null,
        backup: null,
      },
      serverless: AURORA,
    },
  },
};
