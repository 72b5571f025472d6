import { test } from "uvu";
import * as assert from "uvu/assert";
import { minutesApart } from "../../../constructs/compute/single-run.js";
import { expandAll } from "../../support/expand.js";
import { lintPolicies } from "../../support/iam-lint.js";

const job = (props: object = {}, setting = {}) =>
  expandAll(
    [
      {
        address: "users/report",
        kind: "CronJob",
        props: { image: "acme/report:1", schedule: "rate(1 hour)", concurrency: "forbid", ...props },
      },
    ],
    setting,
  );

test("the clock starts a machine that looks for a running task first, and starts one where there is none", () => {
  const made = job();
  assert.equal(made.errors, []);
  const { target } = made.props("users/report");
  const machine = made.find("users/report/state-machine")!;
  assert.equal(target.arn, { $ref: { urn: machine.urn, output: "arn" } });
  assert.is(target.ecsParameters, undefined);
  const { StartAt, States } = made.props("users/report/state-machine").definition.$json;
  assert.equal([StartAt, States.Look.Next, States.Free.Default, States.Free.Choices[0].Next], ["Look", "Free", "Run", "StillRuns"]);
  assert.equal(Object.keys(States.Look.Parameters), ["Cluster", "Family", "DesiredStatus"]);
  const { NetworkConfiguration, LaunchType, TaskDefinition } = States.Run.Parameters;
  assert.equal([LaunchType, NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp], ["FARGATE", "ENABLED"]);
  assert.equal(TaskDefinition.$ref.urn, made.find("users/report/task-definition")!.urn);
});

test("every state leads to one that is there, and each is reached", () => {
  const { StartAt, States } = job().props("users/report/state-machine").definition.$json;
  const next = (state: { Next?: string; Default?: string; Choices?: { Next: string }[] }): string[] =>
    [state.Next, state.Default, ...(state.Choices ?? []).map((c) => c.Next)].filter((s) => s !== undefined);
  const reached = new Set<string>([StartAt]);
  for (const name of reached) for (const to of next(States[name])) reached.add(to);
  assert.equal([...reached].sort(), Object.keys(States).sort());
});

test("a start that the clock delivers twice has one client token, and is not delivered late", () => {
  const made = job({ retries: 3 });
  const { input, retryPolicy } = made.props("users/report").target;
  assert.equal(JSON.parse(input), { at: "<aws.scheduler.scheduled-time>", tries: 0 });
  assert.equal(retryPolicy, { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 60 });
  const { Run, Started } = made.props("users/report/state-machine").definition.$json.States;
  assert.is(Run.Parameters["ClientToken.$"], "States.Format('{}.{}', $.at, $.tries)");
  assert.is(Started.Choices[1].NumericGreaterThanEquals, 3);
});

test("the clock may start the machine, the machine this task in this cluster, and nothing else", () => {
  const made = job();
  const actions = (role: string): string[] =>
    made.props(`users/report/${role}`).policy.$json.Statement.map((s: { Action: string | string[] }) => String(s.Action));
  assert.equal(actions("schedule-policy"), ["states:StartExecution"]);
  assert.equal(actions("run-policy"), ["ecs:RunTask", "ecs:TagResource", "iam:PassRole", "ecs:ListTasks"]);
  assert.equal(lintPolicies({ resources: made.resources } as never), []);
});

test("on Spot and on EC2 the machine finds room as the clock would", () => {
  const made = job({ runtime: { platform: "ec2" }, capacity: { spot: "after 1" } });
  const { Run } = made.props("users/report/state-machine").definition.$json.States;
  assert.is(Run.Parameters.LaunchType, undefined);
  assert.equal(
    Run.Parameters.CapacityProviderStrategy.map((s: { Base?: number; Weight: number }) => [s.Base, s.Weight]),
    [
      [1, 0],
      [undefined, 1],
    ],
  );
  assert.equal(Run.Parameters.PlacementStrategy[1], { Type: "binpack", Field: "memory" });
  assert.is(Run.Parameters.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp, undefined);
});

test("runs too close to be kept apart are refused, and so are starts that last too long", () => {
  assert.equal(
    job({ schedule: "rate(1 minute)" }).errors.map((e) => e.code),
    ["runs-too-close"],
  );
  assert.equal(
    job({ retries: 4 }).errors.map((e) => e.code),
    ["retries-too-long"],
  );
});

test("minutes between runs are read from rates and from a cron expression's minutes", () => {
  const apart: [string, number][] = [
    ["rate(1 minute)", 1],
    ["rate(5 minutes)", 5],
    ["rate(2 hours)", 120],
    ["rate(1 day)", 1440],
    ["cron(0 3 * * ? *)", 60],
    ["cron(* * * * ? *)", 1],
    ["cron(0/15 * * * ? *)", 15],
    ["cron(*/10 * * * ? *)", 10],
    ["cron(5,20,58 * * * ? *)", 7],
    ["cron(10-12 * * * ? *)", 1],
    ["cron(0-30/10 * * * ? *)", 10],
    ["cron(0/7 * * * ? *)", 4],
  ];
  assert.equal(
    apart.map(([schedule]) => minutesApart(schedule)),
    apart.map(([, minutes]) => minutes),
  );
});

test.run();
