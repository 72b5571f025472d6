/** The infra kinds Security and Compliance: what they ask of a stack. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Compliance, type ComplianceProps, MicroService, RDS, Security, Service, SQS, Stack } from "../../../constructs/index.js";
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

test.run();
