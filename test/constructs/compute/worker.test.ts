import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../../constructs/registry.js";
import { expandAll, type Given } from "../../support/expand.js";
import { component, infra, resolveYaml, stackWith } from "../../support/yaml-stack.js";

const jobs: Given = { address: "shop/jobs", kind: "SQS", props: {} };
const worker = (subscribes: unknown[]): Given => ({ address: "shop/mailer", kind: "Worker", props: { image: "mailer:1", subscribes } });

test("a worker has no ports, no load balancer and no way in", () => {
  const out = expandAll([worker([])]);
  assert.is(out.find("_stack/load-balancer"), undefined);
  assert.not(out.resources.some((r) => r.type.endsWith("IngressRule")));
  assert.equal(Object.keys(out.outputs["shop/mailer"] ?? {}).sort(), ["logGroup", "serviceArn", "serviceName", "taskRoleArn"]);
});

test("settings of load balancers are refused in a worker's documents and ignored in the stack's defaults", async () => {
  const balanced = "{ networking: { loadBalancer: { internal: true }, placement: private } }";
  const image = component("Worker", "w", "{ image: w:1 }");
  const { model, codes } = await resolveYaml({ "stack.yaml": stackWith(infra("InfraDefaults", "d", balanced), image) });
  assert.equal(codes, []);
  assert.equal(model?.components[0]?.props.networking, { placement: "private" });
  const own = await resolveYaml({ "stack.yaml": stackWith(image, infra("ComponentInfra", "w", balanced, ", service: svc")) });
  assert.equal(
    own.problems.map((p) => [p.code, p.path]),
    [["unknown-field", "svc/w.spec.networking.loadBalancer"]],
  );
});

test("a worker fed by a queue may receive from it and not send, and knows its URL", () => {
  const out = expandAll([jobs, worker([{ component: "jobs" }])]);
  const [statement, ...more] = out.props("shop/mailer/task-policy").policy.$json.Statement;
  assert.equal(more, []);
  assert.ok(statement.Action.includes("sqs:ReceiveMessage"));
  assert.not(statement.Action.includes("sqs:SendMessage"));
  assert.is(out.props("shop/mailer/task-definition").containerDefinitions.$json[0].environment[0].name, "JOBS_URL");
});

test("a filter on a queue is an error: only topics filter", () => {
  assert.is(expandAll([jobs, worker([{ component: "jobs", filter: { a: ["b"] } }])]).errors[0]?.code, "filter-on-queue");
});

if (registry.find("SNS")) {
  test("a worker fed by a topic gets a queue of its own, which that topic alone may send to", () => {
    const out = expandAll([
      { address: "shop/events", kind: "SNS", props: {} },
      worker([{ component: "events", filter: { type: ["created"] } }]),
    ]);
    assert.equal(out.errors, []);
    const statement = out.props("shop/mailer/queue-policy-shop-events").policy.$json.Statement[0];
    assert.match(JSON.stringify(statement.Condition), /sns\/topic:Topic::shop\/events/);
    assert.equal(out.props("shop/mailer/subscription-shop-events").filterPolicy, { $json: { type: ["created"] } });
    assert.ok(out.find("shop/mailer/dead-letters-shop-events"));
    const names = out.props("shop/mailer/task-definition").containerDefinitions.$json[0].environment.map((e: { name: string }) => e.name);
    assert.equal(names, ["EVENTS_QUEUE_URL"]);
  });
}

test.run();
