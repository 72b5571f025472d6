/**
 * What a schema can't say: values that must fit together, and words that fit a field of that name. A kind without an entry is drawn
 * from its schema alone. A test that can't draw a field names it and this file.
 */
import { registry } from "../../../constructs/registry.js";
import { COMPANIONS } from "./companions.js";
import { DATA_HINTS } from "./hints-data.js";
import { EDGE_HINTS } from "./hints-edge.js";

/** Where this is, for messages. */
export const HINTS_FILE = "test/support/generate/hints.ts";

type Spec = { [key: string]: unknown };

/** What drawing one kind needs to know. Paths are those of places.ts: `rules[].schedule`, `image|1.tag`. */
export interface KindHints {
  /** Fields that every input has, beyond what the schema requires. */
  base?: Spec;
  /** Values of a field, list or map. `#` is replaced by a number that is never used twice. */
  values?: { [path: string]: readonly unknown[] };
  /** Keys of a map. */
  keys?: { [path: string]: readonly string[] };
  /** Fields that go with a field, merged over the base whenever it, or one below it, is wanted. null takes a field away. */
  with?: { [path: string]: Spec };
  /** Places that the kind's schema shares with others and the kind refuses, with why. */
  never?: { [place: string]: string };
  /** Companions that are always there: for infra kinds, those on which the fields act. */
  beside?: readonly string[];
}

const ARN = "arn:aws:iam::123456789012:role/some-#";

/** Words by a field's name; the first patterns are the likeliest. A word that a field's schema refuses is not taken for it. */
export const WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /^(component|dependsOn|source|function|deadLetter)$/,
    Object.keys(COMPANIONS).filter((name) => name !== "unencrypted" && name !== "kms"),
  ],
  [/certificate.*arn$/i, ["arn:aws:acm:us-east-1:123456789012:certificate/c-#"]],
  [/arn|resources$/i, [ARN]],
  [
    /^(kmsKey|kmsKeyId|encryptionKey)$/i,
    ["arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890a#", "alias/key-#", "kms"],
  ],
  [/secret|credentials|^ref$/i, ["secret", "arn:aws:secretsmanager:us-east-1:123456789012:secret:s-#"]],
  [/cidr/i, ["10.0.0.0/16", "10.1.0.0/16"]],
  [/^(schedule|rate|at)$/i, ["rate(5 minutes)", "cron(0 3 * * ? *)", "cron(30 4 * * ? *)"]],
  [/window/i, ["sun:04:30-sun:05:30", "03:00-04:00"]],
  [/path|prefix$/i, ["/p-#", "p-#/"]],
  [/digest/i, [`sha256:${"ab".repeat(32)}`]],
  [/image/i, ["nginx:1.#", "nginx"]],
  [/email/i, ["team-#@example.com"]],
  [/^envVar$/i, ["VARIABLE_#"]],
  [/zone/i, ["us-east-1a", "us-east-1b"]],
  [/region|replicas/i, ["eu-west-1", "eu-central-1"]],
  [/^class$/, ["db.t4g.small", "db.t4g.medium"]],
  [/^spot$/, ["none", "all"]],
  [/domain|host|alias/i, ["a#.example.com"]],
  [/action/i, ["s3:GetObject", "sqs:SendMessage"]],
  [/name$|^id$/i, ["name-#", "name#"]],
  [/url|endpoint/i, ["https://example.com/#"]],
  [/port/i, ["8080"]],
  [
    /.*/,
    [
      "word-#",
      "word#",
      "none",
      "/word-#",
      "us-east-1a",
      "10.0.0.0/16",
      "db.t4g.small",
      "cache.t4g.small",
      "16",
      "7.1",
      "0755",
      "0700",
      "123456789012",
      ARN,
      "production",
    ],
  ],
];

const TEST_URL = { "smokeTests[].http.path": ["https://example.com/up-#"] };
/** A test asks somebody, or runs a command. */
const tested = {
  smokeTests: { smokeTests: [{ http: { path: "https://example.com/up" } }] },
  "smokeTests[].command": { smokeTests: [{ http: null }] },
};

/** Of a service or a stack: a path or a command is of a component. */
const SHARED_TEST = { ...TEST_URL, "smokeTests[].component": ["api", "web"] };
const sharedTests = { ...tested, "smokeTests[].command": { smokeTests: [{ http: null, component: "api" }] } };

const POLICY = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*", Principal: { AWS: "*" } }] };

/** Groups by a field's name. */
export const GROUPS: readonly (readonly [RegExp, readonly unknown[]])[] = [
  [/^valueFrom$/, [{ component: "queue", output: "queueUrl" }, { component: "table" }]],
  [/^policy$/, [POLICY, { ...POLICY, Id: "p-#" }]],
];

/** Values of fields that every component kind has. */
export const COMMON: { [path: string]: readonly unknown[] } = {
  override: [[{ resource: "main", path: "tags.team", value: "t-#" }]],
  dependsOn: [["queue"], ["topic"]],
  uses: [[{ component: "queue", access: "send" }], [{ component: "topic" }]],
};

const balanced = { ports: [{ name: "http", port: 8080 }], networking: { ingress: { path: "/own-#" } } };
const exec = { exec: { command: ["true"] } };
const NO_PORT = "a worker has no port that could be asked";
const FLAT = ["initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold"];

/** A file that `infrastructure` may name: it is there, and empty. */
export const MORE = "more.yaml";

/** The same for each of some fields. */
function each(paths: readonly string[], more: Spec): { [path: string]: Spec } {
  return Object.fromEntries(paths.map((path) => [path, more]));
}

/** Places that a kind always refuses. */
function never(paths: readonly string[], why: string): { [path: string]: string } {
  return Object.fromEntries(paths.map((path) => [path, why]));
}

/** Containers that get on with the main one and with each other; together they have every field. */
const SIDECARS = [
  {
    agent: {
      image: "agent:#",
      command: ["/agent"],
      args: ["-v"],
      environment: { LEVEL: "info", LIMIT: 1, ON: true },
      secrets: [{ name: "token", secretRef: "secret", envVar: "AGENT_TOKEN" }],
      ports: [{ name: "admin", port: 9901, protocol: "tcp" }],
      cpu: 32,
      memory: 32,
      essential: true,
      mainWaitsFor: "healthy",
      healthCheck: { command: ["true"], initialDelaySeconds: 1, periodSeconds: 20, timeoutSeconds: 4, failureThreshold: 2 },
      configs: { mountPath: "/etc/agent", files: ["agent.yaml"] },
    },
  },
  {
    agent: { image: "agent:#", cpu: "64", memory: "64Mi", secrets: [{ name: "key", secretRef: "secret" }] },
    other: { image: "o:1", dependsOn: [{ container: "agent", condition: "start" }] },
  },
  { agent: { image: "agent:#", volumes: [{ name: "logs", mountPath: "/in", readOnly: true }] } },
];

/** What goes with a sidecar's volume: a volume of the task. */
const beside = { "sidecars{}.volumes": { storage: { volumes: [{ name: "logs", mountPath: "/logs" }] } } };

/** Processors of the images' kind, and limits that lie one below the other. */
const instances = {
  "capacity.instances.type": ["t3.large", "m7i.large"],
  "capacity.instances.spotTypes": [["m5.large"], ["m6i.large", "m5.large"]],
  "capacity.instances.min": [0, 1, 2],
  "capacity.instances.max": [3, 4, 5],
};

/** Limits that are seen while a canary is watched, and alarms that are no component's name. */
const watched = {
  "deployment.canary.bakeMinutes": [5, 6],
  "deployment.rollback.alarms": [["pager-#"], ["pager-#", "siren-#"]],
  "deployment.rollback.metrics[].forMinutes": [1, 3],
};

/** What goes with the settings of a strategy. */
const strategies = (more: Spec) => ({
  "deployment.canary": { ...more, deployment: { strategy: "canary" } },
  "deployment.linear": { ...more, deployment: { strategy: "linear" } },
});

const workload: KindHints = {
  base: { image: { repository: "ghcr.io/acme/app", tag: "1" } },
  values: {
    "deployment.strategy": ["rolling", "recreate"],
    ...watched,
    "deployment.rollback.metrics[].metric": ["cpuPercent", "memoryPercent"],
    "image|2.build.platform": ["linux/amd64,linux/arm64", "linux/arm64,linux/amd64"],
    "storage.volumes[].source": ["files"],
    ...instances,
  },
};

/** Of kinds that run containers of their own. */
const containers = { ...workload.values, sidecars: SIDECARS };

/** What goes with instances of one's own: the platform that runs on them, and nothing that it refuses. */
const onEc2 = { networking: null, storage: null, resources: null };
const hosted = {
  "runtime.platform": { ...onEc2, capacity: null, runtime: { launchType: null, architecture: "x86_64" } },
  "runtime.launchType": { ...onEc2, capacity: null, runtime: { platform: null, architecture: "x86_64" } },
  "capacity.instances": { ...onEc2, capacity: { spot: null }, runtime: { platform: "ec2", architecture: "x86_64" } },
  "capacity.instances.spotTypes": { ...onEc2, capacity: { spot: "all" }, runtime: { platform: "ec2", architecture: "x86_64" } },
};

/** What goes with a volume: a source of type efs, none of the other. */
const mounted = {
  "storage.volumes[].type": { storage: { volumes: [{ source: null }] } },
  "storage.volumes[].source": { storage: { volumes: [{ type: null }] } },
};

/** An image that is built takes nothing of a given one. */
const built = { "image|2": { image: { repository: null, tag: null } } };

/** Limits that change by the clock: one of them at least. */
const clocked = {
  "scaling.autoscaling.schedule": { scaling: { autoscaling: { enabled: true, schedule: [{ minReplicas: 1 }] } } },
  ...Object.fromEntries(
    ["targetCPUPercent", "targetMemoryPercent", "customMetric", "scaleInCooldownSeconds", "scaleOutCooldownSeconds"].map((field) => [
      `scaling.autoscaling.${field}`,
      { scaling: { autoscaling: { enabled: true } } },
    ]),
  ),
};

/** Each step says one direction; the words of `metric` are drawn. */
function stepped(more: Spec): { [path: string]: Spec } {
  const steps = (step: Spec): Spec => ({ ...more, scaling: { autoscaling: { enabled: true, steps: [step] } } });
  const up = { above: 60, add: 2, below: null, remove: null };
  const down = { above: null, add: null, below: 20, remove: 1 };
  return {
    ...each(["scaling.autoscaling.steps", "scaling.autoscaling.steps[].add"], steps(up)),
    "scaling.autoscaling.steps[].above": steps({ ...up, above: undefined }),
    "scaling.autoscaling.steps[].below": steps({ ...down, below: undefined }),
    "scaling.autoscaling.steps[].remove": steps(down),
  };
}

/** What is measured at the load balancer and at the queues. */
const AT_BALANCER = ["requestsPerTarget", "targetResponseTimeMs"].map((f) => `scaling.autoscaling.${f}`);
const AT_QUEUES = ["queueDepthPerTask", "queueLatencySeconds"].map((f) => `scaling.autoscaling.${f}`);
const measured = each([...AT_BALANCER, ...AT_QUEUES], { scaling: { autoscaling: { enabled: true } } });
const reads = { uses: [{ component: "queue", access: "receive" }] };

const zoned = { "networking.ingress.zoneId": { networking: { ingress: { hostname: "shop.example.com", enabled: true } } } };

const encrypted = each(["networking.loadBalancer.sslPolicy", "networking.ingress.redirectHttps"], {
  networking: { loadBalancer: { certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c" } },
});

const routed = (routing: Spec): Spec => ({ records: [{ name: "r-#", type: "A", value: "192.0.2.1", component: null, routing }] });
const trigger = (type: string, more: Spec): Spec => ({ triggers: [{ type, ...more }] });
const subnets = (first: number): readonly unknown[] => [
  [
    { cidrBlock: `10.0.${first}.0/24`, availabilityZone: "us-east-1a" },
    { cidrBlock: `10.0.${first + 1}.0/24`, availabilityZone: "us-east-1b" },
  ],
  [{ id: "subnet-#a" }, { id: "subnet-#b" }],
];

/** By the kind's name. */
export const HINTS: { [kind: string]: KindHints } = {
  Stack: {
    beside: ["api", "db", "web"],
    with: {
      ...sharedTests,
      ...each(["networking.subnets.public[].id", "networking.subnets.private[].id"], { networking: { vpc: { id: "vpc-0a1b2c3d" } } }),
      "networking.natGateway.type": { networking: { natGateway: { enabled: true } } },
      ...each(["networking.defaultSecurityGroup.ingress"], {
        networking: { defaultSecurityGroup: { ingress: [{ cidrBlocks: ["10.0.0.0/8"] }] } },
      }),
      ...each(["networking.securityGroup.ingress"], { networking: { securityGroup: { ingress: [{ cidrBlocks: ["10.0.0.0/8"] }] } } }),
    },
    values: {
      ...SHARED_TEST,
      ...Object.fromEntries(
        ["defaults", "networking", "security", "observability", "compliance"].map((k) => [`infrastructure.${k}`, [MORE, [MORE]]]),
      ),
      "networking.subnets.public": subnets(0),
      "networking.subnets.private": subnets(200),
    },
  },
  Service: { beside: ["api", "web"], with: sharedTests, values: { "infrastructure.defaults": [MORE, [MORE]], ...SHARED_TEST } },
  ComponentInfra: {
    beside: ["api"],
    values: workload.values ?? {},
    with: { ...encrypted, ...zoned, ...clocked, ...measured, ...stepped({}), ...mounted, ...strategies({ networking: null }) },
  },
  InfraDefaults: {
    beside: ["api", "db", "web"],
    values: workload.values ?? {},
    with: { ...encrypted, ...zoned, ...clocked, ...measured, ...stepped({}), ...mounted, ...strategies({ networking: null }) },
  },
  Networking: {
    beside: ["api", "db"],
    values: { "subnets.public": subnets(0), "subnets.private": subnets(200) },
    with: {
      ...each(["subnets.public[].id", "subnets.private[].id"], { vpc: { id: "vpc-0a1b2c3d" } }),
      "natGateway.type": { natGateway: { enabled: true } },
      ...each(["defaultSecurityGroup.ingress"], { defaultSecurityGroup: { ingress: [{ cidrBlocks: ["10.0.0.0/8"] }] } }),
    },
  },
  Observability: {
    beside: ["api", "queue", "fn"],
    values: {
      "logging.destination|0": ["cloudwatch", "firehose:arn:aws:firehose:us-east-1:123456789012:deliverystream/s-#"],
      "slo[].component": ["api", "fn"],
      "slo[].objective": [99, 99.9],
    },
  },
  MicroService: {
    ...workload,
    values: {
      ...containers,
      ...TEST_URL,
      "deployment.strategy": ["rolling", "recreate", "blueGreen", "canary", "linear"],
      "deployment.rollback.metrics[].metric": ["errors", "responseTimeMs", "cpuPercent", "memoryPercent"],
    },
    with: {
      ...strategies(balanced),
      ...each(["deployment.strategy", "deployment.rollback.metrics"], balanced),
      ...beside,
      ...tested,
      ...built,
      ...each(["networking.loadBalancer", "networking.ingress", "deployment.drainSeconds", "healthCheck"], balanced),
      ...each([...AT_BALANCER, ...AT_QUEUES], { ...balanced, ...reads, scaling: { autoscaling: { enabled: true } } }),
      ...stepped({ ...balanced, ...reads }),
      ...each(["healthCheck|1.enabled", "healthCheck|1.readiness", ...FLAT.map((f) => `healthCheck|1.${f}`)], {
        healthCheck: { readiness: { http: { path: "/up" } } },
      }),
      "healthCheck|1.readiness.tcp": { healthCheck: { readiness: { http: null, exec: null } } },
      "healthCheck|1.readiness.exec": { healthCheck: { readiness: { http: null, tcp: null } } },
      ...each(["healthCheck|1.liveness"], { healthCheck: { liveness: exec } }),
      ...each(["healthCheck|1.liveness.http", "healthCheck|1.liveness.tcp"], {
        healthCheck: { readiness: null, liveness: { exec: null } },
      }),
      "healthCheck|1.liveness.successThreshold": { healthCheck: { readiness: null, liveness: { exec: null, http: { path: "/up" } } } },
      ...each(["healthCheck|1.port", "healthCheck|1.protocol"], { healthCheck: { path: "/up" } }),
      ...encrypted,
      ...each(["networking.ingress.zoneId"], { ...balanced, networking: { ingress: { hostname: "shop.example.com", enabled: true } } }),
      ...clocked,
      ...mounted,
      ...hosted,
      port: { ports: null },
    },
  },
  Worker: {
    ...workload,
    values: { ...containers, ...TEST_URL },
    with: {
      ...beside,
      ...tested,
      ...built,
      ...clocked,
      ...each(AT_QUEUES, { ...reads, scaling: { autoscaling: { enabled: true } } }),
      ...stepped(reads),
      ...mounted,
      ...hosted,
      "subscribes[].filter": { subscribes: [{ component: "topic" }] },
      ...each(["healthCheck|1.enabled"], { healthCheck: { readiness: exec } }),
      ...each(["scaling.autoscaling.targetCPUPercent"], { scaling: { autoscaling: { enabled: true } } }),
      ...each(["healthCheck|1.readiness"], { healthCheck: { readiness: exec } }),
      ...each(["healthCheck|1.liveness"], { healthCheck: { liveness: exec } }),
      ...each(
        FLAT.map((f) => `healthCheck|1.${f}`),
        { healthCheck: { readiness: exec } },
      ),
    },
    never: {
      ...never(["healthCheck|0", "healthCheck|1.path", "healthCheck|1.port", "healthCheck|1.protocol"], NO_PORT),
      ...never(
        ["healthCheck|1.readiness.http", "healthCheck|1.readiness.tcp", "healthCheck|1.liveness.http", "healthCheck|1.liveness.tcp"],
        NO_PORT,
      ),
      ...never(
        ["healthCheck|1.successThreshold", "healthCheck|1.readiness.successThreshold", "healthCheck|1.liveness.successThreshold"],
        "a command in a container has no success threshold",
      ),
    },
  },
  Lambda: {
    base: { runtime: "nodejs20.x", handler: "index.handler", code: { s3Bucket: "code", s3Key: "code.zip" } },
    values: {
      runtime: ["nodejs20.x", "python3.12"],
      handler: ["main.handler"],
      "code.zipFile": ["exports.handler = () => 1;"],
      triggers: [[{ type: "eventbridge", schedule: "rate(1 day)" }]],
      "volumes[].source": ["files/up"],
      "volumes[].mountPath": ["/mnt/a", "/mnt/b"],
      ...watched,
      ...TEST_URL,
    },
    never: never(["smokeTests[].command"], "it runs no tasks"),
    with: {
      ...strategies({}),
      ...tested,
      "environment|0": { environment: [{ value: "v" }] },
      "environment|0[].valueFrom": { environment: [{ value: null }] },
      "code.imageUri": { runtime: null, handler: null },
      "code.s3Bucket": { code: { s3Key: "code.zip" } },
      "code.s3Key": { code: { s3Bucket: "code" } },
      "provisionedConcurrency.maxInstances": { provisionedConcurrency: { instances: 1, targetPercent: 50 } },
      "provisionedConcurrency.targetPercent": { provisionedConcurrency: { instances: 1, maxInstances: 9 } },
      "provisionedConcurrency.schedule": { provisionedConcurrency: { instances: 1, schedule: [{ instances: 1 }] } },
      "vpc.securityGroupIds": { vpc: { enabled: true, subnetIds: ["subnet-1"] } },
      volumes: { vpc: null },
      "triggers[].source": trigger("sqs", { source: { component: "queue" } }),
      "triggers[].source.arn": trigger("sqs", { source: { component: null } }),
      "triggers[].batchSize": trigger("sqs", { source: { component: "queue" } }),
      "triggers[].schedule": trigger("eventbridge", { schedule: "rate(1 day)" }),
      "triggers[].description": trigger("eventbridge", { schedule: "rate(1 day)" }),
      "triggers[].http": trigger("apigateway", {}),
      "triggers[].s3": trigger("s3", { s3: { bucket: "bucket" } }),
    },
  },
  EventBridge: {
    values: { "rules[].targets[].deadLetter": ["queue"], override: [[{ resource: "rule-r", path: "description", value: "d-#" }]] },
    with: {
      rules: { rules: [{ schedule: "rate(1 day)" }] },
      "rules[].pattern": { rules: [{ schedule: null }], bus: {} },
      override: { rules: [{ name: "r", schedule: "rate(1 day)" }] },
      ...each(["rules[].targets"], { rules: [{ targets: [{ component: "queue" }] }] }),
      "rules[].targets[].deadLetter": { rules: [{ targets: [{ deadLetter: "queue" }] }] },
    },
  },
  SNS: {
    values: { "subscriptions[].component": ["queue", "fn"] },
    with: {
      subscriptions: { subscriptions: [{ protocol: "sqs", component: "queue", endpoint: null }] },
      "subscriptions[].endpoint": { subscriptions: [{ protocol: "https", component: null }] },
      contentBasedDeduplication: { fifoTopic: true },
      ...each(["subscriptions[].component", "subscriptions[].filterPolicy", "subscriptions[].rawDelivery"], {
        subscriptions: [{ protocol: "sqs", component: "queue" }],
      }),
    },
  },
  ServiceInfraDefaults: {
    beside: ["api", "web"],
    values: workload.values ?? {},
    with: { ...encrypted, ...zoned, ...clocked, ...measured, ...stepped({}), ...mounted, ...strategies({ networking: null }) },
  },
  Security: {
    beside: ["api", "db", "unencrypted"],
    values: {
      "iam.rolePath": ["/p-#/"],
      "encryption.kmsKey": ["1", "2"].map((n) => `arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890a${n}`),
      "encryption.enforce": [false, true],
    },
  },
  Compliance: {
    beside: ["api", "db", "unencrypted"],
    values: {
      policies: [[], ["encryption-at-rest"]],
      requiredTags: [[], ["team"]],
      allowedRegions: [["us-east-1"], ["eu-central-1"]],
      allowedKinds: [["MicroService", "RDS", "SNS", "SQS"], ["SQS"]],
      "budget.monthlyUSD": [1000, 1],
      "budget.enforce": [false, true],
      separation: ["off", "enforce"],
    },
    with: { "budget.enforce": { budget: { monthlyUSD: 1 } }, "budget.monthlyUSD": { budget: { enforce: true } } },
  },
  CronJob: {
    ...workload,
    with: { ...mounted, ...hosted, ...beside, ...built },
    values: {
      ...containers,
      override: [[{ resource: "main", path: "description", value: "d-#" }]],
      schedule: ["rate(5 minutes)", "cron(0 3 * * ? *)"],
    },
  },
  Alarm: {
    base: { component: "queue" },
    values: {
      statistic: ["Sum", "p99"],
      component: ["queue", "fn"],
      "metric.name": ["ApproximateAgeOfOldestMessage"],
      notify: ["arn:aws:sns:us-east-1:123456789012:t-#"],
      periodSeconds: [120, 300],
    },
    with: { "metric.namespace": { metric: { name: "own" } }, "metric.dimensions": { metric: { namespace: "Own", name: "own" } } },
  },
  Dashboard: {
    base: { components: ["queue"] },
    values: { components: [["queue"], ["fn"]], override: [[{ resource: "main", path: "dashboardName", value: "d-#" }]] },
    with: { body: { components: null } },
    never: never(["tags"], "CloudWatch tags no dashboards"),
  },
  DNS: {
    base: { zone: { name: "a.example.com" } },
    values: {
      "records[].component": ["web"],
      "records[].name": ["name-#"],
      "records[].routing.latency": ["eu-west-1", "us-east-1"],
      "records[].routing.healthCheck.path": ["/p-#"],
      "records[].routing.healthCheck.protocol": ["HTTPS", "HTTP"],
    },
    with: {
      records: { records: [{ name: "r-#", type: "A", value: "192.0.2.1", component: null, routing: null }] },
      "records[].routing": routed({ failover: null, latency: "eu-west-1", weight: null }),
      "records[].routing.failover": routed({ failover: "secondary", latency: null, weight: null }),
      "records[].routing.latency": routed({ failover: null, latency: "eu-west-1", weight: null }),
      "records[].routing.weight": routed({ failover: null, latency: null, weight: 5, id: "w-#" }),
      ...each(["records[].routing.id", "records[].routing.healthCheck"], routed({ failover: null, latency: "eu-west-1", weight: null })),
      "records[].routing.healthCheck.path": routed({
        failover: null,
        latency: "eu-west-1",
        weight: null,
        healthCheck: { protocol: "HTTPS" },
      }),
      "records[].component": { records: [{ type: "A", value: null, ttl: null }] },
      ...each(["records[].value", "records[].ttl"], { records: [{ value: "192.0.2.1" }] }),
    },
  },
  APIGateway: {
    base: { routes: [{ path: "/p", component: "fn" }] },
    values: { "routes[].component": ["fn"], "routes[].path": ["/p-#"], "routes[].auth": ["guard"], "authorizers[].component": ["fn"] },
    with: {
      waf: { type: "rest", cors: null, accessLogs: null, authorizers: null, routes: [{ path: "/p", component: "fn" }] },
      "routes[].auth": { authorizers: [{ name: "guard", type: "lambda", component: "fn" }] },
      domain: { domain: { name: "api.example.com", zoneId: "Z1" } },
      authorizers: { authorizers: [{ type: "lambda", component: "fn" }] },
      ...each(["authorizers[].issuer", "authorizers[].audience"], {
        authorizers: [{ type: "jwt", component: null, issuer: "https://login.example.com", audience: ["shop"] }],
      }),
    },
  },
  SQS: {
    with: {
      ...each(["contentBasedDeduplication", "deduplicationScope"], { type: "fifo" }),
      fifoThroughputLimit: { type: "fifo", deduplicationScope: "messageGroup" },
    },
  },
  ...DATA_HINTS,
  ...EDGE_HINTS,
  S3: {
    values: {
      "notifications[].component": ["queue", "fn"],
      "replication.destinationBucket": ["arn:aws:s3:::copies-#"],
      "replication.replicaKmsKeyId": ["kms", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890a#"],
    },
    never: never(["replication.region", "replication.bothWays"], "the stack is in one region"),
    with: {
      lifecycle: { lifecycle: [{ expiration: { days: 3 } }] },
      replication: { versioning: {}, encryption: null, replication: { destinationBucket: "arn:aws:s3:::copies" } },
    },
  },
  Secret: { with: { rotation: { rotation: { days: 30 } } } },
  Resource: {
    base: { type: "aws:sns/topic:Topic", props: { displayName: "x" } },
    values: { props: [{ displayName: "y-#" }], outputs: [{ one: "arn" }, { another: "arn" }] },
  },
};

/** Hints of a kind; none where it needs none. */
export function hintsOf(kind: string): KindHints {
  const { values, ...hints } = HINTS[kind] ?? {};
  const output = Object.keys(registry.find(kind)?.outputs ?? {})[0];
  return { ...hints, values: { ...(output === undefined ? {} : { outputs: [{ one: output }, { another: output }] }), ...values } };
}
