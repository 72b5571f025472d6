import { test } from "uvu";
import * as assert from "uvu/assert";
import { Alarm, Lambda, MicroService, Service, Stack, Worker } from "../../../constructs/index.js";
import type { MicroServiceProps } from "../../../constructs/compute/micro-service.js";
import { refsIn } from "../../../framework/model/index.js";
import { type Synthesis, synthOf } from "../../support/synth.js";

const IMAGE = "ghcr.io/acme/api:1";
const SERVICE = "urn:pulumi:development::shop::aws:ecs/service:Service::shop/api";

async function api(deployment: MicroServiceProps["deployment"], more: Partial<MicroServiceProps> = {}): Promise<Synthesis> {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const shop = new Service(stack, "shop");
  new MicroService(shop, "api", { image: IMAGE, port: 8080, healthCheck: "/up", deployment, ...more });
  new Alarm(shop, "slow", { component: "api", threshold: 90 });
  return synthOf(stack);
}

const rolloutOf = (made: Synthesis) => made.result?.assembly.rollouts?.[0];
const codes = async (deployment: MicroServiceProps["deployment"], more?: Partial<MicroServiceProps>) => (await api(deployment, more)).codes;

test("a component that says nothing of its roll-out leaves no trace of it in the assembly", async () => {
  const { result } = await api({ strategy: "rolling", minimumHealthyPercent: 50 });
  assert.not.ok(result?.assembly && "rollouts" in result.assembly);
});

test("limits are alarms of their own; those that stand before the service are told to ECS, which leaves going back to Panka", async () => {
  const made = await api({
    rollback: {
      metrics: [
        { metric: "errors", above: 2 },
        { metric: "cpuPercent", above: 80, forMinutes: 6 },
      ],
      alarms: ["pager", "slow"],
    },
  });
  assert.equal(made.codes, []);
  const errors = made.at("shop/api/rollback-errors");
  assert.equal(
    [errors.props.threshold, errors.props.evaluationPeriods, errors.props.metricQueries[0].expression],
    [2, 2, "100 * FILL(errors, 0) / requests"],
  );
  assert.is(made.at("shop/api/rollback-cpu").props.evaluationPeriods, 6);
  const { alarms, waitForSteadyState } = made.at("shop/api").props;
  assert.equal(alarms, { alarmNames: [{ $ref: { urn: errors.urn, output: "name" } }, "pager"], enable: true, rollback: false });
  assert.is(waitForSteadyState, true);
  const rollout = rolloutOf(made);
  assert.equal(rollout?.when, { urn: SERVICE, path: "taskDefinition" });
  assert.is(rollout?.watch?.minutes, 7);
  const names = rollout?.watch?.alarms.map((value) => (typeof value === "string" ? value : refsIn(value)[0]?.split("/").at(-1)));
  assert.equal(names, ["rollback-errors", "rollback-cpu", "pager", "slow"]);
});

test("a response time is said in milliseconds and measured in seconds", async () => {
  const made = await api({ rollback: { metrics: [{ metric: "responseTimeMs", above: 1500 }] } });
  const { threshold, extendedStatistic } = made.at("shop/api/rollback-response-time").props;
  assert.equal([threshold, extendedStatistic], [1.5, "p99"]);
});

test("a metric may have several limits: much for a short time, and little for a long one", async () => {
  const [high, low] = [
    { metric: "errors" as const, above: 20, forMinutes: 1 },
    { metric: "errors" as const, above: 1, forMinutes: 4 },
  ];
  const made = await api({ rollback: { metrics: [high, low] } });
  assert.equal([made.at("shop/api/rollback-errors").props.threshold, made.at("shop/api/rollback-errors-2").props.threshold], [20, 1]);
});

test("what is not to go back by itself says so", async () => {
  const made = await api({ rollback: { onFailure: false } });
  assert.equal(rolloutOf(made), { component: "shop/api", when: { urn: SERVICE, path: "taskDefinition" }, onFailure: false });
});

test("a canary holds the service, and puts a second one with copies of its own beside it", async () => {
  const made = await api({ strategy: "canary", rollback: { metrics: [{ metric: "errors", above: 1 }] } });
  const staged = rolloutOf(made)?.staged;
  assert.is(staged?.words, "canary: 10 % of the requests for 5 minutes, then all");
  assert.equal(
    staged?.added.map((r) => r.urn.split("::").at(-1)),
    ["shop/api/next-rollback-errors", "shop/api/next", "shop/api/next-task-definition", "shop/api/next-target-group"],
  );
  const [alarm, next, task, group] = staged?.added ?? [];
  const props = next?.props as { [key: string]: any };
  assert.equal(props.taskDefinition, { $ref: { urn: task?.urn, output: "arn" } });
  assert.equal(props.loadBalancers[0].targetGroupArn, { $ref: { urn: group?.urn, output: "arn" } });
  assert.equal(props.alarms.alarmNames, [{ $ref: { urn: alarm?.urn, output: "name" } }]);
  assert.equal(staged?.alarms, [{ $ref: { urn: alarm?.urn, output: "name" } }]);
  assert.equal(props.cluster, made.at("shop/api").props.cluster);
  assert.equal(
    staged?.hold.map((h) => h.urn.split("::").at(-1)),
    ["shop/api", "shop/api/task-definition", "shop/api/target-group"],
  );
});

test("a canary gives the new version nothing, then its share, then all while the service itself rolls over", async () => {
  const staged = rolloutOf(await api({ strategy: "canary", canary: { percent: 25, bakeMinutes: 3 } }))?.staged;
  const weights = staged?.stages.map(({ set, minutes, released }) => {
    const [action] = (set[0]?.value ?? []) as unknown as { forward: { targetGroups: { weight: number }[] } }[];
    return [action?.forward.targetGroups.map((g) => g.weight), minutes, released === true];
  });
  assert.equal(weights, [
    [[100, 0], 0, false],
    [[75, 25], 3, false],
    [[0, 100], 0, true],
  ]);
});

test("linear takes equal steps; blue/green one, watched where there is something to watch", async () => {
  const stages = async (deployment: MicroServiceProps["deployment"]) =>
    rolloutOf(await api(deployment))?.staged?.stages.map((s) => `${s.words}: ${s.minutes}`);
  assert.equal((await stages({ strategy: "linear", linear: { percent: 40, everyMinutes: 1 } }))?.slice(1, -1), [
    "40 % of the requests go to the new version: 1",
    "80 % of the requests go to the new version: 1",
  ]);
  assert.is((await stages({ strategy: "blueGreen" }))?.length, 2);
  assert.equal((await stages({ strategy: "blueGreen", rollback: { alarms: ["pager"] } }))?.[1], "all requests go to the new version: 5");
});

test("with failFast it is Panka that waits for the service, and in stages for the one beside it", async () => {
  const made = await api({ strategy: "canary", failFast: 2 });
  const { urn, props } = made.at("shop/api/steady");
  assert.equal([props.failFast, props.timeoutMinutes, made.at("shop/api").props.waitForSteadyState], [2, 10, undefined]);
  const rollout = rolloutOf(made);
  assert.equal(rollout?.steps, [urn]);
  assert.ok(rollout?.staged?.hold.some((h) => h.urn === urn));
  const [beside, next] = ["next-steady", "next"].map((role) => rollout?.staged?.added.find((r) => r.urn.endsWith(`/${role}`)));
  assert.equal(beside?.props.service, { $ref: { urn: next?.urn, output: "name" } });
});

test("an override holds for what stands beside, too", async () => {
  const made = await api({ strategy: "canary" }, { override: [{ resource: "task-definition", path: "pidMode", value: "task" }] });
  const task = rolloutOf(made)?.staged?.added.find((r) => r.urn.endsWith("/next-task-definition"));
  assert.is(task?.props.pidMode, "task");
});

test("steps need requests that can be shared out: without an application load balancer they are refused, and it is said what to do", async () => {
  const refused = (await api({ strategy: "canary" }, { networking: { loadBalancer: { enabled: false } } })).diagnostics[0];
  assert.is(refused?.code, "strategy-impossible");
  assert.match(refused?.next ?? "", /deployment\.strategy: rolling/);
  assert.equal(await codes({ strategy: "linear" }, { networking: { loadBalancer: { type: "network" } } }), ["strategy-impossible"]);
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  new Worker(new Service(stack, "shop"), "jobs", { image: IMAGE, deployment: { strategy: "blueGreen" } });
  assert.equal((await synthOf(stack)).codes, ["strategy-impossible"]);
});

test("settings that could have no effect are refused", async () => {
  assert.equal(await codes({ canary: { percent: 5 } }), ["strategy-unsaid"]);
  const limit = { metric: "errors" as const, above: 1, forMinutes: 5 };
  assert.equal(await codes({ strategy: "canary", rollback: { metrics: [limit] } }), ["bake-too-short"]);
  assert.equal(await codes({ rollback: { alarms: ["api"] } }), ["not-an-alarm"]);
  assert.equal(await codes({ rollback: { metrics: [limit] } }, { networking: { loadBalancer: { enabled: false } } }), ["not-measured"]);
});

async function lambda(deployment: ConstructorParameters<typeof Lambda>[2]["deployment"]): Promise<Synthesis> {
  const stack = new Stack("shop", { provider: { name: "aws", region: "us-east-1" } });
  const code = { zipFile: "exports.handler = async () => 1" };
  new Lambda(new Service(stack, "shop"), "fn", { runtime: "nodejs20.x", handler: "index.handler", code, deployment });
  return synthOf(stack);
}

test("a function's canary holds its alias and weighs the version that was just published", async () => {
  const made = await lambda({ strategy: "canary", rollback: { metrics: [{ metric: "errors", above: 1 }] } });
  assert.equal(made.codes, []);
  const alias = made.at("shop/fn/live").urn;
  const rollout = rolloutOf(made);
  assert.equal(rollout?.when, { urn: alias, path: "functionVersion" });
  assert.equal(rollout?.staged?.hold, [{ urn: alias, path: "functionVersion" }]);
  assert.equal(rollout?.staged?.stages[1]?.set, [
    {
      urn: alias,
      path: "routingConfig.additionalVersionWeights",
      key: { $ref: { urn: made.at("shop/fn").urn, output: "version" } },
      value: 0.1,
    },
  ]);
  assert.is(made.at("shop/fn").props.publish, true);
  assert.equal(Object.keys(made.at("shop/fn/rollback-errors").props.metricQueries[1].metric.dimensions), [
    "ExecutedVersion",
    "FunctionName",
    "Resource",
  ]);
});

test("a function that takes over at once has no alias unless it is blue/green", async () => {
  const made = await lambda({ rollback: { metrics: [{ metric: "throttles", above: 3 }] } });
  assert.equal(rolloutOf(made)?.when, { urn: made.at("shop/fn").urn });
  assert.throws(() => made.at("shop/fn/live"));
  assert.ok((await lambda({ strategy: "blueGreen" })).at("shop/fn/live"));
});

test.run();
