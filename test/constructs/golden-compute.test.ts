/** Golden assemblies of what containers are made of: volumes, files, further containers, names. */
import { DynamoDB, EFS, Lambda, MicroService, Secret, SQS, Worker } from "../../constructs/index.js";
import { test } from "uvu";
import { goldenTests } from "../support/golden.js";

goldenTests({
  "micro-service": {
    in: "production",
    fill(service) {
      const orders = new DynamoDB(service, "orders", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } });
      new Secret(service, "token", { generate: { length: 40 } });
      new MicroService(service, "api", {
        image: "ghcr.io/acme/api:1.4.2",
        port: 8080,
        healthCheck: "/health",
        resources: { cpu: 512, memory: 1024 },
        scaling: { minReplicas: 2, maxReplicas: 10 },
        environment: { LEVEL: "info" },
        secrets: [{ name: "TOKEN", secretRef: "token" }],
        uses: [orders.readWrite()],
        deployment: { strategy: "rolling", rollback: { metrics: [{ metric: "errors", above: 5 }] } },
      });
    },
  },
  lambda: {
    in: "production",
    fill(service) {
      const jobs = new SQS(service, "jobs", { deadLetterQueue: {} });
      const orders = new DynamoDB(service, "orders", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } });
      new Lambda(service, "resize", {
        runtime: "nodejs22.x",
        handler: "index.handler",
        code: { s3Bucket: "code", s3Key: "resize.zip" },
        memory: 512,
        timeout: 20,
        url: { enabled: true },
        environment: { TABLE: orders.tableName },
        triggers: [
          { type: "sqs", source: { component: "jobs" }, batchSize: 5 },
          { type: "eventbridge", schedule: "rate(1 day)" },
        ],
        uses: [jobs.receive()],
      });
    },
  },
  "service-connect": {
    fill(service) {
      const stock = new MicroService(service, "stock", {
        image: "ghcr.io/acme/stock:2.0.1",
        ports: [{ name: "grpc", port: 9000 }],
        serviceDiscovery: { type: "connect" },
      });
      new Worker(service, "packer", { image: "ghcr.io/acme/packer:1.4.2", environment: { STOCK_URL: stock.url } });
    },
  },
  sidecars: {
    fill(service) {
      new MicroService(service, "api", {
        image: "ghcr.io/acme/api:1.4.2",
        port: 8080,
        configs: { mountPath: "/etc/api", files: ["api.yaml"] },
        sidecars: {
          migrate: { image: "ghcr.io/acme/api:1.4.2", command: ["/app/migrate"], essential: false, mainWaitsFor: "success" },
          proxy: {
            image: "envoyproxy/envoy:v1.31.0",
            ports: [{ name: "proxy", port: 9000 }],
            cpu: 64,
            memory: "128Mi",
            healthCheck: { command: ["/usr/local/bin/ready"] },
            mainWaitsFor: "healthy",
            configs: { mountPath: "/etc/envoy", files: ["envoy.yaml"] },
          },
        },
      });
    },
  },
  volumes: {
    in: "production",
    fill(service) {
      new EFS(service, "files", { accessPoints: [{ name: "uploads", path: "/uploads" }] });
      new MicroService(service, "api", {
        image: "ghcr.io/acme/api:1.4.2",
        storage: {
          volumes: [
            { name: "uploads", mountPath: "/data/uploads", source: "files/uploads" },
            { name: "all", mountPath: "/data/all", source: "files", readOnly: true },
            { name: "scratch", mountPath: "/tmp/work" },
          ],
        },
      });
      new Lambda(service, "thumbnails", {
        runtime: "nodejs22.x",
        handler: "index.handler",
        code: { s3Bucket: "code", s3Key: "thumbnails.zip" },
        volumes: [{ source: "files/uploads", mountPath: "/mnt/uploads" }],
      });
    },
  },
});

test.run();
