import { test } from "uvu";
import * as assert from "uvu/assert";
import { existingSubnetIds, natByDefault, networkProblems, plannedSubnets, workloadTier } from "../../../constructs/network/plan.js";

test("there is NAT in production only, unless the document says so", () => {
  assert.is(natByDefault({}, "production"), true);
  assert.is(natByDefault({}, "staging"), false);
  assert.is(natByDefault({}, "development"), false);
  assert.is(natByDefault({ natGateway: { enabled: true } }, "development"), true);
  assert.is(natByDefault({ natGateway: { enabled: false } }, "production"), false);
});

test("workloads run where they can call out: private with NAT, else public, or as they say", () => {
  assert.is(workloadTier({}, "production", undefined), "private");
  assert.is(workloadTier({}, "development", undefined), "public");
  assert.is(workloadTier({}, "development", "private"), "private");
  assert.is(workloadTier({ natGateway: { enabled: false } }, "production", undefined), "public");
});

test("two subnets per tier, in the first two zones", () => {
  const subnets = plannedSubnets({}, "public");
  assert.equal(
    subnets.map((s) => s.role),
    ["public-a", "public-b"],
  );
  assert.match(JSON.stringify(subnets[0]?.availabilityZone), /names\[0\]/);
  assert.match(JSON.stringify(subnets[1]?.availabilityZone), /names\[1\]/);
});

test("subnets as written keep their addresses and zones", () => {
  const subnets = plannedSubnets({ subnets: { private: [{ cidrBlock: "10.0.4.0/24", availabilityZone: "us-east-1c" }, {}] } }, "private");
  assert.is(subnets[0]?.cidrBlock, "10.0.4.0/24");
  assert.is(subnets[0]?.availabilityZone, "us-east-1c");
  assert.is(subnets[1]?.cidrBlock, "10.0.144.0/20");
});

test("an existing VPC's subnets are those named, else found by whether they give public addresses", () => {
  assert.equal(existingSubnetIds({ vpc: { id: "vpc-1" }, subnets: { public: [{ id: "subnet-1" }] } }, "public"), ["subnet-1"]);
  const found = JSON.stringify(existingSubnetIds({ vpc: { id: "vpc-1" } }, "private"));
  assert.match(found, /getSubnets/);
  assert.match(found, /"vpc-1"/);
  assert.match(found, /"false"/);
});

test("a sound document has no problems", () => {
  assert.equal(networkProblems({}), []);
  assert.equal(networkProblems({ vpc: { id: "vpc-1" }, subnets: { public: [{ id: "subnet-1" }] } }), []);
});

test("every mistake in the addresses is reported with its path", () => {
  const paths = (spec: Parameters<typeof networkProblems>[0]) => networkProblems(spec).map((p) => p.path);
  assert.equal(paths({ vpc: { cidrBlock: "10.0.0.0/8" } }), ["vpc.cidrBlock"]);
  assert.equal(paths({ vpc: { id: "vpc-1", cidrBlock: "10.0.0.0/16" } }), ["vpc.cidrBlock"]);
  assert.equal(paths({ vpc: { id: "vpc-1" }, subnets: { public: [{ cidrBlock: "10.0.0.0/24" }] } }), ["subnets.public[0]"]);
  assert.equal(paths({ subnets: { public: [{ id: "subnet-1" }, {}] } }), ["subnets.public[0].id"]);
  assert.equal(paths({ subnets: { public: [{ cidrBlock: "10.0.0.0/24" }] } }), ["subnets.public"]);
  assert.equal(paths({ subnets: { public: [{ cidrBlock: "11.0.0.0/24" }, { cidrBlock: "10.0.9.0/24" }] } }), [
    "subnets.public[0].cidrBlock",
  ]);
  assert.equal(paths({ subnets: { public: [{ cidrBlock: "10.0.9.0/24" }, { cidrBlock: "10.0.9.0/25" }] } }), [
    "subnets.public[1].cidrBlock",
  ]);
  assert.equal(paths({ internetGateway: { enabled: false }, natGateway: { enabled: true } }), ["natGateway.enabled"]);
  assert.equal(paths({ natGateway: { enabled: false, type: "per-az" } }), ["natGateway.type"]);
});

test.run();
