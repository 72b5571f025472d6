import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given, type Setting } from "../../support/expand.js";

const api = (networking: object = {}): Given => ({
  address: "shop/api",
  kind: "MicroService",
  props: { image: "x", port: 80, networking },
});
const database: Given = {
  address: "shop/database",
  kind: "RDS",
  props: {
    engine: { type: "postgres", version: "16" },
    instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
    database: { name: "users", username: "app" },
  },
};
const network = (given: Given[], spec: object = {}, setting: Setting = {}) =>
  expandAll(given, { ...setting, infra: { Networking: { ...spec } } });
const at = (out: ReturnType<typeof network>) =>
  out.resources.filter((r) => r.at.startsWith("_stack/network")).map((r) => r.at.split("/")[2] ?? "vpc");

test("development has public subnets in two zones, free endpoints, and nothing that costs", () => {
  const out = network([api()]);
  assert.equal(at(out).sort(), [
    ...["endpoint-dynamodb", "endpoint-s3", "internet", "public", "public-a", "public-a-routes"],
    ...["public-b", "public-b-routes", "public-internet", "vpc"],
  ]);
});

test("a stack without workloads has no network", () => {
  assert.equal(at(network([{ address: "shop/jobs", kind: "SQS", props: {} }])), []);
});

test("a database adds private subnets without a way out", () => {
  const roles = at(network([api(), database]));
  assert.ok(roles.includes("private-b"));
  assert.not(roles.some((r) => r.startsWith("nat") || r === "private-a-internet"));
});

test("one NAT gateway serves both zones, or one stands in each", () => {
  const production = { environmentClass: "production" } as const;
  assert.equal(
    at(network([api()], {}, production)).filter((r) => /^nat-.$/.test(r)),
    ["nat-a"],
  );
  const both = network([api()], { natGateway: { enabled: true, type: "per-az" } });
  assert.equal(
    at(both).filter((r) => /^nat-.$/.test(r)),
    ["nat-a", "nat-b"],
  );
  assert.match(JSON.stringify(both.props("_stack/network/private-b-internet").natGatewayId), /nat-b/);
});

test("a component that insists on private subnets gets a NAT gateway, unless it is forbidden", () => {
  assert.ok(at(network([api({ placement: "private" })])).includes("nat-a"));
  assert.is(network([api({ placement: "private" })], { natGateway: { enabled: false } }).errors[0]?.code, "no-egress");
});

test("a NAT gateway waits for the way to the internet", () => {
  const out = network([api()], {}, { environmentClass: "production" });
  assert.match(out.find("_stack/network/nat-a")?.extra.dependsOn?.join() ?? "", /public-internet/);
});

test("tasks wait for the routes by which they call out", () => {
  assert.match(network([api()]).find("shop/api")?.extra.dependsOn?.join() ?? "", /public-internet/);
  assert.match(
    network([api()], {}, { environmentClass: "production" }).find("shop/api")?.extra.dependsOn?.join() ?? "",
    /private-a-internet/,
  );
});

test("every dependency that is named exists", () => {
  for (const environmentClass of ["development", "production"] as const) {
    const out = network([database, api()], {}, { environmentClass });
    const urns = new Set(out.resources.map((r) => r.urn));
    for (const r of out.resources) for (const d of r.extra.dependsOn ?? []) assert.ok(urns.has(d), `${r.at} -> ${d}`);
    for (const match of JSON.stringify(out.resources.map((r) => r.props)).matchAll(/"urn":"([^"]+)"/g))
      assert.ok(urns.has(match[1] ?? ""), match[1]);
  }
});

test("an existing VPC is used and nothing is made in it but security groups", () => {
  const out = network([api()], { vpc: { id: "vpc-1" } });
  assert.equal(at(out), []);
  assert.is(out.props("shop/api/security-group").vpcId, "vpc-1");
  assert.match(JSON.stringify(out.props("shop/api").networkConfiguration.subnets), /getSubnets/);
});

test("the default security group is given to every workload beside its own", () => {
  const out = network([api()], {
    defaultSecurityGroup: { allowInternalTraffic: true, ingress: [{ port: 22, cidrBlocks: ["10.0.0.0/8"] }] },
  });
  assert.match(JSON.stringify(out.props("shop/api").networkConfiguration.securityGroups), /default-security-group/);
  assert.ok(out.find("_stack/network/default-internal"));
  assert.is(out.resources.filter((r) => r.at.startsWith("_stack/network/in-")).length, 1);
});

test("an inbound rule for nobody in particular is an error, not an open door", () => {
  assert.is(network([api()], { defaultSecurityGroup: { ingress: [{ port: 22 }] } }).errors[0]?.code, "open-rule");
});

test("ports that would have no effect are refused", () => {
  const codes = (rule: object) => network([api()], { defaultSecurityGroup: { egress: [rule] } }).errors.map((e) => e.code);
  assert.equal(codes({ port: 22, toPort: 23 }), ["port-range"]);
  assert.equal(codes({ protocol: "all", port: 22 }), ["port-range"]);
  assert.equal(codes({ fromPort: 22, toPort: 23 }), []);
});

test("flow logs are written with a role that may write that group only", () => {
  const out = network([api()], { flowLogs: { enabled: true } });
  assert.is(out.props("_stack/network/flow-logs").trafficType, "ALL");
  assert.match(JSON.stringify(out.props("_stack/network/flow-logs-policy").policy), /flow-logs-group/);
});

test("mistakes in the document are reported once, with their path", () => {
  const out = network([api(), database], { vpc: { cidrBlock: "10.0.0.0/8" } });
  assert.equal(
    out.errors.map((e) => e.path),
    ["vpc.cidrBlock"],
  );
});

test.run();
