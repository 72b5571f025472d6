import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given } from "../../support/expand.js";

const JOBS: Given = { address: "shop/jobs", kind: "SQS", props: {} };
const LOST: Given = { address: "shop/lost", kind: "SQS", props: {} };
const TABLE: Given = {
  address: "shop/table",
  kind: "DynamoDB",
  props: { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } },
};
const NIGHTLY = { name: "nightly", schedule: "rate(1 day)" };
const clock = (props: Record<string, unknown>, ...others: Given[]) =>
  expandAll([...others, { address: "shop/clock", kind: "EventBridge", props }], { finish: true });
const codes = (out: ReturnType<typeof clock>) => out.errors.map((e) => e.code);

test("rules are on the account's default bus unless the component asks for one", () => {
  const byDefault = clock({ rules: [NIGHTLY] });
  assert.is(byDefault.props("shop/clock/rule-nightly").eventBusName, undefined);
  assert.is(byDefault.outputs["shop/clock"]?.busName, "default");
  const own = clock({ bus: {}, rules: [{ name: "paid", pattern: { source: ["shop"] } }] });
  assert.is(own.props("shop/clock/rule-paid").eventBusName.$ref.urn, own.find("shop/clock")?.urn);
  assert.equal(own.props("shop/clock/rule-paid").eventPattern, { $json: { source: ["shop"] } });
});

test("who publishes may put events on that bus only", () => {
  const out = clock({ bus: {} });
  const [grant] = out.bindings["shop/clock"]?.grants.publish ?? [];
  assert.equal(grant?.actions, ["events:PutEvents"]);
  assert.equal(grant?.resources, [{ $ref: { urn: out.find("shop/clock")?.urn, output: "arn" } }]);
});

test("a queue that is a target lets this rule send, before the rule does", () => {
  const out = clock({ rules: [{ ...NIGHTLY, targets: [{ component: "jobs", input: { run: "all" } }] }] }, JOBS);
  const target = out.find("shop/clock/target-nightly-shop-jobs");
  assert.equal(target?.props.input, { $json: { run: "all" } });
  assert.equal(target?.extra.dependsOn, [out.find("shop/jobs/policy")?.urn]);
  assert.match(JSON.stringify(out.props("shop/jobs/policy").policy), /events\.amazonaws\.com.*aws:SourceArn.*rule-nightly/);
});

test("events that can't be delivered go to the dead-letter queue, which lets the rule send too", () => {
  const out = clock({ rules: [{ ...NIGHTLY, targets: [{ component: "jobs", deadLetter: "lost" }] }] }, JOBS, LOST);
  const at = "shop/clock/target-nightly-shop-jobs";
  assert.is(out.props(at).deadLetterConfig.arn.$ref.urn, out.find("shop/lost")?.urn);
  assert.equal(out.find(at)?.extra.dependsOn, [out.find("shop/jobs/policy")?.urn, out.find("shop/lost/policy")?.urn]);
});

test("a rule puts events on another bus as a role that may do only that", () => {
  const out = clock(
    { rules: [{ name: "paid", pattern: { source: ["shop"] }, targets: [{ component: "audit" }] }] },
    { address: "shop/audit", kind: "EventBridge", props: { bus: {} } },
  );
  const policy = JSON.stringify(out.props("shop/clock/target-policy-paid-shop-audit").policy);
  assert.match(policy, /"Action":"events:PutEvents"/);
  assert.ok(policy.includes(out.find("shop/audit")?.urn ?? "nothing"));
  assert.ok(out.props("shop/clock/target-paid-shop-audit").roleArn);
});

test("what EventBridge would refuse later is said now", () => {
  const rule = (given: Record<string, unknown>, ...others: Given[]) => codes(clock({ rules: [{ name: "r", ...given }] }, ...others));
  assert.equal(rule({}), ["rule-when"]);
  assert.equal(rule({ schedule: "rate(1 day)", pattern: {} }), ["rule-when"]);
  assert.equal(codes(clock({ bus: {}, rules: [NIGHTLY] })), ["schedule-bus"]);
  assert.equal(rule({ ...NIGHTLY, targets: [{ component: "table" }] }, TABLE), ["target-kind"]);
  assert.equal(rule({ ...NIGHTLY, targets: [{ component: "jobs", deadLetter: "table" }] }, JOBS, TABLE), ["dead-letter-kind"]);
  assert.equal(rule({ ...NIGHTLY, targets: [{ component: "jobs" }, { component: "jobs" }] }, JOBS), ["duplicate-target"]);
});

test.run();
