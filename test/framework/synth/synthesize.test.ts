import { test } from "uvu";
import * as assert from "uvu/assert";
import { AwsResource } from "../../../constructs/aws.js";
import { Networking, S3, Service, SQS, Stack, text } from "../../../constructs/index.js";
import { assemblyText } from "../../../framework/synth/index.js";
import { synthOf } from "../../support/synth.js";

function shop() {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" }, tags: { team: "orders" } });
  return { stack, orders: new Service(stack, "orders", { tags: { tier: "back" } }) };
}

test("the same stack gives the same bytes, in whatever order its components were written", async () => {
  const one = shop();
  new SQS(one.orders, "a");
  new S3(one.orders, "b");
  const two = shop();
  new S3(two.orders, "b");
  new SQS(two.orders, "a");
  const [first, second] = [await synthOf(one.stack), await synthOf(two.stack)];
  assert.is(assemblyText(first.result!.assembly), assemblyText(second.result!.assembly));
  assert.is(first.result!.hash, second.result!.hash);
});

test("every taggable resource carries the tags of stack, service and component, and where it belongs", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "a", { tags: { tier: "queue" } });
  const { at } = await synthOf(stack);
  assert.equal(at("orders/a").props.tags, {
    "panka:component": "orders/a",
    "panka:environment": "development",
    "panka:stack": "shop",
    team: "orders",
    tier: "queue",
  });
});

test("dependsOn puts all resources of the one after all of the other, but names none that is referred to anyway", async () => {
  const { stack, orders } = shop();
  const a = new SQS(orders, "a", { deadLetterQueue: {} });
  new SQS(orders, "b", { dependsOn: ["a"], encryption: { kmsKey: a.queueArn } });
  const { at } = await synthOf(stack);
  assert.equal(at("orders/b").dependsOn, [at("orders/a/dead-letter").urn]);
  assert.equal(at("orders/b/policy").dependsOn, [at("orders/a").urn, at("orders/a/dead-letter").urn]);
});

test("stateful kinds are protected in production, others and elsewhere only when told", async () => {
  const { stack, orders } = shop();
  new S3(orders, "files");
  new SQS(orders, "jobs", { protect: true });
  new S3(orders, "scratch", { protect: false });
  const production = await synthOf(stack, "production");
  assert.is(production.at("orders/files").options.protect, true);
  assert.is(production.at("orders/jobs").options.protect, true);
  assert.is(production.at("orders/scratch").options.protect, undefined);
  assert.is((await synthOf(stack)).at("orders/files").options.protect, undefined);
});

test("override sets, and without a value removes, a property of one resource by its role", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "a", {
    override: [
      { resource: "main", path: "delaySeconds", value: 7 },
      { resource: "main", path: "receiveWaitTimeSeconds" },
    ],
  });
  const { at } = await synthOf(stack);
  assert.is(at("orders/a").props.delaySeconds, 7);
  assert.is(at("orders/a").props.receiveWaitTimeSeconds, undefined);
});

test("an override of a role that is not there names those that are", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "a", { override: [{ resource: "polcy", path: "policy", value: "x" }] });
  const { diagnostics } = await synthOf(stack);
  assert.equal([diagnostics[0]?.code, diagnostics[0]?.expected, diagnostics[0]?.suggestion], ["unknown-role", "main, policy", "policy"]);
});

test("an override that the type does not know is caught like any other property", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "a", { override: [{ resource: "main", path: "visibiltyTimeoutSeconds", value: 7 }] });
  const { diagnostics } = await synthOf(stack);
  assert.equal([diagnostics[0]?.code, diagnostics[0]?.suggestion], ["unknown-property", "visibilityTimeoutSeconds"]);
});

test("any type of AWS can be declared by token, its outputs referred to, its misspelt names caught", async () => {
  const { stack, orders } = shop();
  const catalog = new AwsResource(orders, "catalog", "aws:sns/topic:Topic", { displayName: "Events" });
  new SQS(orders, "a", { encryption: { kmsKey: text`${catalog.out("arn")}/x` } });
  const { at } = await synthOf(stack);
  assert.equal(at("orders/a").props.kmsMasterKeyId, { $text: [{ $ref: { urn: at("orders/catalog").urn, output: "arn" } }, "/x"] });

  const wrong = shop();
  new AwsResource(wrong.orders, "x", "aws:sns/topc:Topic" as "aws:sns/topic:Topic", {});
  new AwsResource(wrong.orders, "y", "aws:sns/topic:Topic", { displayNam: "E", fifoTopic: "yes" } as object);
  const found = (await synthOf(wrong.stack)).diagnostics;
  assert.equal(found.map((d) => [d.code, d.suggestion]).sort(), [
    ["unknown-property", "displayName"],
    ["unknown-type", "aws:sns/topic:Topic"],
    ["wrong-type", undefined],
  ]);
});

test("a component gives its outputs other names, which the assembly has, too", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "jobs", { outputs: { inbox: "queueUrl", short: "url" } });
  const { result, codes } = await synthOf(stack);
  assert.equal(codes, []);
  const outputs = result!.assembly.outputs["orders/jobs"]!;
  assert.equal([outputs.inbox, outputs.short], [outputs.queueUrl, outputs.queueUrl]);
  const wrong = shop();
  new SQS(wrong.orders, "jobs", { outputs: { queueArn: "queueUrl", "in-box": "queueUrl", inbox: "queueUrk" } });
  const { diagnostics } = await synthOf(wrong.stack);
  assert.equal(diagnostics.map((d) => [d.code, d.suggestion]).sort(), [
    ["output-name", undefined],
    ["output-taken", undefined],
    ["unknown-output", "queueUrl"],
  ]);
});

test("a required property that is missing, and a reference to an output that a type has not, are errors", async () => {
  const { stack, orders } = shop();
  const topic = new AwsResource(orders, "topic", "aws:sns/topic:Topic", {});
  new AwsResource(orders, "sub", "aws:sns/topicSubscription:TopicSubscription", {
    topic: topic.out("arnn" as "arn"),
    protocol: "sqs",
  } as never);
  const found = (await synthOf(stack)).diagnostics;
  assert.equal(
    found.map((d) => [d.code, d.suggestion]),
    [
      ["unknown-output", "arn"],
      ["missing-property", undefined],
    ],
  );
});

test("a literal for a property that the provider calls sensitive is refused, and the way to store it named", async () => {
  const { stack, orders } = shop();
  new AwsResource(orders, "v", "aws:secretsmanager/secretVersion:SecretVersion", { secretId: "x", secretString: "hunter2" });
  const { diagnostics } = await synthOf(stack);
  assert.is(diagnostics[0]?.code, "literal-secret");
  assert.match(diagnostics[0]?.next ?? "", /secret set/);
  assert.not.match(JSON.stringify(diagnostics), /hunter2/);
});

test("an output that a component has not is an error that lists those it has", async () => {
  const { stack, orders } = shop();
  const a = new SQS(orders, "a");
  new SQS(orders, "b", { encryption: { kmsKey: a.deadLetterQueueArn } });
  const { diagnostics } = await synthOf(stack);
  assert.is(diagnostics.length, 1);
  assert.match(`${diagnostics[0]?.expected}`, /queueArn/);
});

test("the network may stand in the Stack or in its own document, not in both", async () => {
  const inline = new Stack("shop", { provider: { name: "aws", region: "us-east-1" }, networking: { flowLogs: { enabled: true } } });
  new SQS(new Service(inline, "s"), "q");
  assert.equal((await synthOf(inline)).codes, []);
  new Networking(inline, { flowLogs: { enabled: true } });
  assert.equal((await synthOf(inline)).codes, ["infra-twice"]);
});

test("positions are where the constructor was called, and not in the assembly", async () => {
  const { stack, orders } = shop();
  new SQS(orders, "a");
  const { result } = await synthOf(stack);
  assert.match(result?.sources.components["orders/a"]?.[""] ?? "", /^test\/framework\/synth\/synthesize\.test\.ts:\d+:\d+$/);
  assert.not.match(assemblyText(result!.assembly), /\.test\.ts/);
});

test.run();
