/**
 * Fields in which components name others, each with the smallest document that has it. A kind that gets such a field adds a line; a test
 * holds that every link of every kind is here.
 */

/** A document. */
export interface NamingDocument {
  kind: string;
  spec: object;
}

/** One field. */
export interface NamingField {
  /** `SNS subscriptions[].component`. */
  field: string;
  /** A document that names a component in it. */
  document(component: string): NamingDocument;
  /** Other kinds that have the same field, which gives the same. */
  alike?: readonly string[];
  /** What the document needs besides, by name. */
  beside?: { [name: string]: NamingDocument };
}

const FUNCTION = { runtime: "nodejs22.x", handler: "index.handler", code: { zipFile: "exports.handler = async () => {};" } };
const PATTERN = { source: ["shop"] };
const IMAGE = "shop:1";
/** A component that a document needs besides, and its name. */
const OTHER = "zz-other";
const A_FUNCTION = { [OTHER]: { kind: "Lambda", spec: FUNCTION } };

function trigger(type: string, more: (component: string) => object = (component) => ({ source: { component } })): NamingField {
  return {
    field: `Lambda triggers[] of type ${type}`,
    document: (component) => ({ kind: "Lambda", spec: { ...FUNCTION, triggers: [{ type, ...more(component) }] } }),
  };
}

function subscription(protocol: string): NamingField {
  return {
    field: `SNS subscriptions[].component, protocol ${protocol}`,
    document: (component) => ({ kind: "SNS", spec: { subscriptions: [{ protocol, component }] } }),
  };
}

/** A database of either kind whose password is in a secret. */
function database(kind: string, ref: string): object {
  const common = { username: "shop", passwordSecret: { ref } };
  if (kind === "DocumentDB") return { cluster: { instanceClass: "db.t4g.medium" }, database: common };
  return {
    engine: { type: "postgres", version: "16" },
    instance: { class: "db.t4g.micro", storage: { allocatedGB: 20 } },
    database: { ...common, name: "shop" },
  };
}

/** Specs that name a key, by kind and field. */
const UNDER_KEY: { [field: string]: (kmsKey: string) => object } = {
  "DynamoDB encryption.kmsKey": (kmsKey) => ({
    billingMode: "PAY_PER_REQUEST",
    hashKey: { name: "id", type: "S" },
    encryption: { enabled: true, kmsKey },
  }),
  "EBS encryption.kmsKey": (kmsKey) => ({ sizeGB: 8, encryption: { enabled: true, kmsKey } }),
  "EFS encryption.kmsKey": (kmsKey) => ({ encryption: { enabled: true, kmsKey } }),
  "EKSCluster kmsKey": (kmsKey) => ({ version: "1.33", kmsKey }),
  "S3 encryption.kmsKeyId": (kmsKeyId) => ({ encryption: { algorithm: "aws:kms", kmsKeyId } }),
  "S3 replication.replicaKmsKeyId": (replicaKmsKeyId) => ({
    versioning: {},
    encryption: { algorithm: "aws:kms" },
    replication: { destinationBucket: "arn:aws:s3:::a-copy", replicaKmsKeyId },
  }),
  "SNS encryption.kmsKey": (kmsKey) => ({ encryption: { enabled: true, kmsKey } }),
  "SQS encryption.kmsKey": (kmsKey) => ({ encryption: { enabled: true, kmsKey } }),
  "Secret kmsKey": (kmsKey) => ({ kmsKey }),
};

/** All of them. */
export const NAMING_FIELDS: readonly NamingField[] = [
  ...["sqs", "sns", "dynamodb", "eventbridge"].map((type) => trigger(type)),
  trigger("s3", (bucket) => ({ s3: { bucket } })),
  {
    field: "Worker subscribes[].component",
    document: (component) => ({ kind: "Worker", spec: { image: "worker:1", subscribes: [{ component }] } }),
  },
  {
    field: "MicroService storage.volumes[].source",
    alike: ["CronJob", "Worker"],
    document: (source) => ({
      kind: "MicroService",
      spec: { image: IMAGE, storage: { volumes: [{ name: "data", mountPath: "/data", source }] } },
    }),
  },
  {
    field: "Lambda volumes[].source",
    document: (component) => ({
      kind: "Lambda",
      spec: { ...FUNCTION, volumes: [{ source: `${component}/uploads`, mountPath: "/mnt/data" }] },
    }),
  },
  {
    field: "EC2Instance volumes[].component",
    document: (component) => ({
      kind: "EC2Instance",
      spec: { instanceType: "t3.micro", volumes: [{ name: "data", device: "/dev/sdf", component }] },
    }),
  },
  {
    field: "MicroService secrets[].secretRef",
    alike: ["CronJob", "Worker"],
    document: (secretRef) => ({ kind: "MicroService", spec: { image: IMAGE, secrets: [{ name: "TOKEN", secretRef }] } }),
  },
  {
    field: "Lambda secrets[].secretRef",
    document: (secretRef) => ({ kind: "Lambda", spec: { ...FUNCTION, secrets: [{ name: "TOKEN", secretRef }] } }),
  },
  {
    field: "MicroService sidecars.<name>.secrets[].secretRef",
    alike: ["CronJob", "Worker"],
    document: (secretRef) => ({
      kind: "MicroService",
      spec: { image: IMAGE, sidecars: { proxy: { image: "proxy:1", secrets: [{ name: "TOKEN", secretRef }] } } },
    }),
  },
  ...["RDS", "DocumentDB"].map(
    (kind): NamingField => ({
      field: `${kind} database.passwordSecret.ref`,
      document: (ref) => ({ kind, spec: database(kind, ref) }),
    }),
  ),
  {
    field: "ElastiCacheRedis security.authSecret",
    document: (authSecret) => ({
      kind: "ElastiCacheRedis",
      spec: { cluster: { nodeType: "cache.t4g.micro" }, security: { authSecret } },
    }),
  },
  subscription("sqs"),
  subscription("lambda"),
  {
    field: "EventBridge rules[].targets[].component",
    document: (component) => ({ kind: "EventBridge", spec: { rules: [{ name: "rule", pattern: PATTERN, targets: [{ component }] }] } }),
  },
  {
    field: "EventBridge rules[].targets[].deadLetter",
    document: (deadLetter) => ({
      kind: "EventBridge",
      spec: { rules: [{ name: "rule", pattern: PATTERN, targets: [{ component: OTHER, deadLetter }] }] },
    }),
    beside: A_FUNCTION,
  },
  {
    field: "S3 notifications[].component",
    document: (component) => ({ kind: "S3", spec: { notifications: [{ component, events: ["s3:ObjectCreated:*"] }] } }),
  },
  {
    field: "S3 replication.destinationBucket",
    document: (destinationBucket) => ({ kind: "S3", spec: { versioning: {}, replication: { destinationBucket } } }),
  },
  ...Object.entries(UNDER_KEY).map(([field, specOf]): NamingField => {
    const kind = field.slice(0, field.indexOf(" "));
    return { field, document: (key) => ({ kind, spec: specOf(key) }) };
  }),
  {
    field: "APIGateway routes[].component",
    document: (component) => ({ kind: "APIGateway", spec: { type: "http", routes: [{ path: "/", method: "POST", component }] } }),
  },
  {
    field: "APIGateway authorizers[].component",
    document: (component) => ({
      kind: "APIGateway",
      spec: {
        type: "http",
        authorizers: [{ name: "who", type: "lambda", component }],
        routes: [{ path: "/", component: OTHER, auth: "who" }],
      },
    }),
    beside: A_FUNCTION,
  },
  { field: "Secret rotation.lambda", document: (lambda) => ({ kind: "Secret", spec: { rotation: { days: 30, lambda } } }) },
  {
    field: "DNS records[].component",
    document: (component) => ({ kind: "DNS", spec: { zone: { name: "example.com" }, records: [{ name: "www", type: "A", component }] } }),
  },
  { field: "Alarm component", document: (component) => ({ kind: "Alarm", spec: { component, threshold: 1 } }) },
  {
    field: "Alarm notify",
    document: (notify) => ({ kind: "Alarm", spec: { metric: { namespace: "Shop", name: "Orders" }, threshold: 1, notify } }),
  },
  { field: "Dashboard components[]", document: (component) => ({ kind: "Dashboard", spec: { components: [component] } }) },
  {
    field: "ALB listeners[].default",
    document: (component) => ({ kind: "ALB", spec: { listeners: [{ port: 80, protocol: "HTTP", default: component }] } }),
  },
  {
    field: "ALB listeners[].rules[].component",
    document: (component) => ({
      kind: "ALB",
      spec: { listeners: [{ port: 80, protocol: "HTTP", rules: [{ path: "/shop", component }] }] },
    }),
  },
  {
    field: "ALB accessLogs.bucket",
    document: (bucket) => ({
      kind: "ALB",
      spec: { accessLogs: { bucket }, listeners: [{ port: 80, protocol: "HTTP", default: OTHER }] },
    }),
    beside: A_FUNCTION,
  },
  {
    field: "NLB listeners[].default",
    document: (component) => ({ kind: "NLB", spec: { listeners: [{ port: 80, protocol: "TCP", default: component }] } }),
  },
  {
    field: "NLB accessLogs.bucket",
    document: (bucket) => ({
      kind: "NLB",
      spec: { accessLogs: { bucket }, listeners: [{ port: 80, protocol: "TCP", default: OTHER }] },
    }),
    beside: { [OTHER]: { kind: "MicroService", spec: { image: IMAGE, ports: [{ name: "shop", port: 80 }] } } },
  },
  {
    field: "CloudFront origins[].component",
    document: (component) => ({
      kind: "CloudFront",
      spec: { origins: [{ id: "one", component }], defaultBehavior: { origin: "one" } },
    }),
  },
  {
    field: "CloudFront logging.bucket",
    document: (bucket) => ({
      kind: "CloudFront",
      spec: { origins: [{ id: "one", domainName: "www.example.com" }], defaultBehavior: { origin: "one" }, logging: { bucket } },
    }),
  },
  {
    field: "Observability slo[].component",
    document: (component) => ({ kind: "Observability", spec: { slo: [{ component, objective: 99.9 }] } }),
  },
];
