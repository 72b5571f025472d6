import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given } from "../../support/expand.js";

const JOBS: Given = { address: "shop/jobs", kind: "SQS", props: {} };
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const topic = (props: Record<string, unknown> = {}, ...others: Given[]) =>
  expandAll([...others, { address: "shop/events", kind: "SNS", props }], { finish: true });
const subscribed = (...subscriptions: Record<string, unknown>[]) => topic({ subscriptions }, JOBS);
const codes = (out: ReturnType<typeof topic>) => out.errors.map((e) => e.code);

test("a topic is encrypted with the key of SNS, to which no other service can publish", () => {
  const out = topic();
  assert.is(out.props("shop/events").kmsMasterKeyId, "alias/aws/sns");
  assert.is(out.find("shop/events/policy"), undefined);
  assert.match(out.bindings["shop/events"]?.notify?.closed ?? "", /CloudWatch may not use/);
});

test("with a key of one's own, or without encryption, alarms may publish to it", () => {
  for (const encryption of [{ kmsKey: KEY }, { enabled: false }]) {
    const out = topic({ encryption });
    assert.ok(out.find("shop/events/policy"));
    assert.is(out.bindings["shop/events"]?.notify?.closed, undefined);
  }
  assert.is(topic({ encryption: { enabled: false } }).props("shop/events").kmsMasterKeyId, undefined);
});

test("who publishes may publish only, to this topic only, and use its key", () => {
  const grants = (props: Record<string, unknown>) => topic(props).bindings["shop/events"]?.grants.publish ?? [];
  assert.equal(
    grants({}).map((g) => g.actions),
    [["sns:Publish"]],
  );
  assert.equal(
    grants({ encryption: { kmsKey: KEY } }).map((g) => g.actions),
    [["sns:Publish"], ["kms:Decrypt", "kms:GenerateDataKey"]],
  );
});

test("a queue is subscribed by its ARN, after its policy lets the topic send", () => {
  const out = subscribed({ protocol: "sqs", component: "jobs", rawDelivery: true, filterPolicy: { type: ["order"] } });
  const at = "shop/events/subscription-shop-jobs";
  const { endpoint, rawMessageDelivery, filterPolicy } = out.props(at);
  assert.is(endpoint.$ref.output, "arn");
  assert.is(rawMessageDelivery, true);
  assert.equal(filterPolicy, { $json: { type: ["order"] } });
  assert.equal(out.find(at)?.extra.dependsOn, [out.find("shop/jobs/policy")?.urn]);
});

test("addresses of the outside world are subscribed as they stand, each by its place in the list", () => {
  const out = subscribed(
    { protocol: "email", endpoint: "a@example.com" },
    { protocol: "https", endpoint: "https://example.com/in" },
    { protocol: "email", endpoint: "b@example.com" },
  );
  assert.equal(
    out.resources.filter((r) => r.type.endsWith("TopicSubscription")).map((r) => [r.at, r.props.endpoint]),
    [
      ["shop/events/subscription-email-0", "a@example.com"],
      ["shop/events/subscription-https-1", "https://example.com/in"],
      ["shop/events/subscription-email-2", "b@example.com"],
    ],
  );
});

test("what SNS would refuse later, or take in silence, is said now", () => {
  assert.equal(codes(topic({ contentBasedDeduplication: true })), ["fifo-only"]);
  assert.equal(codes(subscribed({ protocol: "email" })), ["subscription-endpoint"]);
  assert.equal(codes(subscribed({ protocol: "sqs", component: "jobs", endpoint: "arn:aws:sqs:us-east-1:1:q" })), ["subscription-endpoint"]);
  assert.equal(codes(subscribed({ protocol: "email", component: "jobs" })), ["subscription-kind"]);
  assert.equal(codes(subscribed({ protocol: "sqs", component: "jobs" }, { protocol: "sqs", component: "jobs" })), ["subscribed-twice"]);
});

test.run();
