import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given } from "../../support/expand.js";

const jobs: Given = { address: "shop/jobs", kind: "SQS", props: {} };
const bucket: Given = { address: "shop/files", kind: "S3", props: {} };

/** A function kept ready, what it reads, and what calls it. */
function fn(provisionedConcurrency: object | undefined, more: object = {}, others: Given[] = []) {
  const props = { runtime: "nodejs20.x", handler: "index.handler", code: { path: "fn" }, provisionedConcurrency, ...more };
  return expandAll([jobs, bucket, { address: "shop/fn", kind: "Lambda", props }, ...others], { finish: true });
}
const codes = (out: ReturnType<typeof fn>) => out.errors.map((e) => e.code);
const ALIAS = /shop\/fn\/live/;

test("without it nothing is published, and the function itself is called", () => {
  const out = fn(undefined, { url: {} });
  assert.is(out.props("shop/fn").publish, undefined);
  assert.is(out.find("shop/fn/live"), undefined);
  assert.is(out.props("shop/fn/url").qualifier, undefined);
});

test("each change is published, the alias follows, and the instances stand behind it", () => {
  const out = fn({ instances: 3 });
  assert.equal(codes(out), []);
  assert.is(out.props("shop/fn").publish, true);
  assert.match(JSON.stringify(out.props("shop/fn/live").functionVersion), /"output":"version"/);
  assert.is(out.props("shop/fn/ready").provisionedConcurrentExecutions, 3);
  assert.is(out.find("shop/fn/scaling"), undefined);
});

test("everything that calls the function calls the alias", () => {
  const others: Given[] = [
    { address: "shop/events", kind: "SNS", props: { subscriptions: [{ protocol: "lambda", component: "fn" }] } },
    {
      address: "shop/clock",
      kind: "EventBridge",
      props: { rules: [{ name: "day", schedule: "rate(1 day)", targets: [{ component: "fn" }] }] },
    },
    { address: "shop/api", kind: "APIGateway", props: { routes: [{ path: "/", component: "fn" }] } },
    { address: "shop/web", kind: "MicroService", props: { image: "web:1", uses: [{ component: "fn", access: "invoke" }] } },
  ];
  const triggers = [
    { type: "sqs", source: { component: "jobs" } },
    { type: "eventbridge", schedule: "rate(1 hour)" },
    { type: "s3", s3: { bucket: "files" } },
    { type: "apigateway" },
  ];
  const out = fn({ instances: 1 }, { triggers, url: { auth: "none" } }, others);
  assert.equal(codes(out), []);
  const permissions = out.resources.filter((r) => r.type === "aws:lambda/permission:Permission");
  assert.ok(permissions.length >= 7, `${permissions.length}`);
  for (const { at, props } of permissions) assert.match(JSON.stringify(props["qualifier"]), ALIAS, at);
  assert.match(JSON.stringify(out.props("shop/fn/source-shop-jobs").functionName), ALIAS);
  assert.match(JSON.stringify(out.props("shop/fn/url").qualifier), ALIAS);
  assert.match(JSON.stringify(out.props("shop/events/subscription-shop-fn").endpoint), ALIAS);
  assert.match(JSON.stringify(out.props("shop/api").body), ALIAS);
  assert.match(JSON.stringify(out.props("shop/web/task-policy").policy), ALIAS);
  const [variable] = out.props("shop/web/task-definition").containerDefinitions.$json[0].environment ?? [];
  assert.is(variable.name, "FN_FUNCTION_NAME");
  assert.match(JSON.stringify(variable.value), ALIAS, "the name by which it is called has the alias in it");
});

test("their number follows their use between two limits, and the clock", () => {
  const schedule = [{ name: "day", at: "cron(0 8 * * ? *)", instances: 10 }];
  const out = fn({ instances: 2, maxInstances: 20, targetPercent: 60, schedule });
  assert.equal(codes(out), []);
  const target = out.props("shop/fn/scaling");
  assert.equal([target.minCapacity, target.maxCapacity, target.scalableDimension], [2, 20, "lambda:function:ProvisionedConcurrency"]);
  assert.match(JSON.stringify(target.resourceId), /"function:"/);
  const { targetValue, predefinedMetricSpecification } = out.props("shop/fn/scaling-use").targetTrackingScalingPolicyConfiguration;
  assert.equal([targetValue, predefinedMetricSpecification.predefinedMetricType], [0.6, "LambdaProvisionedConcurrencyUtilization"]);
  assert.is(out.props("shop/fn/scaling-at-day").scalableTargetAction.minCapacity, 10);
  assert.equal(out.find("shop/fn/ready")?.extra.options?.ignoreChanges, ["provisionedConcurrentExecutions"]);
  const clocked = fn({ instances: 2, schedule });
  assert.is(clocked.find("shop/fn/scaling-use"), undefined, "by the clock alone");
  assert.ok(clocked.find("shop/fn/scaling-at-day"));
});

test("limits that leave nothing, a target without scaling and more than may run are errors", () => {
  assert.equal(codes(fn({ instances: 5, maxInstances: 2 })), ["ready-limits"]);
  assert.equal(codes(fn({ instances: 5, targetPercent: 50 })), ["ready-target"]);
  assert.equal(codes(fn({ instances: 5, maxInstances: 20 }, { reservedConcurrentExecutions: 10 })), ["ready-reserved"]);
  assert.equal(codes(fn({ instances: 5, schedule: [{ name: "a", at: "rate(1 day)" }] })), ["schedule-empty"]);
});

test.run();
