/** Functions and instances behind load balancers of one's own. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ALB, EC2Instance, Lambda, NLB, Service, Stack } from "../../../constructs/index.js";
import { synthOf } from "../../support/synth.js";

const FUNCTION = { runtime: "nodejs20.x", handler: "index.handler", code: { s3Bucket: "code", s3Key: "fn.zip" } };

function shopOf(fill: (service: Service) => void) {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  fill(new Service(stack, "s"));
  return synthOf(stack);
}

test("a function behind an ALB has a target group of its own kind, a permission before it is put there, and its rule", async () => {
  const made = await shopOf((s) => {
    new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP", rules: [{ path: "/hello", component: "fn" }] }] });
    new Lambda(s, "fn", FUNCTION);
  });
  assert.equal(made.codes, []);
  assert.equal(made.at("s/fn/targets-s-edge").props.targetType, "lambda");
  assert.is(made.at("s/fn/targets-s-edge").props.port, undefined);
  const permission = made.at("s/fn/permission-s-edge");
  assert.is(permission.props.principal, "elasticloadbalancing.amazonaws.com");
  assert.match(permission.props.sourceArn.$ref.urn, /s\/fn\/targets-s-edge$/);
  const attached = made.at("s/fn/target-s-edge");
  assert.match(attached.dependsOn.join(), /permission-s-edge/);
  assert.match(JSON.stringify(attached.props.targetId), /aws:lambda\/function:Function::s\/fn"/);
  const [rule] = made.result!.assembly.resources.filter((r) => r.type === "aws:lb/listenerRule:ListenerRule");
  assert.match(JSON.stringify(rule?.props), /s\/fn\/targets-s-edge/);
});

test("a function that is kept ready is called by its alias", async () => {
  const made = await shopOf((s) => {
    new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP", default: "fn" }] });
    new Lambda(s, "fn", { ...FUNCTION, provisionedConcurrency: { instances: 1 } });
  });
  assert.equal(made.codes, []);
  assert.match(JSON.stringify(made.at("s/fn/target-s-edge").props.targetId), /s\/fn\/live/);
  assert.match(JSON.stringify(made.at("s/fn/permission-s-edge").props.qualifier), /s\/fn\/live/);
});

test("a function can't stand behind an NLB", async () => {
  const made = await shopOf((s) => {
    new NLB(s, "edge", { listeners: [{ port: 80, protocol: "TCP", default: "fn" }] });
    new Lambda(s, "fn", FUNCTION);
  });
  assert.equal(made.codes, ["function-behind-nlb"]);
});

test("instances behind an ALB are all in its target group, asked at their path, and reached from it alone", async () => {
  const made = await shopOf((s) => {
    new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP", default: "old" }] });
    new EC2Instance(s, "old", { instanceType: "t4g.small", count: 2, port: 8080, healthCheckPath: "/up" });
  });
  assert.equal(made.codes, []);
  const targets = made.at("s/old/targets-s-edge").props;
  assert.equal([targets.targetType, targets.port, targets.protocol, targets.healthCheck.path], ["instance", 8080, "HTTP", "/up"]);
  assert.match(JSON.stringify(made.at("s/old/target-1-s-edge").props.targetId), /s\/old"/);
  assert.match(JSON.stringify(made.at("s/old/target-2-s-edge").props.targetId), /s\/old\/instance-2"/);
  const way = made.at("s/old/from-s-edge").props;
  assert.is(way.fromPort, 8080);
  assert.match(way.referencedSecurityGroupId.$ref.urn, /s\/edge\/security-group$/);
});

test("instances behind an NLB have a listener per port, and are asked whether they take connections", async () => {
  const made = await shopOf((s) => {
    new NLB(s, "edge", { listeners: [{ port: 53, protocol: "UDP", default: "old" }] });
    new EC2Instance(s, "old", { instanceType: "t4g.small", port: 53 });
  });
  assert.equal(made.codes, []);
  const targets = made.at("s/old/targets-s-edge-53").props;
  assert.equal([targets.protocol, targets.healthCheck.protocol], ["UDP", "TCP"]);
  assert.is(made.at("s/old/listener-s-edge-53").props.port, 53);
  assert.is(made.at("s/old/health-from-s-edge-53").props.ipProtocol, "tcp");
});

test("listeners that send to the same port of an instance open it once", async () => {
  const made = await shopOf((s) => {
    new NLB(s, "edge", {
      listeners: [
        { port: 53, protocol: "UDP", default: "old" },
        { port: 54, protocol: "TCP", default: "old" },
      ],
    });
    new EC2Instance(s, "old", { instanceType: "t4g.small", port: 53 });
  });
  assert.equal(made.codes, []);
  const ways = made.result!.assembly.resources.filter((r) => r.urn.includes("s/old/") && r.type.endsWith("IngressRule"));
  assert.equal(
    ways.map(({ props }) => [props.ipProtocol, props.fromPort]),
    [
      ["udp", 53],
      ["tcp", 53],
    ],
  );
});

test("instances without a port, and a health check that nobody asks for, are errors", async () => {
  const nowhere = await shopOf((s) => {
    new ALB(s, "edge", { listeners: [{ port: 80, protocol: "HTTP", default: "old" }] });
    new EC2Instance(s, "old", { instanceType: "t4g.small" });
  });
  assert.equal(nowhere.codes, ["no-port"]);
  const idle = await shopOf((s) => new EC2Instance(s, "old", { instanceType: "t4g.small", port: 80, healthCheckPath: "/up" }));
  assert.equal(idle.codes, ["health-unused"]);
});

test.run();
