/** Lives of what components can have beside the least of their kind: where they run, who may call, what watches them. */
import type { Life } from "./lives.js";

/** An image that anyone may pull. */
export const IMAGE = "public.ecr.aws/docker/library/busybox:1.36";
const HANDLER = { runtime: "nodejs22.x", handler: "index.handler", code: { zipFile: "exports.handler = async () => 1" } };
/** Region and account, as in an ARN. */
export const ACCOUNT = "us-east-1:123456789012";

/** A topic of the account, made before the stack. */
export const TOPIC = `arn:aws:sns:${ACCOUNT}:oncall`;
/** A stream of Amazon Data Firehose, made before the stack. */
export const STREAM = `arn:aws:firehose:${ACCOUNT}:deliverystream/logs`;

/** Why nothing is replaced. */
export const NO_REPLACE = "what this life is about is changed in place";

/** Kinds that take the stack's key, at their least. */
const KEYED = {
  DynamoDB: { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } },
  S3: { bucket: { forceDestroy: true } },
  Secret: {},
  SNS: {},
  SQS: {},
};

/** Features that the emulator serves. `key`: the ARN of a key of the account. */
export function features(key: string): readonly Life[] {
  return [
    {
      kind: "Networking",
      name: "networking",
      spec: { natGateway: { enabled: true, type: "single" }, flowLogs: { enabled: true } },
      change: { spec: { flowLogs: { enabled: false } } },
      replace: "another range of addresses is another network for all of the stack",
      shows: { change: "_stack/network/flow-logs" },
    },
    {
      kind: "InfraDefaults",
      name: "defaults",
      spec: { scaling: { replicas: 1 } },
      change: { spec: { scaling: { replicas: 2 } } },
      replace: "a component's own, of the same fields, replaces",
      shows: { change: "app/plain" },
    },
    {
      kind: "ServiceInfraDefaults",
      name: "app",
      spec: { deployment: { minimumHealthyPercent: 100 } },
      change: { spec: { deployment: { minimumHealthyPercent: 50 } } },
      replace: "a component's own, of the same fields, replaces",
      shows: { change: "app/caller" },
    },
    {
      kind: "Compliance",
      name: "compliance",
      spec: { allowedRegions: ["us-east-1"], budget: { monthlyUSD: 5000 } },
      change: "it makes nothing: it refuses",
      replace: "it makes nothing: it refuses",
    },
    {
      kind: "Observability",
      name: "observability",
      spec: {
        logging: { retentionDays: 14, destination: `firehose:${STREAM}` },
        metrics: { containerInsights: true },
        tracing: { xray: true },
        alarms: { snsTopic: TOPIC },
        dashboard: { enabled: true },
      },
      change: {
        spec: {
          logging: { retentionDays: 30 },
          alarms: { cpuPercent: 75 },
        },
      },
      replace: {
        spec: {
          logging: { destination: { firelens: { options: { Name: "firehose", region: "us-east-1", delivery_stream: "logs" } } } },
          metrics: { containerInsights: false },
          tracing: { otel: { endpoint: "http://collector.internal:4318" } },
        },
      },
      shows: { change: "app/plain/logs", replace: "app/plain/task-definition" },
    },
    {
      kind: "Security",
      name: "security",
      spec: { encryption: { kmsKey: key, enforce: true }, iam: { rolePath: "/apps/" } },
      change: { spec: { iam: { permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" } } },
      replace: "another path makes another role for the API with a queue, for which the emulator forgets its stage",
      shows: { change: "app/gate/role" },
    },
    // what the stack's key is for
    {
      kind: "EBS",
      name: "disk",
      spec: { sizeGB: 10, availabilityZone: "us-east-1a" },
      change: "kinds change one",
      replace: "kinds replace one",
    },
    {
      kind: "EFS",
      name: "files",
      spec: { backup: false, accessPoints: [{ name: "uploads", path: "/uploads" }] },
      change: "kinds change one",
      replace: "kinds replace one",
    },
    ...Object.entries(KEYED).map(
      ([kind, spec]): Life => ({
        kind,
        name: `own-${kind.toLowerCase()}`,
        spec,
        change: "kinds change one",
        replace: "kinds replace one",
      }),
    ),
    // containers
    {
      kind: "MicroService",
      name: "stock",
      spec: { image: IMAGE, ports: [{ name: "grpc", port: 9000 }], serviceDiscovery: { type: "connect" } },
      change: { spec: { serviceDiscovery: { name: "warehouse" } } },
      replace: { spec: { ports: [{ name: "grpc", port: 9001 }] } },
    },
    {
      kind: "MicroService",
      name: "api",
      spec: {
        image: IMAGE,
        port: 8080,
        environment: { STOCK_URL: "${stock.url}" },
        configs: { mountPath: "/etc/api", files: ["api.yaml"] },
        sidecars: {
          migrate: { image: IMAGE, command: ["/migrate"], essential: false, mainWaitsFor: "success" },
          shipper: {
            image: IMAGE,
            memory: "128Mi",
            healthCheck: { command: ["/ready"] },
            volumes: [{ name: "scratch", mountPath: "/logs", readOnly: true }],
          },
        },
      },
      infra: {
        storage: {
          volumes: [
            { name: "uploads", mountPath: "/data", source: "files/uploads" },
            { name: "scratch", mountPath: "/tmp/work" },
          ],
        },
      },
      change: "each change of a task makes another task definition",
      replace: { spec: { sidecars: { shipper: { memory: "256Mi" }, migrate: null } } },
    },
    {
      kind: "Worker",
      name: "farm",
      spec: { image: IMAGE, runtime: { platform: "ec2" } },
      infra: {
        capacity: { instances: { type: "t3.medium", max: 3 } },
        storage: { volumes: [{ name: "uploads", mountPath: "/data", source: "files/uploads" }] },
      },
      change: { infra: { capacity: { instances: { max: 5 } }, scaling: { replicas: 2 } } },
      replace: { infra: { capacity: { instances: { type: "t3.large" } } } },
    },
    {
      kind: "Worker",
      name: "plain",
      spec: { image: IMAGE },
      infra: { deployment: { minimumHealthyPercent: 100 } },
      change: "the stack's defaults change it",
      replace: "the stack's logs and traces replace its task definition",
    },
    {
      kind: "Worker",
      name: "caller",
      spec: {
        image: IMAGE,
        uses: [
          { component: "signed", access: "invoke" },
          { component: "socket", access: "send" },
        ],
      },
      infra: { scaling: { replicas: 1 } },
      change: "each change of a task makes another task definition",
      replace: { spec: { uses: [{ component: "signed", access: "invoke" }] } },
    },
    // functions and instances behind what faces users
    { kind: "Lambda", name: "hook", spec: HANDLER, change: { spec: { memory: 512 } }, replace: NO_REPLACE },
    {
      kind: "Lambda",
      name: "thumbs",
      spec: { ...HANDLER, volumes: [{ source: "files/uploads", mountPath: "/mnt/uploads" }] },
      change: { spec: { volumes: [{ source: "files/uploads", mountPath: "/mnt/pictures", readOnly: true }] } },
      replace: NO_REPLACE,
    },
    { kind: "Lambda", name: "gate", spec: HANDLER, change: { spec: { memory: 512 } }, replace: NO_REPLACE },
    {
      kind: "EC2Instance",
      name: "box",
      spec: { instanceType: "t3.micro", ami: "ami-03cf127a", port: 9000, healthCheckPath: "/health" },
      change: { spec: { healthCheckPath: "/ready" } },
      replace: { spec: { port: 9001 } },
    },
    {
      kind: "ALB",
      name: "edge",
      spec: { listeners: [{ port: 80, protocol: "HTTP", default: "box", rules: [{ path: "/hook", component: "hook" }] }] },
      change: { spec: { idleTimeoutSeconds: 120 } },
      replace: { spec: { listeners: [{ port: 81, protocol: "HTTP", default: "box", rules: [{ path: "/hook", component: "hook" }] }] } },
    },
    {
      kind: "APIGateway",
      name: "socket",
      spec: {
        type: "websocket",
        routes: [
          { path: "$connect", component: "hook", auth: "token" },
          { path: "$default", component: "hook" },
        ],
        authorizers: [{ name: "token", type: "lambda", component: "gate", query: "token" }],
        accessLogs: true,
      },
      change: { spec: { authorizers: [{ name: "token", type: "lambda", component: "gate", query: "ticket" }] } },
      replace: {
        spec: {
          routes: [
            { path: "$connect", component: "hook", auth: "door" },
            { path: "$default", component: "hook" },
          ],
          authorizers: [{ name: "door", type: "lambda", component: "gate" }],
        },
      },
    },
    {
      kind: "APIGateway",
      name: "rest",
      spec: {
        type: "rest",
        routes: [
          { path: "/orders", method: "POST", component: "hook", auth: "token" },
          { path: "/orders/{id}", method: "GET", component: "hook", auth: "iam" },
          { path: "/jobs", method: "POST", component: "own-sqs" },
        ],
        authorizers: [{ name: "token", type: "lambda", component: "gate" }],
        throttle: { rate: 100, burst: 50 },
        accessLogs: true,
      },
      change: { spec: { throttle: { rate: 200 } } },
      replace: { spec: { routes: [{ path: "/orders", method: "POST", component: "hook", auth: "token" }] } },
    },
    {
      kind: "APIGateway",
      name: "signed",
      spec: {
        routes: [
          { path: "/a", method: "GET", component: "hook", auth: "iam" },
          { path: "/jobs", method: "POST", component: "own-sqs" },
        ],
        accessLogs: true,
      },
      // Not its routes: with other ones the emulator forgets the stage.
      change: { spec: { cors: { allowedOrigins: ["https://example.com"] } } },
      replace: NO_REPLACE,
    },
  ];
}
