/** Golden assemblies of the infra documents; and that every kind is the subject of a golden of its own. */
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Compliance, InfraDefaults, MicroService, Networking, RDS, ServiceInfraDefaults, SQS, Worker } from "../../constructs/index.js";
import { registry } from "../../constructs/registry.js";
import { GOLDENS, goldenTests, kindsNamed } from "../support/golden.js";
import { component, infra } from "../support/yaml-stack.js";

const WEB = { image: "ghcr.io/acme/web:1.4.2", port: 8080 };

goldenTests({
  networking: {
    in: "production",
    fill(service, stack) {
      new Networking(stack, {
        vpc: { cidrBlock: "10.20.0.0/16", enableDNSHostnames: true },
        subnets: { private: [{ cidrBlock: "10.20.128.0/24" }, { cidrBlock: "10.20.129.0/24" }] },
        natGateway: { type: "per-az" },
        defaultSecurityGroup: { allowInternalTraffic: true, ingress: [{ port: 9100, cidrBlocks: ["10.0.0.0/8"], description: "metrics" }] },
        flowLogs: { enabled: true },
      });
      new Worker(service, "mailer", { image: "ghcr.io/acme/mailer:1.4.2" });
      new RDS(service, "database", {
        engine: { type: "postgres", version: "16" },
        instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
        database: { name: "shop", username: "app" },
      });
    },
  },
  "infra-defaults": {
    fill(service, stack) {
      new InfraDefaults(stack, {
        resources: { cpu: "512m", memory: "1Gi" },
        scaling: { replicas: 2, autoscaling: { minReplicas: 2, maxReplicas: 6 } },
        capacity: { spot: "after 1" },
        deployment: { minimumHealthyPercent: 50, drainSeconds: 10 },
      });
      new MicroService(service, "web", WEB);
      new Worker(service, "mailer", { image: "ghcr.io/acme/mailer:1.4.2", scaling: { replicas: 1 } });
    },
  },
  "service-infra-defaults": {
    fill(service, stack) {
      new InfraDefaults(stack, { resources: { cpu: 256, memory: 512 }, storage: { ephemeralGB: 30 } });
      new ServiceInfraDefaults(service, { resources: { cpu: 1024, memory: 2048 }, networking: { loadBalancer: { internal: true } } });
      new MicroService(service, "web", WEB);
    },
  },
  "component-infra": {
    yaml: [
      component("MicroService", "web", '{ image: "ghcr.io/acme/web:1.4.2", port: 8080 }'),
      infra(
        "ComponentInfra",
        "web",
        `
  resources: { cpu: 512, memory: 1Gi }
  scaling: { replicas: 2, minReplicas: 2, maxReplicas: 8 }
  networking:
    loadBalancer: { healthCheckPath: /ready, stickiness: true }
    ingress: { hostname: shop.example.com, path: /web }
  capacity: { spot: after 2 }`,
      ),
    ],
  },
  compliance: {
    in: "production",
    fill(service, stack) {
      new Compliance(stack, {
        policies: ["encryption-at-rest", "no-public-bucket"],
        requiredTags: ["team"],
        allowedRegions: ["us-east-1"],
        allowedKinds: ["SQS"],
        budget: { monthlyUSD: 10, enforce: true },
        approval: { required: true },
      });
      new SQS(service, "jobs", { tags: { team: "orders" } });
    },
  },
});

test("every kind of component and of infra document is the subject of a golden of its name", () => {
  const subjects = new Set(readdirSync(GOLDENS).flatMap((file) => kindsNamed(file.replace(".json", ""))));
  // Stack and Service are in each of them.
  const kinds = registry.kinds.filter((k) => k.group !== "core").map((k) => k.name);
  assert.equal(
    kinds.filter((kind) => !subjects.has(kind)),
    [],
  );
});

test.run();
