import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const API = { address: "users/api", kind: "MicroService", props: { image: "acme/api:1", ports: [{ name: "http", port: 80 }] } };
const dns = (records: object[], zone: object = { name: "example.com" }) =>
  expandAll([API, { address: "users/dns", kind: "DNS", props: { zone, records } }]);
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

test.run();
