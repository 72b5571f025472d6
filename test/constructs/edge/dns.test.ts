import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const API = { address: "users/api", kind: "MicroService", props: { image: "acme/api:1", ports: [{ name: "http", port: 80 }] } };
const dns = (records: object[], zone: object = { name: "example.com" }, setting: Setting = {}) =>
  expandAll([API, { address: "users/dns", kind: "DNS", props: { zone, records } }], setting);
const records = (made: ReturnType<typeof dns>) => made.resources.filter((r) => r.type.endsWith(":Record")).map((r) => r.props as any);

test("names are whole within a zone that is made here", () => {
  const made = dns([
    { name: "www", type: "CNAME", value: "example.net" },
    { name: "@", type: "MX", value: ["10 a.example.net", "20 b.example.net"], ttl: 60 },
    { name: "api.example.com", type: "TXT", value: "v=1" },
  ]);
  assert.equal(
    records(made).map((r) => [r.name, r.type, r.ttl, r.records]),
    [
      ["www.example.com", "CNAME", 300, ["example.net"]],
      ["example.com", "MX", 60, ["10 a.example.net", "20 b.example.net"]],
      ["api.example.com", "TXT", 300, ["v=1"]],
    ],
  );
  assert.is(made.props("users/dns").name, "example.com");
});

test("a component behind a load balancer is an alias", () => {
  const [record] = records(dns([{ name: "api", type: "A", component: "api" }]));
  assert.is(record.records, undefined);
  assert.is(record.aliases[0].evaluateTargetHealth, true);
  assert.match(record.aliases[0].name.$ref.urn, /_stack\/load-balancer$/);
});

test("an existing zone is used by its id and never made", () => {
  const made = dns([{ name: "@", type: "TXT", value: "x" }], { id: "Z123" });
  assert.is(made.find("users/dns"), undefined);
  const [record] = records(made);
  assert.equal([record.zoneId, record.name.$lookup.output], ["Z123", "name"]);
  assert.is(made.outputs["users/dns"]!.zoneId, "Z123");
  assert.is(records(dns([{ name: "a", type: "A", value: "192.0.2.1" }], { id: "Z1", name: "example.com." }))[0].name, "a.example.com");
});

test("what a record can't be is refused", () => {
  const codes = (list: object[], zone?: object) => dns(list, zone).errors.map((e) => e.code);
  assert.equal(codes([], {}), ["no-zone"]);
  assert.equal(codes([{ name: "a", type: "A" }]), ["record-value"]);
  assert.equal(codes([{ name: "a", type: "A", value: "192.0.2.1", component: "api" }]), ["record-value"]);
  assert.equal(codes([{ name: "a", type: "A", value: [] }]), ["record-value"]);
  assert.equal(codes([{ name: "a", type: "TXT", component: "api" }]), ["record-type"]);
  assert.equal(codes([{ name: "a", type: "A", component: "api", ttl: 5 }]), ["ttl-unused"]);
  const one = { name: "a", type: "A", value: "192.0.2.1" };
  assert.equal(codes([one, { ...one, name: "A.example.com" }]), ["record-twice"]);
});

test("several records of one name are answered by turns: failover, latency, weight", () => {
  const check = { host: "api.example.com", path: "/health" };
  const made = dns([
    { name: "api", type: "A", component: "api", routing: { failover: "primary" } },
    { name: "api", type: "A", value: "192.0.2.1", routing: { failover: "secondary" } },
    { name: "eu", type: "A", value: "192.0.2.2", routing: { latency: "eu-west-1", healthCheck: check } },
    { name: "eu", type: "A", value: "192.0.2.3", routing: { latency: "us-east-1" } },
    { name: "w", type: "A", value: "192.0.2.4", routing: { weight: 1, id: "blue" } },
  ]);
  assert.equal(made.errors, []);
  const [primary, secondary, eu, , blue] = records(made);
  assert.equal([primary.setIdentifier, primary.failoverRoutingPolicies], ["primary", [{ type: "PRIMARY" }]]);
  assert.equal(secondary.failoverRoutingPolicies, [{ type: "SECONDARY" }]);
  assert.equal(eu.latencyRoutingPolicies, [{ region: "eu-west-1" }]);
  assert.equal(blue.weightedRoutingPolicies, [{ weight: 1 }]);
  const health = made.resources.filter((r) => r.type.endsWith("HealthCheck"));
  assert.equal(
    health.map((r) => [r.props.fqdn, r.props.resourcePath, r.props.type]),
    [["api.example.com", "/health", "HTTPS"]],
  );
  assert.match(eu.healthCheckId.$ref.urn, /health-/);
});

test("what routing can't be is refused", () => {
  const codes = (...routings: (object | undefined)[]) =>
    dns(routings.map((routing) => ({ name: "a", type: "A", value: "192.0.2.1", ...(routing ? { routing } : {}) }))).errors.map(
      (e) => e.code,
    );
  assert.equal(codes({}), ["routing-way"]);
  assert.equal(codes({ weight: 1, latency: "eu-west-1" }), ["routing-way"]);
  assert.equal(codes({ weight: 1 }), ["routing-id"]);
  assert.equal(codes({ failover: "primary" }), ["no-health-check"]);
  assert.equal(codes({ failover: "secondary" }, { failover: "secondary" }), ["record-twice"]);
  assert.equal(codes(undefined, { failover: "secondary" }), ["routing-some"]);
  assert.equal(codes({ failover: "secondary" }, undefined), ["routing-some"]);
  const tcp = { host: "a.example.com", protocol: "TCP", path: "/x" };
  assert.equal(codes({ failover: "primary", healthCheck: tcp }), ["path-unused"]);
});

const REGIONS = ["us-east-1", "eu-west-1"];
/** Names (and what tells them apart) of the records that each region's part makes. */
const madeIn = (list: object[], zone?: object) =>
  Object.fromEntries(
    REGIONS.map((region) => {
      const made = dns(list, zone, { region, regions: REGIONS });
      assert.equal(made.errors, [], region);
      return [region, records(made).map((r) => [r.name.split(".")[0], ...(r.setIdentifier ? [r.setIdentifier] : [])].join(" "))];
    }),
  );

test("in a stack of several regions the zone is made in its own, and found by its name and tags in the others", () => {
  const list = [{ name: "api", type: "A", component: "api", routing: { latency: "eu-west-1" } }];
  const [home, away] = REGIONS.map((region) => dns(list, undefined, { region, regions: REGIONS }));
  assert.is(home?.props("users/dns").name, "example.com");
  assert.is(away?.find("users/dns"), undefined);
  const tags = home?.props("users/dns").tags as { [key: string]: string };
  const found = (output: string) => {
    const by = ["panka:stack", "panka:environment", "panka:component"].map((key) => [key, tags[key]]);
    return { $lookup: { token: "aws:route53/getZone:getZone", args: { name: "example.com", tags: Object.fromEntries(by) }, output } };
  };
  assert.equal(away?.outputs["users/dns"], { zoneId: found("zoneId"), nameServers: found("nameServers") });
  assert.equal(records(away as never)[0].zoneId, found("zoneId"));
});

test("each record is made once: in the region that it says, else in the stack's own", () => {
  const api = { name: "api", type: "A", component: "api" };
  assert.equal(madeIn(REGIONS.map((latency) => ({ ...api, routing: { latency } }))), {
    "us-east-1": ["api us-east-1"],
    "eu-west-1": ["api eu-west-1"],
  });
  const failover = ["primary", "secondary"].map((word) => ({ ...api, routing: { failover: word } }));
  assert.equal(madeIn(failover, { id: "Z1", name: "example.com" }), { "us-east-1": ["api primary"], "eu-west-1": ["api secondary"] });
  assert.equal(
    madeIn([
      { name: "@", type: "MX", value: "10 mail.example.net" },
      { name: "api-eu-west-1", type: "A", component: "api" },
      { name: "blue", type: "A", component: "api", routing: { weight: 1, id: "blue-us-east-1" } },
      { name: "far", type: "A", value: "192.0.2.1", routing: { latency: "ap-south-1" } },
    ]),
    { "us-east-1": ["example", "blue blue-us-east-1", "far ap-south-1"], "eu-west-1": ["api-eu-west-1"] },
  );
});

test("a record that stands for each region's component, and says no region, is left to be refused for the whole stack", () => {
  assert.equal(madeIn([{ name: "api", type: "A", component: "api" }]), { "us-east-1": ["api"], "eu-west-1": ["api"] });
});

test.run();
