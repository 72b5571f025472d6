import { test } from "uvu";
import * as assert from "uvu/assert";
import { Compliance, MicroService, Networking, Service, SQS, Stack } from "../../../constructs/index.js";
import { registry } from "../../../constructs/registry.js";
import { type Diagnostic, DiagnosticBag } from "../../../framework/base/diagnostics.js";
import type { ResolvedModel } from "../../../framework/model/index.js";
import type { TenantSpec } from "../../../framework/model/tenant.js";
import { resolveModel } from "../../../framework/overlays/resolve.js";
import { stackIdOf } from "../../../framework/overlays/stack-id.js";
import { withTenant } from "../../../framework/overlays/tenant.js";

function stack(more: { provider?: object; tags?: { [key: string]: string } } = {}): Stack {
  const made = new Stack("shop", {
    provider: { name: "aws", region: "us-east-1", ...more.provider },
    ...(more.tags ? { tags: more.tags } : {}),
    metadata: { tenant: "payments" },
  });
  const app = new Service(made, "app");
  new SQS(app, "jobs", {});
  new MicroService(app, "web", { image: "nginx:1", port: 80 });
  return made;
}

function resolved(of: Stack, spec: TenantSpec): { model: ResolvedModel | undefined; problems: Diagnostic[] } {
  const bag = new DiagnosticBag();
  const input = withTenant(of.toModel(), { name: "payments", spec }, registry, bag);
  const options = { environmentClass: "development" as const, vars: {}, configVariables: {}, envVariables: {}, git: {} };
  const model = resolveModel(input, { environment: "development", ...options }, registry, bag);
  return { model, problems: bag.sorted() };
}

const codes = (problems: Diagnostic[]): string[] => problems.map((p) => p.code);

test("a stack's id holds the tenant that its Stack document names", () => {
  assert.equal(stackIdOf(stack().toModel(), { environment: "development" }), { stack: "shop", tenant: "payments" });
  assert.equal(stackIdOf(new Stack("alone", {}).toModel(), { environment: "development" }), { stack: "alone" });
});

test("a stack inherits its tenant's network, tags, account, role and owner", () => {
  const { model, problems } = resolved(stack({ tags: { cost: "own" } }), {
    tags: { cost: "42", team: "payments" },
    owner: { team: "payments" },
    accountId: "123456789012",
    assumeRoleArn: "arn:aws:iam::123456789012:role/deployer",
    infrastructure: { Networking: { vpc: { id: "vpc-1" } } },
  });
  assert.equal(problems, []);
  assert.equal(model?.infra.Networking, { vpc: { id: "vpc-1" } });
  assert.equal(model?.tags.app, { cost: "own", team: "payments" });
  assert.equal(model?.spec.owner, { team: "payments" });
  assert.equal(model?.spec.provider, {
    name: "aws",
    region: "us-east-1",
    accountId: "123456789012",
    assumeRoleArn: "arn:aws:iam::123456789012:role/deployer",
  });
});

test("a stack's own network takes the place of its tenant's; rules that judge a stack it can't replace", () => {
  const own = stack();
  new Networking(own, { vpc: { cidrBlock: "10.9.0.0/16" } });
  const { model } = resolved(own, { infrastructure: { Networking: { vpc: { id: "vpc-1" } } } });
  assert.equal(model?.infra.Networking, { vpc: { cidrBlock: "10.9.0.0/16" } });
  const lenient = stack();
  new Compliance(lenient, { allowedRegions: ["us-east-1"] });
  const { problems } = resolved(lenient, { infrastructure: { Compliance: { allowedRegions: ["eu-central-1"] } } });
  assert.equal(codes(problems), ["not-the-tenants"]);
  assert.ok(problems[0]?.line);
});

test("kinds, regions, accounts and numbers of components that a tenant does not allow are errors, all in one report", () => {
  const { problems } = resolved(stack({ provider: { accountId: "999999999999" } }), {
    allowedKinds: ["SQS"],
    allowedRegions: ["eu-central-1"],
    accountId: "123456789012",
    limits: { componentsPerStack: 1 },
  });
  assert.equal(codes(problems).sort(), ["kind-not-allowed", "not-the-tenants", "region-not-allowed", "too-many-components"]);
  assert.is(problems.find((p) => p.code === "kind-not-allowed")?.path, "app/web");
});

test("an infra kind that there is not is named, with the nearest one", () => {
  const { problems } = resolved(stack(), { infrastructure: { Netwroking: {} } });
  assert.equal(
    problems.map((p) => [p.code, p.suggestion]),
    [["bad-tenant", "Networking"]],
  );
});

test.run();
