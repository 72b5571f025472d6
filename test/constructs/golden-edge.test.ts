/** Golden assemblies of the kinds that face users, run by the clock, or watch. */
import { test } from "uvu";
import {
  ALB,
  Alarm,
  APIGateway,
  CloudFront,
  CronJob,
  Dashboard,
  DNS,
  EBS,
  EC2Instance,
  EFS,
  EKSCluster,
  Lambda,
  MicroService,
  NLB,
  Observability,
  S3,
  ServiceInfraDefaults,
  SNS,
  SQS,
  Worker,
} from "../../constructs/index.js";
import { goldenTests } from "../support/golden.js";

goldenTests({
  observability: {
    fill(service, stack) {
      new Observability(stack, {
        logging: { destination: "firehose:arn:aws:firehose:us-east-1:123456789012:deliverystream/logs" },
        metrics: { containerInsights: true },
        tracing: { xray: true, otel: { endpoint: "http://collector.internal:4318" } },
        slo: [{ component: "web", objective: 99.9, latencyMs: 800 }],
        synthetics: [{ url: "https://shop.example.com/health?deep=1" }, { url: "http://status.example.com", everyMinutes: 1 }],
        alarms: { enabled: false, snsTopic: "arn:aws:sns:us-east-1:123456789012:oncall" },
        dashboard: {},
      });
      new MicroService(service, "web", { image: "ghcr.io/acme/web:1.4.2", port: 8080 });
      new Lambda(service, "resize", { runtime: "nodejs22.x", handler: "index.handler", code: { s3Bucket: "code", s3Key: "fn.zip" } });
    },
  },
  "cron-job": {
    fill(service) {
      new ServiceInfraDefaults(service, { resources: { cpu: 512, memory: 1024 } });
      const jobs = new SQS(service, "jobs");
      new CronJob(service, "report", {
        image: "ghcr.io/acme/report:1.4.2",
        schedule: "cron(0 3 * * ? *)",
        timezone: "Europe/Berlin",
        timeoutSeconds: 900,
        concurrency: "forbid",
        uses: [jobs.send()],
        capacity: { spot: "all" },
      });
    },
  },
  worker: {
    fill(service) {
      new SQS(service, "jobs");
      new SNS(service, "events");
      new Worker(service, "mailer", {
        image: "ghcr.io/acme/mailer:1.4.2",
        subscribes: [{ component: "jobs" }, { component: "events" }],
        scaling: {
          minReplicas: 0,
          maxReplicas: 20,
          autoscaling: {
            queueDepthPerTask: 100,
            steps: [
              { metric: "queueLatencySeconds", above: 60, add: 2 },
              { metric: "queueLatencySeconds", above: 300, add: 10 },
            ],
          },
        },
      });
    },
  },
  "other-targets": {
    fill(service) {
      const code = { zipFile: "exports.handler = async () => 1" };
      new Lambda(service, "hello", {
        runtime: "nodejs20.x",
        handler: "index.handler",
        code,
        url: {},
        provisionedConcurrency: { instances: 2, maxInstances: 20, schedule: [{ name: "day", at: "cron(0 8 * * ? *)", instances: 5 }] },
      });
      new EC2Instance(service, "old", { instanceType: "t4g.small", count: 2, port: 8080, healthCheckPath: "/up" });
      new ALB(service, "edge", {
        listeners: [{ port: 80, protocol: "HTTP", default: "old", rules: [{ path: "/hello", component: "hello" }] }],
      });
    },
  },
  "ec2-capacity": {
    in: "production",
    fill(service) {
      new EFS(service, "files");
      new MicroService(service, "api", {
        image: "ghcr.io/acme/api:1.4.2",
        port: 8080,
        runtime: { platform: "ec2", architecture: "arm64" },
        capacity: { instances: { type: "m7g.large", min: 2, max: 6 } },
        storage: { volumes: [{ name: "files", mountPath: "/data", source: "files" }] },
      });
      new CronJob(service, "report", {
        image: "ghcr.io/acme/report:1.4.2",
        schedule: "rate(1 day)",
        runtime: { platform: "ec2" },
        capacity: { spot: "all" },
      });
    },
  },
  "ec2-instance": {
    in: "production",
    fill(service) {
      const jobs = new SQS(service, "jobs");
      new EBS(service, "archive", { sizeGB: 100 });
      new EC2Instance(service, "build", {
        instanceType: "m7g.large",
        userData: "#!/bin/sh\ndnf install -y git",
        volumes: [
          { name: "work", device: "/dev/sdf", sizeGB: 50 },
          { name: "archive", device: "/dev/sdg", component: "archive" },
        ],
        uses: [jobs.receive()],
        port: 9000,
      });
    },
  },
  "eks-cluster": {
    fill(service) {
      new EKSCluster(service, "kube", {
        version: "1.33",
        nodeGroups: [{ name: "main", instanceTypes: ["t4g.medium"], maxSize: 4, labels: { team: "shop" } }],
        access: [{ principalArn: "arn:aws:iam::123456789012:role/ops", policy: "clusterAdmin" }],
      });
    },
  },
  alarm: {
    fill(service) {
      const oncall = new SNS(service, "oncall", { encryption: { enabled: false } });
      new SQS(service, "jobs");
      new Alarm(service, "backlog", { component: "jobs", threshold: 1000, evaluationPeriods: 3, notify: "oncall" });
      new Alarm(service, "sales", {
        metric: { namespace: "Shop", name: "Orders", dimensions: { shop: "berlin" } },
        statistic: "Sum",
        comparison: "<",
        threshold: 1,
        periodSeconds: 3600,
        notify: oncall.topicArn,
      });
    },
  },
  dashboard: {
    fill(service) {
      new SQS(service, "jobs");
      new Dashboard(service, "overview", { components: ["jobs"] });
    },
  },
  "api-gateway": {
    fill(service) {
      const code = { zipFile: "exports.handler = async () => 1" };
      new Lambda(service, "create", { runtime: "nodejs20.x", handler: "index.handler", code });
      new MicroService(service, "web", { image: "ghcr.io/acme/web:1.4.2", port: 8080 });
      new APIGateway(service, "http", {
        routes: [
          { path: "/orders", method: "POST", component: "create", auth: "login" },
          { path: "/{proxy+}", component: "web" },
        ],
        authorizers: [{ name: "login", type: "jwt", issuer: "https://login.example.com", audience: ["shop"] }],
        throttle: { rate: 500, burst: 200 },
        accessLogs: true,
      });
      new APIGateway(service, "rest", { type: "rest", routes: [{ path: "/orders", method: "POST", component: "create", auth: "iam" }] });
    },
  },
  "api-ways": {
    fill(service) {
      new SQS(service, "jobs", { encryption: { kmsKey: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" } });
      new SQS(service, "steps", { type: "fifo" });
      new MicroService(service, "stock", { image: "ghcr.io/acme/stock:1.4.2", ports: [{ name: "http", port: 8080 }] });
      new NLB(service, "inside", { internal: true, listeners: [{ port: 80, protocol: "TCP", default: "stock" }] });
      const routes = [
        { path: "/jobs", method: "POST" as const, component: "jobs" },
        { path: "/steps", method: "POST" as const, component: "steps" },
      ];
      new APIGateway(service, "http", { routes: [...routes, { path: "/{proxy+}", component: "inside" }] });
      new APIGateway(service, "rest", { type: "rest", routes, cors: { allowedOrigins: ["https://shop.example.com"] } });
    },
  },
  "api-callers": {
    fill(service) {
      const code = { zipFile: "exports.handler = async () => 1" };
      for (const name of ["chat", "guard"]) new Lambda(service, name, { runtime: "nodejs20.x", handler: "index.handler", code });
      new APIGateway(service, "socket", {
        type: "websocket",
        routes: [
          { path: "$connect", component: "chat", auth: "token" },
          { path: "$default", component: "chat" },
        ],
        authorizers: [{ name: "token", type: "lambda", component: "guard", query: "token" }],
        accessLogs: true,
      });
      new APIGateway(service, "rest", {
        type: "rest",
        routes: [
          { path: "/orders", method: "POST", component: "chat", auth: "token" },
          { path: "/orders/{id}", method: "GET", component: "chat" },
        ],
        authorizers: [{ name: "token", type: "lambda", component: "guard" }],
        cors: { allowedOrigins: ["https://shop.example.com"], allowCredentials: true },
        accessLogs: true,
      });
    },
  },
  cloudfront: {
    fill(service) {
      const code = { zipFile: "exports.handler = async () => 1" };
      const site = new S3(service, "site");
      new Lambda(service, "hello", { runtime: "nodejs20.x", handler: "index.handler", code });
      new APIGateway(service, "api", { routes: [{ path: "/api/hello", component: "hello" }] });
      new CloudFront(service, "web", {
        origins: [
          { id: "site", component: "site" },
          { id: "api", component: "api" },
          { id: "old", domainName: "legacy.example.com", path: "/v1", headers: { "X-Origin": site.bucketName } },
        ],
        defaultBehavior: { origin: "site" },
        behaviors: [
          { path: "/api/*", origin: "api" },
          { path: "/old/*", origin: "old", methods: ["GET", "HEAD"], cache: "static" },
        ],
        aliases: ["shop.example.com", "www.example.com"],
        zoneId: "Z0123456789ABCDEFGHIJ",
        spa: true,
      });
    },
  },
  alb: {
    fill(service) {
      const logs = new S3(service, "logs");
      new MicroService(service, "api", { image: "ghcr.io/acme/api:1.4.2", port: 8080, healthCheck: "/health" });
      new MicroService(service, "web", { image: "ghcr.io/acme/web:1.4.2", port: 8080 });
      new ALB(service, "edge", {
        listeners: [
          { port: 80, protocol: "HTTP" },
          { port: 443, protocol: "HTTPS", default: "web", rules: [{ path: "/api", component: "api" }] },
        ],
        accessLogs: { bucket: logs.bucketName },
        domain: { name: "shop.example.com", zoneId: "Z0123456789ABCDEFGHIJ" },
        waf: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shop/a1b2c3d4-5678-90ab-cdef-111111111111",
      });
    },
  },
  nlb: {
    fill(service) {
      new MicroService(service, "broker", { image: "ghcr.io/acme/broker:1.4.2", ports: [{ name: "mqtt", port: 1883 }] });
      new NLB(service, "edge", {
        listeners: [
          { port: 1883, protocol: "TCP", default: "broker" },
          { port: 8883, protocol: "TLS", certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/c", default: "broker" },
        ],
      });
    },
  },
  dns: {
    fill(service) {
      new MicroService(service, "api", { image: "ghcr.io/acme/api:1.4.2", port: 8080 });
      new DNS(service, "dns", {
        zone: { name: "example.com" },
        records: [
          { name: "api", type: "A", component: "api" },
          { name: "@", type: "MX", value: ["10 mail.example.net"] },
        ],
      });
      new DNS(service, "old", { zone: { id: "Z0123456789ABCDEFGHIJ" }, records: [{ name: "@", type: "TXT", value: "v=spf1 -all" }] });
    },
  },
});

test.run();
