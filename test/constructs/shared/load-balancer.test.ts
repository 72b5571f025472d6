import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given } from "../../support/expand.js";

const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const web = (name: string, loadBalancer: object = {}, ingress: object = {}): Given => ({
  address: `shop/${name}`,
  kind: "MicroService",
  props: { image: "x", port: 80, networking: { loadBalancer, ingress: { path: `/${name}`, ...ingress } } },
});

test("all services of a stack share one load balancer", () => {
  const out = expandAll([web("a"), web("b"), web("c")]);
  assert.is(out.resources.filter((r) => r.type.includes("loadBalancer:")).length, 1);
  assert.is(out.resources.filter((r) => r.type.includes("listenerRule:")).length, 3);
  assert.ok(out.find("shop/b/listener-rule"));
  assert.equal(out.errors, []);
});

test("what no rule takes is answered 404", () => {
  assert.is(expandAll([web("a")]).props("_stack/load-balancer/http").defaultActions[0].fixedResponse.statusCode, "404");
});

test("with a certificate there is https, and http is sent on to it", () => {
  const out = expandAll([web("a", { certificateArn: certificate })]);
  assert.is(out.props("_stack/load-balancer/https").certificateArn, certificate);
  assert.is(out.props("_stack/load-balancer/http").defaultActions[0].type, "redirect");
  assert.match(JSON.stringify(out.props("shop/a/listener-rule").listenerArn), /load-balancer\/https/);
  assert.match(JSON.stringify(out.outputs["shop/a"]?.url), /https:/);
});

test("where one service stays on http, the other is redirected by a rule of its own", () => {
  const out = expandAll([web("a", { certificateArn: certificate }), web("b")]);
  assert.is(out.props("_stack/load-balancer/http").defaultActions[0].type, "fixed-response");
  assert.is(out.props("_stack/load-balancer/redirect-shop-a").actions[0].type, "redirect");
  assert.is(out.find("_stack/load-balancer/redirect-shop-b"), undefined);
});

test("a second certificate is added to the listener", () => {
  const out = expandAll([web("a", { certificateArn: certificate }), web("b", { certificateArn: `${certificate}2` })]);
  assert.is(out.resources.filter((r) => r.type.includes("listenerCertificate:")).length, 1);
});

test("allowedCIDRs close the load balancer's ports and the service's own rule", () => {
  const out = expandAll([web("a", { allowedCIDRs: ["10.0.0.0/8"] })]);
  const open = out.resources.filter((r) => r.type.endsWith("IngressRule") && r.at.startsWith("_stack/")).map((r) => r.props.cidrIpv4);
  assert.equal(open, ["10.0.0.0/8"]);
  assert.equal(out.props("shop/a/listener-rule").conditions.at(-1), { sourceIp: { values: ["10.0.0.0/8"] } });
});

test("an internal one is another load balancer, open to the network only", () => {
  const out = expandAll([web("a"), web("b", { internal: true })]);
  assert.is(out.props("_stack/load-balancer/internal").internal, true);
  assert.is(out.props("_stack/load-balancer").internal, false);
  assert.is(out.props(`_stack/load-balancer/internal-in-tcp-80-${hashOf(out)}`).cidrIpv4, "10.0.0.0/16");
});

/** The last part of the internal rule's role. */
function hashOf(out: ReturnType<typeof expandAll>): string {
  return (
    out.resources
      .find((r) => r.at.startsWith("_stack/load-balancer/internal-in-tcp-80-"))
      ?.at.split("-")
      .pop() ?? ""
  );
}

test("a network load balancer listens on the service's own port", () => {
  const out = expandAll([web("a", { type: "network" })]);
  assert.equal([out.props("shop/a/listener").port, out.props("shop/a/listener").protocol], [80, "TCP"]);
  assert.is(out.props("_stack/load-balancer/network").loadBalancerType, "network");
  assert.is(out.props("shop/a/target-group").protocol, "TCP");
});

test("two services can't listen on one port of a network load balancer", () => {
  const out = expandAll([web("a", { type: "network" }), web("b", { type: "network" })]);
  assert.is(out.errors[0]?.code, "listener-conflict");
  assert.match(out.errors[0]?.message ?? "", /shop\/a and shop\/b/);
});

test("a service waits for its rule: ECS refuses a target group without one", () => {
  assert.match(
    expandAll([web("a")])
      .find("shop/a")
      ?.extra.dependsOn?.join() ?? "",
    /listener-rule/,
  );
});

test.run();
