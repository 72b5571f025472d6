/** Lives of features that the emulator can't serve to their end. */
import { ACCOUNT, IMAGE, NO_REPLACE, TOPIC } from "./feature-lives.js";
import type { Life } from "./lives.js";

/** Code from a bucket: the state holds no archive, which the official provider would ask for. */
const HANDLER = { runtime: "nodejs22.x", handler: "index.handler", code: { s3Bucket: "acme-code", s3Key: "ready-1.zip" } };

/** The ARN of a key that is nowhere. */
const keyArn = (n: number): string => `arn:aws:kms:${ACCOUNT}:key/00000000-0000-0000-0000-00000000000${n}`;

/** Features that the emulator can't serve, and why. */
export const UNSERVED_FEATURES: readonly (Life & { why?: string })[] = [
  {
    kind: "Observability",
    name: "observability",
    why: "the emulator has no composite alarms",
    spec: { slo: [{ component: "web", objective: 99.9, latencyMs: 800 }], alarms: { snsTopic: TOPIC } },
    change: { spec: { slo: [{ component: "web", objective: 99.5, latencyMs: 500 }] } },
    replace: { spec: { slo: [{ component: "ready", objective: 99 }] } },
  },
  {
    kind: "Security",
    name: "security",
    why: "the emulator runs the function that rotates a secret, and can't give a log group another key",
    spec: { encryption: { kmsKey: keyArn(1) }, secrets: { rotationDays: 30 } },
    change: { spec: { secrets: { rotationDays: 60 } } },
    replace: { spec: { encryption: { kmsKey: keyArn(2) } } },
  },
  { kind: "Secret", name: "token", spec: { rotation: { lambda: "rotate" } }, change: {}, replace: NO_REPLACE },
  {
    kind: "RDS",
    name: "db",
    spec: {
      engine: { type: "postgres", version: "16" },
      instance: { class: "db.t4g.micro", storage: { allocatedGB: 20 } },
      database: { name: "users", username: "app" },
    },
    change: {},
    replace: {},
  },
  { kind: "Lambda", name: "rotate", spec: HANDLER, change: "another feature's part", replace: "another feature's part" },
  {
    kind: "Lambda",
    name: "ready",
    why: "the emulator knows no provisioned concurrency",
    spec: {
      ...HANDLER,
      provisionedConcurrency: { instances: 2, maxInstances: 10, schedule: [{ name: "night", at: "cron(0 22 * * ? *)", instances: 1 }] },
    },
    change: { spec: { provisionedConcurrency: { maxInstances: 20 } } },
    replace: { spec: { override: [{ resource: "main", path: "name", value: "features-ready" }] } },
  },
  {
    kind: "MicroService",
    name: "web",
    why: "the provider's create of a scalable target does not come back on the emulator",
    spec: { image: IMAGE, port: 8080 },
    infra: { scaling: { minReplicas: 1, maxReplicas: 4, autoscaling: { targetResponseTimeMs: 300, requestsPerTarget: 100 } } },
    change: { infra: { scaling: { maxReplicas: 6, autoscaling: { targetResponseTimeMs: 200 } } } },
    replace: {
      infra: { scaling: { autoscaling: { targetResponseTimeMs: null, steps: [{ metric: "responseTimeMs", above: 500, add: 2 }] } } },
    },
  },
  {
    kind: "Worker",
    name: "mailer",
    why: "the provider's create of a scalable target does not come back on the emulator",
    spec: { image: IMAGE, subscribes: [{ component: "jobs" }] },
    infra: { scaling: { minReplicas: 0, maxReplicas: 4, autoscaling: { queueDepthPerTask: 100, queueLatencySeconds: 60 } } },
    change: { infra: { scaling: { autoscaling: { queueDepthPerTask: 50 } } } },
    replace: {
      infra: {
        scaling: {
          autoscaling: {
            queueDepthPerTask: null,
            steps: [
              { metric: "queueDepth", above: 100, add: 2 },
              { metric: "queueDepth", below: 10, remove: 1 },
            ],
          },
        },
      },
    },
  },
  { kind: "SQS", name: "jobs", spec: {}, change: "another feature's part", replace: "another feature's part" },
  {
    kind: "APIGateway",
    name: "rest",
    why: "the emulator refuses the definition of an API that answers preflights by itself",
    spec: {
      type: "rest",
      routes: [{ path: "/orders", method: "POST", component: "rotate" }],
      cors: { allowedOrigins: ["https://shop.example.com"] },
    },
    change: "each change of its definition is another deployment",
    replace: { spec: { cors: { maxAgeSeconds: 60 } } },
  },
];
