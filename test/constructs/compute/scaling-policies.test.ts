import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given } from "../../support/expand.js";

const jobs: Given = { address: "shop/jobs", kind: "SQS", props: {} };
const topic: Given = { address: "shop/events", kind: "SNS", props: {} };

/** A worker of `queue` and what it is scaled by. */
function worker(autoscaling: object, { min = 1, subscribes = [{ component: "jobs" }] as object[], uses = [] as object[] } = {}) {
  const scaling = { minReplicas: min, maxReplicas: 10, autoscaling };
  return expandAll([jobs, topic, { address: "shop/w", kind: "Worker", props: { image: "w:1", subscribes, uses, scaling } }]);
}
function service(autoscaling: object, more: object = { port: 80 }) {
  const props = { image: "api:1", scaling: { minReplicas: 1, maxReplicas: 10, autoscaling }, ...more };
  return expandAll([jobs, { address: "shop/api", kind: "MicroService", props: ported(props) }]);
}
/** The long form that expand gets. */
function ported({ port, ...props }: { [key: string]: unknown }) {
  return port === undefined ? props : { ...props, ports: [{ name: "http", port }] };
}
type Out = ReturnType<typeof expandAll>;
const held = (out: Out, at: string) => out.props(at).targetTrackingScalingPolicyConfiguration;
const codes = (out: Out) => out.errors.map((e) => e.code);

test("backlog per task is the queue's messages over the tasks that run, counted by their CPU samples", () => {
  const out = worker({ queueDepthPerTask: 100 });
  assert.equal(codes(out), []);
  const { targetValue, customizedMetricSpecification, scaleInCooldown, scaleOutCooldown } = held(out, "shop/w/scaling-queue-depth");
  assert.equal([targetValue, scaleInCooldown, scaleOutCooldown], [100, 300, 60]);
  const [value, queue, tasks, ...more] = customizedMetricSpecification.metrics;
  assert.equal(more, []);
  assert.equal([value.expression, value.returnData, queue.returnData, tasks.returnData], ["(q1) / tasks", true, false, false]);
  assert.equal(queue.metricStat.metric.metricName, "ApproximateNumberOfMessagesVisible");
  assert.match(JSON.stringify(queue.metricStat.metric.dimensions), /shop\/jobs/);
  assert.equal([tasks.metricStat.metric.metricName, tasks.metricStat.stat], ["CPUUtilization", "SampleCount"]);
  assert.is(out.find("shop/w/scaling-cpu"), undefined, "a value that is held takes the place of the CPU");
});

test("the queue that a subscription makes counts, and several queues count together", () => {
  const both = worker({ queueDepthPerTask: 5, queueLatencySeconds: 60 }, { subscribes: [{ component: "jobs" }, { component: "events" }] });
  assert.equal(codes(both), []);
  const { metrics } = held(both, "shop/w/scaling-queue-depth").customizedMetricSpecification;
  assert.is(metrics[0].expression, "(q1 + q2) / tasks");
  assert.match(JSON.stringify(metrics), /shop\/w\/queue-shop-events/);
  assert.is(held(both, "shop/w/scaling-queue-latency").customizedMetricSpecification.metrics[0].expression, "MAX([q1, q2])");
});

test("without subscriptions the queues count that it may receive from, not those that it sends to", () => {
  const none = { subscribes: [] };
  assert.equal(codes(worker({ queueDepthPerTask: 5 }, { ...none, uses: [{ component: "jobs", access: "receive" }] })), []);
  const sends = worker({ queueDepthPerTask: 5 }, { ...none, uses: [{ component: "jobs", access: "send" }] });
  assert.equal(
    sends.errors.map((e) => [e.code, e.path]),
    [["needs-queue", "scaling.autoscaling.queueDepthPerTask"]],
  );
  assert.match(sends.errors[0]?.next ?? "", /subscribe/);
});

test("the age of the oldest message of one queue is its metric as it is", () => {
  const specification = held(worker({ queueLatencySeconds: 45 }), "shop/w/scaling-queue-latency").customizedMetricSpecification;
  assert.equal([specification.metricName, specification.statistic], ["ApproximateAgeOfOldestMessage", "Maximum"]);
});

test("a response time is held in seconds, of the component's own target group", () => {
  const out = service({ targetResponseTimeMs: 250 });
  const { targetValue, customizedMetricSpecification } = held(out, "shop/api/scaling-response-time");
  assert.equal([targetValue, customizedMetricSpecification.metricName], [0.25, "TargetResponseTime"]);
  assert.match(JSON.stringify(customizedMetricSpecification.dimensions), /shop\/api\/target-group/);
  assert.equal(codes(service({ targetResponseTimeMs: 250 }, { ports: [{ name: "x", port: 9, protocol: "udp" }] })), [
    "needs-load-balancer",
  ]);
});

test("with no task at least, messages that wait while none runs start the first", () => {
  const out = worker({ queueDepthPerTask: 100 }, { min: 0 });
  assert.equal(codes(out), []);
  const { stepAdjustments, adjustmentType } = out.props("shop/w/scaling-steps-first").stepScalingPolicyConfiguration;
  assert.equal([adjustmentType, stepAdjustments], ["ChangeInCapacity", [{ metricIntervalLowerBound: "0", scalingAdjustment: 1 }]]);
  const alarm = out.props("shop/w/scaling-alarm-first");
  assert.equal([alarm.metricQueries[0].expression, alarm.threshold], ["IF(FILL(tasks, 0) < 1, q1, 0)", 1]);
  assert.match(JSON.stringify(alarm.alarmActions), /scaling-steps-first/);
  assert.is(worker({ queueDepthPerTask: 100 }).find("shop/w/scaling-steps-first"), undefined);
});

test("no task at least and nothing that starts one is an error, unless a step, a metric of its own or the clock does", () => {
  const min = { min: 0 };
  assert.equal(codes(worker({ targetCPUPercent: 60 }, min)), ["scaling-from-nothing"]);
  assert.equal(codes(worker({ steps: [{ metric: "queueDepth", above: 1, add: 1 }] }, min)), []);
  assert.equal(codes(worker({ customMetric: { namespace: "a", name: "b", target: 1 } }, min)), []);
  assert.equal(codes(worker({ schedule: [{ name: "day", at: "cron(0 8 * * ? *)", minReplicas: 1 }] }, min)), []);
});

test("steps are a policy and an alarm per metric and direction, as distances from the first", () => {
  const out = service({
    steps: [
      { metric: "cpuPercent", above: 80, add: 4 },
      { metric: "cpuPercent", above: 60, add: 1 },
      { metric: "cpuPercent", below: 20, remove: 1 },
      { metric: "cpuPercent", below: 5, remove: 3 },
      { metric: "responseTimeMs", above: 300, add: 2 },
    ],
  });
  assert.equal(codes(out), []);
  const steps = (role: string) => out.props(`shop/api/scaling-steps-${role}`).stepScalingPolicyConfiguration;
  assert.equal(steps("cpu-add").stepAdjustments, [
    { metricIntervalLowerBound: "0", metricIntervalUpperBound: "20", scalingAdjustment: 1 },
    { metricIntervalLowerBound: "20", scalingAdjustment: 4 },
  ]);
  assert.equal(steps("cpu-remove").stepAdjustments, [
    { metricIntervalLowerBound: "-15", metricIntervalUpperBound: "0", scalingAdjustment: -1 },
    { metricIntervalUpperBound: "-15", scalingAdjustment: -3 },
  ]);
  assert.equal([steps("cpu-add").cooldown, steps("cpu-remove").cooldown], [60, 300]);
  const [up, down] = [out.props("shop/api/scaling-alarm-cpu-add"), out.props("shop/api/scaling-alarm-cpu-remove")];
  assert.equal([up.threshold, up.comparisonOperator, up.evaluationPeriods], [60, "GreaterThanOrEqualToThreshold", 2]);
  assert.equal([down.threshold, down.comparisonOperator, down.evaluationPeriods], [20, "LessThanOrEqualToThreshold", 15]);
  assert.is(out.props("shop/api/scaling-alarm-response-time-add").threshold, 0.3);
  assert.is(out.find("shop/api/scaling-cpu"), undefined);
});

test("a step that says half, both directions, or a value twice is an error", () => {
  const step = (...steps: object[]) => codes(service({ steps }));
  assert.equal(step({ metric: "cpuPercent", above: 60 }), ["scaling-step"]);
  assert.equal(step({ metric: "cpuPercent", above: 60, add: 1, remove: 1 }), ["scaling-step"]);
  assert.equal(step({ metric: "cpuPercent", below: 60, add: 1 }), ["scaling-step"]);
  const one = { metric: "cpuPercent", above: 60, add: 1 };
  assert.equal(step(one, one), ["scaling-step-twice"]);
  assert.equal(step({ metric: "queueDepth", above: 60, add: 1 }), ["needs-queue"]);
});

test("one metric is held or stepped, not both", () => {
  assert.equal(codes(service({ targetCPUPercent: 60, steps: [{ metric: "cpuPercent", above: 80, add: 2 }] })), ["scaling-twice"]);
  assert.equal(codes(service({ targetMemoryPercent: 60, steps: [{ metric: "cpuPercent", above: 80, add: 2 }] })), []);
});

test("values to hold without room to move are said in the plan", () => {
  const props = { image: "w:1", scaling: { replicas: 2, autoscaling: { targetCPUPercent: 60 } } };
  assert.match(expandAll([{ address: "shop/w", kind: "Worker", props }]).notices.join(), /autoscaling is off/);
});

test.run();
