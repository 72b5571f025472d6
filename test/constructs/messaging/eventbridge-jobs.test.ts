import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const JOB = { image: "acme/report:1", schedule: "rate(1 hour)" };
/** A rule whose target is a job. */
const rule = (job: object = {}, target: object = {}) =>
  expandAll(
    [
      { address: "shop/report", kind: "CronJob", props: { ...JOB, ...job } },
      { address: "shop/dead", kind: "SQS", props: {} },
      {
        address: "shop/events",
        kind: "EventBridge",
        props: { rules: [{ name: "paid", pattern: { source: ["shop"] }, targets: [{ component: "report", ...target }] }] },
      },
    ],
    { finish: true },
  );
const TARGET = "shop/events/target-paid-shop-report";

test("a rule starts a run of a job as the clock does: the same task, cluster and network", () => {
  const made = rule();
  assert.equal(made.errors, []);
  const target = made.props(TARGET);
  const schedule = made.props("shop/report").target;
  assert.equal(target.arn, schedule.arn);
  const { orderedPlacementStrategies: _, ...started } = target.ecsTarget;
  const { placementStrategies: __, ...byClock } = schedule.ecsParameters;
  assert.equal(started, byClock);
  assert.is(target.input, undefined);
  assert.match(JSON.stringify(target.roleArn), /target-role-paid-shop-report/);
  assert.match(JSON.stringify(made.find(TARGET)?.extra.dependsOn), /target-policy-paid-shop-report/);
});

test("its role may run this job in this cluster and pass the job's roles to ECS, and nothing else", () => {
  const made = rule();
  const statements = made.props("shop/events/target-policy-paid-shop-report").policy.$json.Statement;
  assert.equal(statements, made.props("shop/report/schedule-policy").policy.$json.Statement);
  assert.equal(
    statements.map((s: { Action: string }) => s.Action),
    ["ecs:RunTask", "ecs:TagResource", "iam:PassRole"],
  );
  assert.equal(
    statements[2].Resource.map((r: { $ref: { urn: string } }) => r.$ref.urn.replace(/.*::/, "")),
    ["shop/report/task-role", "shop/report/execution-role"],
  );
  const [trust] = made.props("shop/events/target-role-paid-shop-report").assumeRolePolicy.$json.Statement;
  assert.equal(trust.Principal, { Service: "events.amazonaws.com" });
});

test("on capacity of one's own the run is placed there", () => {
  const { ecsTarget } = rule({ capacity: { spot: "all" } }).props(TARGET);
  assert.is(ecsTarget.launchType, undefined);
  assert.equal(ecsTarget.capacityProviderStrategies, [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]);
});

test("events that could not start a run go to a queue", () => {
  const made = rule({}, { deadLetter: "dead" });
  assert.equal(made.props(TARGET).deadLetterConfig, { arn: made.outputs["shop/dead"]?.queueArn });
});

test("a job that may not overlap is started by the clock alone, and no job gets an input", () => {
  const said = (job: object, target?: object) => rule(job, target).errors.map((e) => `${e.code} ${e.path}`);
  assert.equal(said({ concurrency: "forbid" }), ["run-closed rules[0].targets[0].component"]);
  assert.equal(said({}, { input: { days: 30 } }), ["input-unused rules[0].targets[0].input"]);
});

test.run();
