/** The built-in policies: each is broken by something, kept by the same thing mended, and says where to mend it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  Compliance,
  DynamoDB,
  EC2Instance,
  EFS,
  ElastiCacheMemcached,
  ElastiCacheRedis,
  MicroService,
  RDS,
  S3,
  Service,
  SNS,
  Stack,
} from "../../../constructs/index.js";
import { POLICIES } from "../../../constructs/security/policies/index.js";
import type { EnvironmentClass } from "../../../framework/model/index.js";
import { synthOf } from "../../support/synth.js";

const OPEN = { blockPublicAcls: false, ignorePublicAcls: false, blockPublicPolicy: false, restrictPublicBuckets: false };
const db = {
  engine: { type: "postgres", version: "16" },
  instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
  database: { name: "orders", username: "app" },
} as const;
const table = { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } } as const;
const cache = { cluster: { nodeType: "cache.t4g.micro" } };

async function broken(policies: string[], fill: (service: Service) => void, environment: EnvironmentClass = "development") {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Compliance(stack, { policies });
  fill(new Service(stack, "s"));
  const { diagnostics } = await synthOf(stack, environment);
  return diagnostics.filter((d) => d.severity === "error");
}

/** Policy, what breaks it, the path that is named, what keeps it. */
const CASES: [policy: string, breaks: (s: Service) => void, path: string, keeps: (s: Service) => void, environment?: EnvironmentClass][] = [
  [
    "no-public-bucket",
    (s) => new S3(s, "files", { publicAccessBlock: { blockPublicPolicy: false } }),
    "s/files.spec.publicAccessBlock.blockPublicPolicy",
    (s) => new S3(s, "files"),
  ],
  [
    "encryption-at-rest",
    (s) => new SNS(s, "topic", { encryption: { enabled: false } }),
    "s/topic.spec.encryption.enabled",
    (s) => new SNS(s, "topic"),
  ],
  [
    "encryption-at-rest",
    (s) => new ElastiCacheRedis(s, "cache", { ...cache, security: { atRestEncryption: false } }),
    "s/cache.spec.security.atRestEncryption",
    (s) => new ElastiCacheRedis(s, "cache", cache),
  ],
  [
    "no-open-ingress",
    (s) =>
      new MicroService(s, "tcp", {
        image: "tcp:1",
        ports: [{ name: "mqtt", port: 1883 }],
        networking: { loadBalancer: { enabled: true, type: "network" } },
      }),
    "shop",
    (s) => new MicroService(s, "web", { image: "web:1", port: 8080 }),
  ],
  [
    "backups-in-production",
    (s) => new RDS(s, "db", { ...db, backup: { enabled: false } }),
    "s/db.spec.backup",
    (s) => new RDS(s, "db", db),
    "production",
  ],
  [
    "backups-in-production",
    (s) => new DynamoDB(s, "t", { ...table, pointInTimeRecovery: false }),
    "s/t.spec.pointInTimeRecovery",
    (s) => new DynamoDB(s, "t", table),
    "production",
  ],
  ["backups-in-production", (s) => new EFS(s, "files", { backup: false }), "s/files.spec.backup", (s) => new EFS(s, "files"), "production"],
  [
    "deletion-protection-in-production",
    (s) => new RDS(s, "db", { ...db, protect: false }),
    "s/db.spec.protect",
    (s) => new RDS(s, "db", db),
    "production",
  ],
  [
    "deletion-protection-in-production",
    (s) => new RDS(s, "db", { ...db, deletionProtection: false }),
    "s/db.spec.deletionProtection",
    (s) => new RDS(s, "db", db),
    "production",
  ],
  [
    "pinned-images",
    (s) => new MicroService(s, "web", { image: "ghcr.io/acme/web:latest", port: 80 }),
    "s/web.spec.image",
    (s) => new MicroService(s, "web", { image: "ghcr.io/acme/web:1.4.2", port: 80 }),
  ],
  [
    "pinned-images",
    (s) => new MicroService(s, "web", { image: "ghcr.io/acme/web:1.4.2", port: 80, sidecars: { proxy: { image: "nginx" } } }),
    "s/web.spec.sidecars.proxy.image",
    (s) => new MicroService(s, "web", { image: "ghcr.io/acme/web:1.4.2", port: 80, sidecars: { proxy: { image: "nginx:1.27.3" } } }),
  ],
];

for (const [policy, breaks, path, keeps, environment] of CASES)
  test(`${policy} is broken at ${path}, and kept by what is mended`, async () => {
    const found = await broken([policy], breaks, environment);
    assert.ok(found.length > 0, "nothing was found");
    assert.equal([...new Set(found.map((d) => d.code))], [policy]);
    assert.ok(
      found.some((d) => d.path === path),
      `${found.map((d) => d.path).join(", ")}`,
    );
    for (const d of found) {
      assert.match(d.message, `the policy ${policy} asks`);
      assert.match(d.file ?? "", /policies\.test/);
    }
    assert.equal(await broken([policy], keeps, environment), []);
  });

test("every policy has a case here that breaks it", () => {
  assert.equal(
    POLICIES.filter((p) => !CASES.some(([id]) => id === p.id)).map((p) => p.id),
    [],
  );
});

test("what a policy asks of production it does not ask elsewhere", async () => {
  const both = ["backups-in-production", "deletion-protection-in-production"];
  assert.equal(await broken(both, (s) => new RDS(s, "db", { ...db, protect: false, backup: { enabled: false } })), []);
});

test("what can't be encrypted at all is refused with another way", async () => {
  const [found] = await broken(["encryption-at-rest"], (s) => new ElastiCacheMemcached(s, "pages", cache));
  assert.match(found?.next ?? "", /ElastiCacheRedis/);
});

test("a stack without the policies is not asked", async () => {
  const fill = (s: Service) => {
    new S3(s, "files", { publicAccessBlock: OPEN });
    new EC2Instance(s, "box", { instanceType: "t4g.micro" });
  };
  assert.equal(await broken([], fill), []);
});

test("a policy that is not there is refused with the nearest one", async () => {
  const [found] = await broken(["no-public-buckets"], (s) => new S3(s, "files"));
  assert.is(found?.suggestion, "no-public-bucket");
});

test.run();
