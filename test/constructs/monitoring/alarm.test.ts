import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const QUEUE = { address: "users/jobs", kind: "SQS", props: {} };
const TOPIC = { address: "users/oncall", kind: "SNS", props: { encryption: { enabled: false } } };
const alarm = (props: object, before = [QUEUE, TOPIC] as { address: string; kind: string; props: object }[], setting = {}) =>
  expandAll([...before, { address: "users/alarm", kind: "Alarm", props: { threshold: 10, ...props } }] as never, setting);

test("an alarm watches the first metric that the component's kind offers", () => {
  const made = alarm({ component: "jobs", notify: "oncall" });
  const props = made.props("users/alarm");
  assert.equal([props.namespace, props.metricName, props.statistic], ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum"]);
  assert.equal([props.comparisonOperator, props.threshold, props.period], ["GreaterThanThreshold", 10, 60]);
  assert.equal(props.alarmActions, [made.outputs["users/oncall"]!.topicArn]);
  assert.equal(made.errors, []);
});

test("another metric of the component is named, and one that it has not is refused with what it has", () => {
  assert.is(
    alarm({ component: "jobs", metric: { name: "ApproximateAgeOfOldestMessage" } }).props("users/alarm").metricName,
    "ApproximateAgeOfOldestMessage",
  );
  const [error] = alarm({ component: "jobs", metric: { name: "ApproximateAge" } }).errors;
  assert.equal([error?.code, error?.path], ["unknown-metric", "metric.name"]);
});

test("a metric of one's own has a namespace and dimensions", () => {
  const props = alarm({
    metric: { namespace: "Shop", name: "Orders", dimensions: { shop: "berlin" } },
    comparison: "<",
    statistic: "p99",
    evaluationPeriods: 3,
  }).props("users/alarm");
  assert.equal([props.namespace, props.metricName, props.dimensions], ["Shop", "Orders", { shop: "berlin" }]);
  assert.equal([props.comparisonOperator, props.extendedStatistic, props.statistic], ["LessThanThreshold", "p99", undefined]);
});

test("an alarm without component and metric is refused", () => {
  assert.equal(
    alarm({}).errors.map((e) => e.code),
    ["no-metric"],
  );
  assert.equal(
    alarm({ metric: { name: "Orders" } }).errors.map((e) => e.path),
    ["metric.namespace"],
  );
});

test("where nobody is named the stack's own topic is told", () => {
  const setting = { infra: { Observability: { alarms: { snsTopic: "arn:aws:sns:us-east-1:1:oncall" } } } };
  assert.equal(alarm({ component: "jobs" }, undefined, setting).props("users/alarm").alarmActions, ["arn:aws:sns:us-east-1:1:oncall"]);
  assert.is(alarm({ component: "jobs" }).props("users/alarm").alarmActions, undefined);
});

test("a topic that CloudWatch may not publish to is refused, and so is what is no topic", () => {
  const closed = { address: "users/oncall", kind: "SNS", props: {} };
  assert.equal(
    alarm({ component: "jobs", notify: "oncall" }, [QUEUE, closed]).errors.map((e) => e.code),
    ["cannot-notify"],
  );
  assert.equal(
    alarm({ component: "jobs", notify: "jobs" }).errors.map((e) => e.code),
    ["cannot-notify"],
  );
});

test("a name that is no component is a topic that exists already", () => {
  const [action] = alarm({ component: "jobs", notify: "pager" }).props("users/alarm").alarmActions;
  assert.equal(action.$lookup.args, { name: "pager" });
});

test.run();
