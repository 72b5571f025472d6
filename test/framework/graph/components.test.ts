import { test } from "uvu";
import * as assert from "uvu/assert";
import { MicroService, Service, SQS, Stack } from "../../../constructs/index.js";
import { select } from "../../../framework/graph/index.js";
import { synthOf } from "../../support/synth.js";

function shop() {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  return { stack, orders: new Service(stack, "orders"), mail: new Service(stack, "mail", { dependsOn: ["orders"] }) };
}

test("references, uses and dependsOn are edges, each pair once, the strongest reason named", async () => {
  const { stack, orders, mail } = shop();
  const jobs = new SQS(orders, "jobs");
  const other = new SQS(orders, "other", { dependsOn: ["jobs"] });
  new MicroService(mail, "api", { image: "nginx:1", environment: { URL: jobs.queueUrl }, uses: [jobs.send(), other.receive()] });
  const { result, diagnostics } = await synthOf(stack);
  assert.equal(diagnostics, []);
  assert.equal(result?.graph.edges, [
    { from: "mail/api", to: "orders/jobs", reason: "reference" },
    { from: "mail/api", to: "orders/other", reason: "uses" },
    { from: "orders/other", to: "orders/jobs", reason: "dependsOn" },
  ]);
});

test("a service's dependsOn puts all components of the other before all of its own", async () => {
  const { stack, orders, mail } = shop();
  new SQS(orders, "jobs");
  new SQS(mail, "outbox");
  const { result } = await synthOf(stack);
  assert.equal(result?.graph.edges, [{ from: "mail/outbox", to: "orders/jobs", reason: "dependsOn" }]);
});

test("a cycle is one line that begins and ends with one component and says where each edge is written", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "a", { dependsOn: ["b"] });
  new SQS(orders, "b", { dependsOn: ["c"] });
  new SQS(orders, "c", { dependsOn: ["a"] });
  const { diagnostics } = await synthOf(stack);
  assert.is(diagnostics.length, 1);
  const at = "\\(test/framework/graph/components.test.ts:\\d+:\\d+\\)";
  assert.match(diagnostics[0]?.message ?? "", new RegExp(`orders/a -> orders/b ${at} -> orders/c ${at} -> orders/a ${at}$`));
});

test("a component may not need itself", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "a", { dependsOn: ["a"] });
  assert.equal((await synthOf(stack)).codes, ["cycle"]);
});

test("a name that no component has is an error with the nearest one", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "jobs");
  new SQS(orders, "b", { dependsOn: ["jbos"] });
  const { diagnostics } = await synthOf(stack);
  assert.is(diagnostics[0]?.suggestion, "jobs");
});

const selectable = {
  nodes: [
    { address: "a/x", kind: "SQS", service: "a" },
    { address: "a/y", kind: "SQS", service: "a" },
    { address: "b/z", kind: "SQS", service: "b" },
    { address: "b/w", kind: "SQS", service: "b" },
  ],
  edges: [
    { from: "a/x", to: "b/z", reason: "uses" as const },
    { from: "b/z", to: "b/w", reason: "uses" as const },
  ],
};

test("a selection is a service, a component, or either with all that it needs", () => {
  assert.equal(select(selectable, {}), ["a/x", "a/y", "b/w", "b/z"]);
  assert.equal(select(selectable, { service: "a" }), ["a/x", "a/y"]);
  assert.equal(select(selectable, { component: "z" }), ["b/z"]);
  assert.equal(select(selectable, { component: "a/x", withDependencies: true }), ["a/x", "b/w", "b/z"]);
  assert.equal(select(selectable, { service: "a", component: "z" }), []);
});

test.run();
