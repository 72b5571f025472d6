/** A life of each kind: how a component of it begins, how it is changed in place, and how so that something of it is replaced. */
import type { Fields, Life } from "./lives.js";

const IMAGE = "public.ecr.aws/docker/library/busybox:1.36";
const HANDLER = { runtime: "nodejs22.x", handler: "index.handler", code: { zipFile: "exports.handler = async () => 1" } };
/** Another physical name: for what nothing else replaces. */
const renamed = (path: string, name: string): Fields => ({ override: [{ resource: "main", path, value: name }] });
/** What the emulator forgets of a cluster, for which every change would make it again. */
const FORGOTTEN_OF_CLUSTERS = [
  { resource: "main", path: "accessConfig" },
  { resource: "main", path: "upgradePolicy" },
];

/** Components of which something is measured. */
const MEASURED = [
  ...["report", "box", "hook", "web", "mailer", "items", "db", "events", "news", "jobs"],
  ...["edge", "intake", "api", "cdn", "zone", "disk", "shared", "files"],
];

/** Kinds that live on the emulator. */
export const LIVES: readonly Life[] = [
  // compute
  {
    kind: "CronJob",
    name: "report",
    spec: { image: IMAGE, schedule: "rate(1 day)" },
    change: { spec: { schedule: "rate(2 days)" } },
    replace: { spec: { args: ["--all"] } },
  },
  {
    kind: "EC2Instance",
    name: "box",
    spec: { instanceType: "t3.micro", ami: "ami-03cf127a", port: 9000 },
    change: { spec: { tags: { team: "two" } } },
    replace: { spec: { userData: "#!/bin/sh\ntrue\n" } },
  },
  {
    kind: "EKSCluster",
    name: "kube",
    spec: { version: "1.31", addons: [], override: FORGOTTEN_OF_CLUSTERS },
    change: { spec: { tags: { team: "two" } } },
    replace: { spec: { override: [...FORGOTTEN_OF_CLUSTERS, { resource: "main", path: "name", value: "kinds-kube" }] } },
  },
  {
    kind: "Lambda",
    name: "hook",
    spec: { ...HANDLER, url: { enabled: true } },
    change: { spec: { memory: 512 } },
    replace: { spec: renamed("name", "kinds-hook") },
  },
  {
    kind: "MicroService",
    name: "web",
    spec: { image: IMAGE, port: 8080 },
    infra: { scaling: { replicas: 1 } },
    change: { infra: { scaling: { replicas: 2 } } },
    replace: { spec: { port: 8081 } },
  },
  {
    kind: "MicroService",
    name: "broker",
    spec: { image: IMAGE, ports: [{ name: "mqtt", port: 1883 }] },
    change: { spec: { tags: { team: "two" } } },
    replace: { spec: { args: ["--all"] } },
  },
  {
    kind: "Worker",
    name: "mailer",
    spec: { image: IMAGE, uses: [{ component: "news", access: "publish" }] },
    infra: { scaling: { replicas: 1 } },
    change: { infra: { scaling: { replicas: 2 } } },
    replace: { spec: { args: ["--all"] } },
  },
  // data
  {
    kind: "DynamoDB",
    name: "items",
    spec: { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } },
    change: { spec: { ttl: { attributeName: "expires" } } },
    replace: { spec: { hashKey: { name: "key", type: "S" } } },
  },
  {
    kind: "RDS",
    name: "db",
    spec: {
      engine: { type: "postgres", version: "16" },
      instance: { class: "db.t4g.micro", storage: { allocatedGB: 20 } },
      database: { name: "users", username: "app" },
      // The emulator gives every instance the same resource id, by which the provider reads it: of a name that stays there are never two.
      ...renamed("identifier", "kinds-db"),
    },
    change: { spec: { tags: { team: "two" } } },
    replace: { spec: { database: { username: "owner" } } },
  },
  {
    kind: "ElastiCacheMemcached",
    name: "pages",
    spec: { cluster: { nodeType: "cache.t4g.micro" } },
    change: { spec: { cluster: { numNodes: 2 } } },
    replace: { spec: { cluster: { nodeType: "cache.t4g.small" } } },
  },
  {
    kind: "MemoryDB",
    name: "ledger",
    spec: { cluster: { nodeType: "db.t4g.small" }, security: { acl: "open-access" } },
    change: { spec: { snapshot: { retentionDays: 3 } } },
    replace: { spec: { security: { tls: false } } },
  },
  // messaging
  {
    kind: "EventBridge",
    name: "events",
    spec: { bus: {}, rules: [{ name: "paid", pattern: { source: ["shop"] }, targets: [{ component: "hook" }, { component: "report" }] }] },
    change: {
      spec: { rules: [{ name: "paid", pattern: { source: ["store"] }, targets: [{ component: "hook" }, { component: "report" }] }] },
    },
    replace: { spec: { bus: { name: "kinds-bus" } } },
  },
  {
    kind: "SNS",
    name: "news",
    spec: { displayName: "one" },
    change: { spec: { displayName: "two" } },
    replace: { spec: { fifoTopic: true } },
  },
  {
    kind: "SQS",
    name: "jobs",
    spec: { visibilityTimeout: 30 },
    change: { spec: { visibilityTimeout: 60 } },
    replace: { spec: { type: "fifo" } },
  },
  // edge, monitoring
  {
    kind: "ALB",
    name: "edge",
    spec: { listeners: [{ port: 80, protocol: "HTTP", default: "web" }] },
    change: { spec: { idleTimeoutSeconds: 120 } },
    replace: { spec: { internal: true } },
  },
  {
    kind: "NLB",
    name: "intake",
    spec: { listeners: [{ port: 1883, protocol: "TCP", default: "broker" }] },
    change: { spec: { crossZone: false } },
    replace: { spec: { internal: true } },
  },
  {
    kind: "APIGateway",
    name: "api",
    spec: { routes: [{ path: "/a", method: "GET", component: "hook" }] },
    change: { spec: { cors: { allowedOrigins: ["https://example.com"] } } },
    replace: { spec: { type: "rest", cors: null } },
  },
  {
    kind: "CloudFront",
    name: "cdn",
    spec: { origins: [{ id: "site", domainName: "www.example.com" }], defaultBehavior: { origin: "site" } },
    change: { spec: { priceClass: "100" } },
    replace: { spec: { override: [{ resource: "main", path: "staging", value: true }] } },
  },
  {
    kind: "DNS",
    name: "zone",
    spec: { zone: { name: "kinds.example" }, records: [{ name: "www", type: "A", value: "192.0.2.1" }] },
    change: { spec: { records: [{ name: "www", type: "A", value: "192.0.2.1", ttl: 60 }] } },
    replace: { spec: { zone: { name: "other.example" } } },
  },
  {
    kind: "Alarm",
    name: "late",
    spec: { component: "files", threshold: 1 },
    change: { spec: { component: "db" } },
    replace: { spec: renamed("name", "kinds-late") },
  },
  {
    kind: "Dashboard",
    name: "page",
    spec: { components: ["hook"] },
    change: { spec: { components: MEASURED } },
    replace: { spec: renamed("dashboardName", "kinds-page") },
  },
  // storage, security
  {
    kind: "EBS",
    name: "disk",
    spec: { sizeGB: 10, availabilityZone: "us-east-1a" },
    change: { spec: { sizeGB: 20 } },
    replace: { spec: { availabilityZone: "us-east-1b" } },
  },
  {
    kind: "EFS",
    name: "shared",
    spec: { throughputMode: "bursting", accessPoints: [{ name: "data", path: "/data" }] },
    change: { spec: { lifecycle: { toInfrequentAccessDays: 30 } } },
    replace: { spec: { performanceMode: "maxIO" } },
  },
  {
    kind: "S3",
    name: "files",
    spec: { bucket: { forceDestroy: true } },
    change: { spec: { versioning: { enabled: true } } },
    replace: { spec: { bucket: { name: "kinds-files-123456789012" } } },
  },
  {
    kind: "KMSKey",
    name: "key",
    spec: {},
    change: { spec: { rotation: false } },
    replace: { spec: { alias: "kinds-key" } },
  },
  {
    kind: "Secret",
    name: "token",
    spec: { generate: { length: 40 } },
    change: { spec: { kmsKey: "${key.keyArn}" } },
    replace: { spec: { name: "kinds/token" } },
  },
  {
    kind: "Resource",
    name: "images",
    spec: { type: "aws:ecr/repository:Repository", props: { name: "kinds/one", imageTagMutability: "MUTABLE" } },
    change: { spec: { props: { imageTagMutability: "IMMUTABLE" } } },
    replace: { spec: { props: { name: "kinds/two" } } },
  },
];

/** Kinds that the emulator can't serve to their end, and why. */
export const UNSERVED: readonly (Life & { why: string })[] = [
  {
    kind: "DocumentDB",
    name: "catalog",
    why: "the emulator refuses the engine docdb",
    spec: { cluster: { instanceClass: "db.t4g.medium" }, database: { username: "app" } },
    change: { spec: { backup: { retentionDays: 3 } } },
    replace: { spec: { database: { port: 27018 } } },
  },
  {
    kind: "ElastiCacheRedis",
    name: "sessions",
    why: "the emulator answers 404 for the members of a group that it made",
    spec: { cluster: { mode: "replication-group", nodeType: "cache.t4g.small", numNodes: 2 } },
    change: { spec: { cluster: { numNodes: 3 } } },
    replace: { spec: { security: { atRestEncryption: false } } },
  },
  {
    kind: "MSK",
    name: "stream",
    why: "the emulator's cluster never becomes active",
    spec: { version: "3.6.0", brokers: { instanceType: "kafka.m7g.large", count: 2 } },
    change: { spec: { brokers: { storageGB: 200 } } },
    replace: { spec: { brokers: null, serverless: true } },
  },
];

/** What the emulator can't serve of kinds that it serves, and why. */
export const UNSERVED_PARTS: readonly (Life & { why: string })[] = [
  {
    kind: "EKSCluster",
    name: "fleet",
    why: "the emulator has no add-ons and access entries, and reads back an SSH key that nobody gave of nodes",
    spec: {
      version: "1.31",
      nodeGroups: [{ name: "main" }],
      access: [{ principalArn: "arn:aws:iam::123456789012:role/ops", policy: "view" }],
    },
    change: { spec: { nodeGroups: [{ name: "main", maxSize: 5 }] } },
    replace: { spec: { nodeGroups: [{ name: "main", maxSize: 5, instanceTypes: ["t3.large"] }] } },
  },
  {
    kind: "MemoryDB",
    name: "vault",
    why: "the emulator has no users and no access lists",
    spec: { cluster: { nodeType: "db.t4g.small" } },
    change: { spec: { snapshot: { retentionDays: 3 } } },
    replace: { spec: { override: [{ resource: "main", path: "port", value: 6380 }] } },
  },
];
