/** Golden assemblies of what containers are made of: volumes, files, further containers, names. */
import { EFS, MicroService, Worker } from "../../constructs/index.js";
import { test } from "uvu";
import { goldenTests } from "../support/golden.js";

goldenTests({
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
    },
  },
});

test.run();
