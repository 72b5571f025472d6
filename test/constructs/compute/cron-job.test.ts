import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../../constructs/registry.js";
import { expandAll } from "../../support/expand.js";

const job = (props: object = {}, setting = {}) =>
  expandAll([{ address: "users/report", kind: "CronJob", props: { image: "acme/report:1", schedule: "rate(1 hour)", ...props } }], setting);

test("a job is an ECS task that Scheduler starts by the clock", () => {
  const made = job({ schedule: "cron(0 3 * * ? *)", timezone: "Europe/Berlin", retries: 5 });
  const schedule = made.props("users/report");
  assert.is(schedule.scheduleExpression, "cron(0 3 * * ? *)");
  assert.is(schedule.scheduleExpressionTimezone, "Europe/Berlin");
  assert.is(schedule.target.retryPolicy.maximumRetryAttempts, 5);
  assert.is(schedule.target.ecsParameters.launchType, "FARGATE");
  assert.is(schedule.target.ecsParameters.networkConfiguration.assignPublicIp, true);
  assert.is(made.props("users/report/task-definition").containerDefinitions.$json.length, 1);
  assert.equal(Object.keys(made.outputs["users/report"]!).sort(), ["scheduleArn", "taskDefinitionArn"]);
});

test("Scheduler may start this task in this cluster, and nothing else", () => {
  const statements = job().props("users/report/schedule-policy").policy.$json.Statement as { Action: string; Resource: unknown }[];
  assert.equal(
    statements.map((s) => s.Action),
    ["ecs:RunTask", "ecs:TagResource", "iam:PassRole"],
  );
  assert.not.match(JSON.stringify(statements.map((s) => s.Resource)), /"\*"/);
});

test("a limited run ends when its second container has slept enough", () => {
  const [main, limit] = job({ timeoutSeconds: 900 }).props("users/report/task-definition").containerDefinitions.$json;
  assert.is(main.name, "report");
  assert.equal([limit.essential, limit.command], [true, ["sleep", "900"]]);
});

test("on Spot the cluster offers it, and on-demand tasks come first", () => {
  const made = job({ capacity: { spot: "all" } });
  assert.equal(made.errors, []);
  assert.equal(made.props("users/report").target.ecsParameters.capacityProviderStrategies, [
    { capacityProvider: "FARGATE_SPOT", weight: 1 },
  ]);
  assert.is(made.props("users/report").target.ecsParameters.launchType, undefined);
  assert.equal(made.props("_stack/cluster/capacity").capacityProviders, ["FARGATE", "FARGATE_SPOT"]);
  assert.is(job().find("_stack/cluster/capacity"), undefined);
});

test("a job answers no requests: no load balancer is set for it", () => {
  assert.equal(registry.find("CronJob")!.infraExcept, ["networking.loadBalancer", "networking.ingress"]);
});

test("what is no schedule is refused by its form", () => {
  const schema = registry.find("CronJob")!.schema.shape.schedule!;
  const accepted = ["rate(1 hour)", "rate(5 minutes)", "rate(10 days)", "cron(0 3 * * ? *)"];
  const refused = ["rate(1 hours)", "rate(5 minute)", "rate(0 hours)", "0 3 * * *", "cron(0 3 * * ?)", "every hour"];
  for (const text of accepted) assert.ok(schema.safeParse(text).success, text);
  for (const text of refused) assert.not(schema.safeParse(text).success, text);
});

test("what a job uses it is granted", () => {
  const made = expandAll([
    { address: "users/jobs", kind: "SQS", props: {} },
    {
      address: "users/report",
      kind: "CronJob",
      props: { image: "acme/report:1", schedule: "rate(1 day)", uses: [{ component: "jobs", access: "send" }] },
    },
  ]);
  assert.match(JSON.stringify(made.props("users/report/task-policy")), /sqs:SendMessage/);
  assert.equal(made.props("users/report/task-definition").containerDefinitions.$json[0].environment, [
    { name: "JOBS_URL", value: made.outputs["users/jobs"]!.queueUrl && { $text: [made.outputs["users/jobs"]!.queueUrl] } },
  ]);
});

test.run();
