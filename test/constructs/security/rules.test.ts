/** The infra kinds Security and Compliance: what they ask of a stack. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  Compliance,
  type ComplianceProps,
  DocumentDB,
  DynamoDB,
  EBS,
  EFS,
  ElastiCacheRedis,
  MemoryDB,
  MicroService,
  RDS,
  S3,
  Secret,
  Security,
  type SecurityProps,
  Service,
  SNS,
  SQS,
  Stack,
  Worker,
} from "../../../constructs/index.js";
import { registry } from "../../../constructs/registry.js";
import { DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { readYamlStack } from "../../../framework/yaml/read.js";
import { outcomeOf } from "../../support/generate/stacks.js";
import { memoryFiles } from "../../support/yaml-stack.js";
import { synthOf } from "../../support/synth.js";

async function judged(props: ComplianceProps, tags: { [key: string]: string } = {}) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" }, tags });
  new Compliance(stack, props);
  const service = new Service(stack, "orders");
  new SQS(service, "jobs", { tags: { team: "orders" } });
  new SQS(service, "lost");
  return synthOf(stack);
}

test("a component without a required tag is refused where it stands", async () => {
  const { diagnostics, result } = await judged({ requiredTags: ["team"] });
  assert.is(result, undefined);
  assert.equal(
    diagnostics.map((d) => [d.code, d.path, d.expected]),
    [["tag-missing", "orders/lost.spec.tags", "tags.team"]],
  );
});

test("a tag of the stack counts for all its components", async () => {
  assert.equal((await judged({ requiredTags: ["team"] }, { team: "shop" })).codes, []);
});

test("a stack in a region that is not allowed is refused", async () => {
  assert.equal((await judged({ allowedRegions: ["eu-central-1"] })).codes, ["region-not-allowed"]);
  assert.equal((await judged({ allowedRegions: ["eu-central-1", "us-east-1"] })).codes, []);
});

test("components of kinds that are not allowed are refused, each", async () => {
  assert.equal((await judged({ allowedKinds: ["MicroService"] })).codes, ["kind-not-allowed", "kind-not-allowed"]);
  assert.equal((await judged({ allowedKinds: ["SQS"] })).codes, []);
});

test("every role of the stack has the boundary and the path that Security names", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const permissionsBoundary = "arn:aws:iam::123456789012:policy/workloads";
  new Security(stack, { iam: { permissionsBoundary, rolePath: "/apps/" } });
  const service = new Service(stack, "orders");
  new MicroService(service, "api", { image: "ghcr.io/acme/orders:1.4.2", port: 8080 });
  new RDS(service, "db", {
    engine: { type: "postgres", version: "16" },
    instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
    database: { name: "orders", username: "app" },
    monitoring: { enhancedMonitoring: true },
  });
  const { result, codes } = await synthOf(stack);
  assert.equal(codes, []);
  const roles = result!.assembly.resources.filter((r) => r.type === "aws:iam/role:Role");
  assert.ok(roles.length >= 2);
  for (const role of roles) assert.equal([role.props.permissionsBoundary, role.props.path], [permissionsBoundary, "/apps/"]);
});

/** A service that says itself how it is run, and a database of about $26 a month. */
async function run(props: ComplianceProps) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Compliance(stack, props);
  const service = new Service(stack, "orders");
  new MicroService(service, "api", { image: "api:1", port: 80, scaling: { replicas: 2 }, resources: { cpu: 512, memory: 1024 } });
  new RDS(service, "db", DB);
  return synthOf(stack);
}

const DB = {
  engine: { type: "postgres", version: "16" },
  instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
  database: { name: "orders", username: "app" },
} as const;

test("a stack over its budget is warned of, or refused where the budget is enforced", async () => {
  const warned = await run({ budget: { monthlyUSD: 20 } });
  assert.ok(warned.result);
  const said = warned.diagnostics.find((d) => d.code === "over-budget");
  assert.is(said?.severity, "warning");
  assert.match(said?.message ?? "", /about \$\d+ a month while idle; its budget is \$20/);
  assert.match(said?.next ?? "", /costs most: .*about \$\d+ a month \(/);
  const refused = await run({ budget: { monthlyUSD: 20, enforce: true } });
  assert.equal([refused.codes, refused.result], [["over-budget"], undefined]);
  assert.equal((await run({ budget: { monthlyUSD: 1000, enforce: true } })).codes, []);
});

test("with separation a component that says how it is run is warned of or refused, each section where it stands", async () => {
  const warned = await run({ separation: "warn" });
  assert.equal(
    warned.diagnostics.filter((d) => d.severity === "warning").map((d) => d.path),
    ["orders/api.spec.resources", "orders/api.spec.scaling"],
  );
  const { diagnostics } = await run({ separation: "enforce" });
  assert.equal(
    diagnostics.map((d) => [d.code, d.next]),
    Array.from({ length: 2 }, () => ["infra-in-component", "move it to services/orders/components/api/infra.yaml"]),
  );
  assert.equal((await run({ separation: "off" })).diagnostics, []);
});

test("what a ComponentInfra or InfraDefaults document says is not the component's", async () => {
  const bag = new DiagnosticBag();
  const docs = `
apiVersion: core.panka.io/v1
kind: Stack
metadata: { name: shop }
spec: { provider: { name: aws, region: us-east-1 } }
---
apiVersion: core.panka.io/v1
kind: Service
metadata: { name: orders }
---
apiVersion: infra.panka.io/v1
kind: Compliance
metadata: { name: compliance }
spec: { separation: enforce }
---
apiVersion: infra.panka.io/v1
kind: InfraDefaults
metadata: { name: defaults }
spec: { resources: { cpu: 512, memory: 1024 } }
---
apiVersion: components.panka.io/v1
kind: MicroService
metadata: { name: api }
spec:
  image: "api:1"
  port: 80
  replicas: 2
---
apiVersion: infra.panka.io/v1
kind: ComponentInfra
metadata: { name: api, service: orders }
spec: { scaling: { replicas: 3 }, networking: { ingress: { path: /api } } }
`;
  const files = memoryFiles({ "/p/stack.yaml": docs });
  const input = await readYamlStack({ kind: "yaml", folder: "/p", root: "/p" }, { registry, exclude: [], files }, bag);
  const { errors } = await outcomeOf(input as NonNullable<typeof input>);
  assert.equal(
    errors.map((d) => [d.path, d.line]),
    [["orders/api.spec.scaling", docs.split("\n").findIndex((l) => l.includes("replicas: 2")) + 1]],
  );
});

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

test("the key of Security is that of everything that keeps data and names none, and users of it may use it", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Security(stack, { encryption: { kmsKey: KEY, enforce: true } });
  const service = new Service(stack, "s");
  const own = "arn:aws:kms:us-east-1:123456789012:key/own";
  const jobs = new SQS(service, "jobs");
  new SQS(service, "other", { encryption: { kmsKey: own } });
  new SNS(service, "news");
  const table = new DynamoDB(service, "orders", { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } });
  const files = new S3(service, "files");
  const token = new Secret(service, "token");
  const database = { ...DB.database, passwordSecret: { ref: "password" } };
  new RDS(service, "db", { ...DB, database, instance: { ...DB.instance, readReplicas: 1 } });
  new DocumentDB(service, "docs", { cluster: { instanceClass: "db.t4g.medium" }, database: { username: "app" } });
  new ElastiCacheRedis(service, "cache", { cluster: { nodeType: "cache.t4g.micro" } });
  new MemoryDB(service, "memory", { cluster: { nodeType: "db.t4g.small" } });
  new EFS(service, "shared");
  new EBS(service, "disk", { sizeGB: 10 });
  new Worker(service, "mailer", {
    image: "mailer:1",
    uses: [jobs.send(), table.read(), files.read()],
    secrets: [{ name: "TOKEN", secretRef: token.secretArn }],
  });
  const { at, codes } = await synthOf(stack);
  assert.equal(codes, []);
  const props = (address: string) => at(address).props as { [key: string]: any };
  assert.is(props("s/jobs").kmsMasterKeyId, KEY);
  assert.is(props("s/other").kmsMasterKeyId, own);
  assert.is(props("s/news").kmsMasterKeyId, KEY);
  assert.equal(props("s/orders").serverSideEncryption, { enabled: true, kmsKeyArn: KEY });
  assert.equal(props("s/files/encryption").rules[0].applyServerSideEncryptionByDefault, { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY });
  for (const name of ["token", "db", "docs", "cache", "shared", "disk", "mailer/logs"]) assert.is(props(`s/${name}`).kmsKeyId, KEY, name);
  assert.is(props("s/memory").kmsKeyArn, KEY);
  assert.is(props("s/db/replica-1").kmsKeyId, undefined);
  const may = (policy: string): string[] =>
    props(policy)
      .policy.$json.Statement.filter((s: any) => s.Resource === KEY)
      .flatMap((s: any) => s.Action);
  assert.ok(may("s/mailer/task-policy").includes("kms:GenerateDataKey"));
  assert.equal(may("s/mailer/execution-policy"), ["kms:Decrypt"]);
});

test("enforced encryption refuses what is unencrypted and, with a key, what is under AWS's own, at the field", async () => {
  const refused = async (encryption: NonNullable<SecurityProps["encryption"]>) => {
    const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
    new Security(stack, { encryption });
    const service = new Service(stack, "s");
    new SNS(service, "news", { encryption: { enabled: false } });
    new S3(service, "files", { encryption: { algorithm: "AES256" } });
    return (await synthOf(stack)).diagnostics.map((d) => [d.code, d.path]);
  };
  const off = ["encryption-enforced", "s/news.spec.encryption.enabled"];
  assert.equal(await refused({ enforce: true }), [off]);
  assert.equal((await refused({ kmsKey: KEY, enforce: true })).sort(), [["encryption-enforced", "s/files.spec.encryption.algorithm"], off]);
  assert.equal(await refused({ kmsKey: KEY }), []);
});

test("rotationDays sets the rotation of passwords that AWS manages and of secrets with a function, and says what it can't rotate", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Security(stack, { secrets: { rotationDays: 30 } });
  const service = new Service(stack, "s");
  const lambda = "arn:aws:lambda:us-east-1:123456789012:function:rotate";
  new RDS(service, "db", DB);
  new RDS(service, "own", { ...DB, database: { ...DB.database, passwordSecret: { ref: "password" } } });
  new Secret(service, "token", { rotation: { lambda } });
  new Secret(service, "often", { rotation: { lambda, days: 1 } });
  new Secret(service, "fixed");
  const { at, codes, result } = await synthOf(stack);
  assert.equal(codes, []);
  const days = (address: string) => (at(address).props as any).rotationRules.automaticallyAfterDays;
  assert.equal(["s/db/password-rotation", "s/token/rotation", "s/often/rotation"].map(days), [30, 30, 1]);
  assert.equal(
    result?.notices.filter((n) => n.includes("rotationDays")).map((n) => n.split(":")[0]),
    ["s/fixed", "s/own"],
  );
});

test("a rotation that nothing says the days of is refused", async () => {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Secret(new Service(stack, "s"), "token", { rotation: { lambda: "arn:aws:lambda:us-east-1:123456789012:function:rotate" } });
  assert.equal((await synthOf(stack)).codes, ["rotation-days"]);
});

test.run();
