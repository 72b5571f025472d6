/** Golden assemblies of the data, messaging and storage kinds. */
import { test } from "uvu";
import {
  CronJob,
  DocumentDB,
  DynamoDB,
  EBS,
  EFS,
  ElastiCacheMemcached,
  ElastiCacheRedis,
  EventBridge,
  KMSKey,
  MemoryDB,
  MSK,
  Observability,
  RDS,
  S3,
  Secret,
  Security,
  SNS,
  SQS,
  Worker,
} from "../../constructs/index.js";
import { AwsResource } from "../../constructs/aws.js";
import { type GoldenStacks, goldenTests } from "../support/golden.js";

const stacks: GoldenStacks = {
  images: {
    fill(service) {
      const build = { context: "./app", target: "worker", args: { LEVEL: "info" } };
      new Worker(service, "mailer", { image: { build }, runtime: { architecture: "arm64" } });
      new CronJob(service, "report", { image: { build: { context: "./report" } }, schedule: "rate(1 day)" });
    },
  },
  sqs: {
    fill(service, stack) {
      new Observability(stack, { alarms: { snsTopic: "arn:aws:sns:us-east-1:123456789012:oncall", dlqDepth: 3 } });
      new SQS(service, "plain");
      new SQS(service, "ordered", { type: "fifo", contentBasedDeduplication: true, deadLetterQueue: { maxReceiveCount: 2 } });
    },
  },
  dynamodb: {
    in: "production",
    fill(service) {
      new DynamoDB(service, "orders", {
        billingMode: "PROVISIONED",
        readCapacity: 5,
        writeCapacity: 2,
        hashKey: { name: "id", type: "S" },
        rangeKey: { name: "at", type: "N" },
        globalSecondaryIndexes: [
          {
            name: "by-user",
            hashKey: { name: "user", type: "S" },
            projection: "INCLUDE",
            nonKeyAttributes: ["total"],
            readCapacity: 1,
            writeCapacity: 1,
          },
        ],
        localSecondaryIndexes: [{ name: "by-total", rangeKey: { name: "total", type: "N" }, projection: "ALL" }],
        ttl: { attributeName: "expires" },
        encryption: { enabled: true },
        stream: { viewType: "NEW_IMAGE" },
      });
    },
  },
  s3: {
    in: "production",
    fill(service) {
      new S3(service, "plain");
      new S3(service, "full", {
        bucket: { forceDestroy: true, tags: { kind: "site" } },
        versioning: { enabled: true },
        lifecycle: [{ id: "old", prefix: "logs/", expiration: { days: 30 }, transitions: [{ days: 10, storageClass: "GLACIER" }] }],
        cors: { allowedOrigins: ["https://example.com"], allowedMethods: ["GET"] },
        website: { errorDocument: "404.html" },
        publicAccessBlock: { blockPublicPolicy: false, restrictPublicBuckets: false },
        replication: { destinationBucket: "arn:aws:s3:::copies" },
        notifications: [{ component: "uploads", events: ["s3:ObjectCreated:Put"], prefix: "in/", suffix: ".png" }],
      });
      new SQS(service, "uploads");
    },
  },
  sns: {
    fill(service) {
      const jobs = new SQS(service, "jobs");
      new SNS(service, "events", {
        displayName: "Events",
        subscriptions: [
          { protocol: "sqs", component: "jobs", rawDelivery: true, filterPolicy: { kind: ["created"] } },
          { protocol: "email", endpoint: "ops@example.com" },
          { protocol: "sqs", endpoint: jobs.queueArn },
        ],
      });
    },
  },
  secret: {
    in: "production",
    fill(service) {
      new Secret(service, "token", { generate: { length: 40, excludeChars: "\"'", template: { username: "app" } } });
      new Secret(service, "kept", {
        name: "kept-elsewhere",
        rotation: { days: 30, lambda: "arn:aws:lambda:us-east-1:123456789012:function:rotate" },
      });
    },
  },
  efs: {
    in: "production",
    fill(service) {
      new EFS(service, "plain");
      new EFS(service, "full", {
        throughputMode: "provisioned",
        provisionedThroughput: 16,
        encryption: { kmsKey: "arn:aws:kms:us-east-1:123456789012:key/1" },
        lifecycle: { toInfrequentAccessDays: 30, toArchiveDays: 90, backOnAccess: true },
        backup: false,
        accessPoints: [{ name: "uploads", path: "/uploads", uid: 1001, permissions: "0750" }],
      });
    },
  },
  ebs: {
    in: "production",
    fill(service) {
      new EBS(service, "plain", { sizeGB: 20 });
      new EBS(service, "full", {
        sizeGB: 500,
        type: "gp3",
        iops: 6000,
        throughput: 250,
        availabilityZone: "us-east-1b",
        snapshots: { schedule: "rate(6 hours)" },
      });
    },
  },
  "elasticache-redis": {
    in: "production",
    fill(service) {
      new ElastiCacheRedis(service, "plain", { cluster: { nodeType: "cache.t4g.micro" } });
      new ElastiCacheRedis(service, "sharded", {
        engine: { type: "valkey" },
        cluster: { mode: "cluster", nodeType: "cache.r7g.large", shards: 3 },
        security: { authSecret: "arn:aws:secretsmanager:us-east-1:123456789012:secret:token-AbCdEf" },
        backup: { retentionDays: 14, window: "03:00-04:00" },
        parameters: { "maxmemory-policy": "allkeys-lru" },
      });
    },
  },
  "elasticache-memcached": {
    fill(service) {
      new ElastiCacheMemcached(service, "pages", {
        cluster: { nodeType: "cache.t4g.micro", numNodes: 2 },
        parameters: { idle_timeout: "60" },
      });
    },
  },
  memorydb: {
    in: "production",
    fill(service) {
      new MemoryDB(service, "ledger", { cluster: { nodeType: "db.t4g.small", shards: 2 } });
      new MemoryDB(service, "open", { cluster: { nodeType: "db.t4g.small" }, security: { acl: "open-access" } });
    },
  },
  documentdb: {
    in: "production",
    fill(service) {
      new DocumentDB(service, "catalog", {
        cluster: { instanceClass: "db.r6g.large", instances: 2 },
        database: { username: "app" },
        backup: { retentionDays: 30, preferredWindow: "03:00-04:00" },
      });
    },
  },
  msk: {
    fill(service) {
      new MSK(service, "events", {
        version: "3.6.0",
        brokers: { instanceType: "kafka.t3.small", count: 2 },
        configuration: { "num.partitions": "3" },
      });
      new MSK(service, "small", { version: "3.6.0", serverless: true });
    },
  },
  rds: {
    in: "production",
    fill(service) {
      new Secret(service, "password", { generate: { length: 32 } });
      new RDS(service, "database", {
        engine: { type: "postgres", version: "16.4", parameters: { max_connections: "200", log_min_duration_statement: "500" } },
        instance: {
          class: "db.m7g.large",
          storage: { type: "gp3", allocatedGB: 100, maxAllocatedGB: 500 },
          multiAZ: true,
          readReplicas: 1,
        },
        database: { name: "shop", username: "app", passwordSecret: { ref: "password" } },
        backup: { retentionDays: 14, preferredWindow: "03:00-04:00" },
        monitoring: { enhancedMonitoring: true, performanceInsights: true },
      });
    },
  },
  "rds-aurora": {
    in: "production",
    fill(service) {
      const database = { name: "users", username: "app" };
      new RDS(service, "serverless", {
        engine: { type: "aurora-postgresql", version: "16.4" },
        serverless: { minACU: 0.5, maxACU: 4 },
        database,
      });
      new RDS(service, "fixed", {
        engine: { type: "aurora-mysql", version: "8.0.mysql_aurora.3.08.0", parameters: { max_connections: "300" } },
        instance: { class: "db.r7g.large", readReplicas: 1 },
        database,
        monitoring: { enhancedMonitoring: true },
      });
    },
  },
  "kms-key": {
    in: "production",
    fill(service) {
      const key = new KMSKey(service, "key");
      new KMSKey(service, "own", {
        alias: "alias/shop/own",
        rotation: false,
        deletionWindowDays: 14,
        policy: { Version: "2012-10-17", Statement: [] },
      });
      new SQS(service, "jobs", { encryption: { kmsKey: key.keyArn } });
    },
  },
  security: {
    in: "production",
    fill(service, stack) {
      new Security(stack, {
        encryption: { kmsKey: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", enforce: true },
        secrets: { rotationDays: 30 },
      });
      new SQS(service, "jobs");
      new SNS(service, "news");
      new S3(service, "files");
      new DynamoDB(service, "orders", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } });
      const token = new Secret(service, "token");
      new EFS(service, "shared");
      new RDS(service, "db", {
        engine: { type: "postgres", version: "16" },
        instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
        database: { name: "orders", username: "app" },
      });
      new Worker(service, "mailer", {
        image: "ghcr.io/acme/mailer:1.4.2",
        subscribes: [{ component: "jobs" }],
        uses: [{ component: "files", access: "read" }],
        secrets: [{ name: "TOKEN", secretRef: token.secretArn }],
      });
    },
  },
  eventbridge: {
    fill(service) {
      new SQS(service, "jobs");
      new SQS(service, "lost");
      new EventBridge(service, "clock", {
        rules: [
          { name: "nightly", schedule: "rate(1 day)", targets: [{ component: "jobs", input: { task: "report" }, deadLetter: "lost" }] },
        ],
      });
      new EventBridge(service, "orders", {
        bus: {},
        rules: [{ name: "created", pattern: { source: ["shop"] }, targets: [{ component: "jobs" }, { component: "report" }] }],
      });
      new CronJob(service, "report", { image: "ghcr.io/acme/report:1.4.2", schedule: "rate(1 day)" });
    },
  },
  resource: {
    fill(service) {
      const topic = new AwsResource(
        service,
        "topic",
        "aws:sns/topic:Topic",
        { tags: { own: "yes" } },
        { options: { ignoreChanges: ["displayName"] } },
      );
      new SQS(service, "jobs", { encryption: { kmsKey: topic.out("arn") } });
    },
  },
};

goldenTests(stacks);

test.run();
