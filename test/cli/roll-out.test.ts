/** New versions in stages on the local model of the cloud: what stands when, what is watched, and what brings the old version back. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ALARM_STATES } from "../../framework/model/alarms.js";
import { SERVICE_HEALTH } from "../../framework/model/health.js";
import { component, stackHead } from "../support/stack-text.js";
import { CONFIG, project } from "./project.js";
import { type Ran, run } from "./world.js";

const test = suite("roll-out");

const api = (tag: string, deployment: string, more = "") =>
  component("MicroService", "api", `{ image: "ghcr.io/acme/api:${tag}", port: 8080, healthCheck: /up, deployment: ${deployment}${more} }`);
const fn = (body: string, deployment: string) =>
  component("Lambda", "fn", `{ runtime: nodejs20.x, handler: index.handler, code: { zipFile: "${body}" }, deployment: ${deployment} }`);
const stack = (...documents: string[]) => [stackHead("shop"), ...documents].join("---\n");
/** A minute lasts 30 ms. */
const ENV = { PANKA_MINUTE_MS: "30" };
const CANARY = "{ strategy: canary, canary: { percent: 10, bakeMinutes: 3 }, rollback: { metrics: [{ metric: errors, above: 1 }] } }";

const deploy = (cwd: string, env: Record<string, string> = {}) => run(["deploy", "--yes", "--json"], { cwd, env: { ...ENV, ...env } });
/** A project whose stack stands. */
async function standing(text: string): Promise<string> {
  const cwd = project({ "stack.yaml": text, "panka.config.yaml": CONFIG });
  const first = await deploy(cwd);
  assert.is(first.code, 0, ending(first));
  return cwd;
}
const write = (cwd: string, text: string) => writeFileSync(join(cwd, "stack.yaml"), text);

/** Fault: the alarms whose name holds the text are raised from the nth look on. */
const raised = (text: string, nth: number) => ({
  PANKA_LOCAL_FAULTS: JSON.stringify({ op: "lookup", type: ALARM_STATES, nth, times: 0, raise: text }),
});

interface Resource {
  type: string;
  inputs: any;
  outputs: any;
}

async function stateOf(cwd: string): Promise<{ [role: string]: Resource }> {
  const state = JSON.parse((await run(["state", "pull", "--stack", "shop"], { cwd })).stdout);
  return Object.fromEntries(Object.entries<Resource>(state.resources).map(([urn, r]) => [urn.split("::").at(-1), r]));
}

/** Roles of what is in the model of the cloud, by the tag. */
function inCloud(cwd: string): string[] {
  const { resources } = JSON.parse(readFileSync(join(cwd, ".panka/local-cloud.json"), "utf8"));
  return Object.values<Resource>(resources)
    .map(
      (r) =>
        String(r.outputs.tags?.["panka:urn"] ?? "")
          .split("::")
          .at(-1) ?? "",
    )
    .filter((place) => place.startsWith("app/"))
    .sort();
}

const said = (done: Ran, type: string): any[] => done.lines().filter((line) => line.type === type);

/** What a message shows of a run that ended otherwise. */
const ending = (done: Ran): string => JSON.stringify([said(done, "step-failed"), done.lines().at(-1).diagnostics]);
const tag = async (cwd: string): Promise<string> =>
  /acme\/api:(\d)/.exec((await stateOf(cwd))["app/api/task-definition"]?.inputs.containerDefinitions)?.[1] ?? "none";

test("a canary stands beside the old version, is watched with its share, takes over and goes", async () => {
  const cwd = project({ "stack.yaml": stack(api("1", CANARY)), "panka.config.yaml": CONFIG });
  const first = await deploy(cwd);
  assert.is(first.code, 0, ending(first));
  assert.equal(said(first, "stage"), []);
  const before = inCloud(cwd);
  write(cwd, stack(api("2", CANARY)));
  const plan = await run(["plan"], { cwd });
  assert.match(plan.stdout, /app\/api: canary: 10 % of the requests for 3 minutes, then all/);
  const second = await deploy(cwd);
  assert.is(second.code, 0, ending(second));
  assert.equal(
    said(second, "stage").map((s) => s.message),
    [
      "the new version stands beside the old one",
      "10 % of the requests go to the new version",
      "all requests go to the new version, and the service itself takes it over",
      "only the new version is left",
    ],
  );
  const [bake] = said(second, "bake");
  assert.equal([bake.components, bake.remainingSeconds, bake.totalSeconds], [["app/api"], 180, 180]);
  assert.equal(inCloud(cwd), before);
  const state = await stateOf(cwd);
  assert.match(state["app/api/task-definition"]?.inputs.containerDefinitions, /acme\/api:2/);
  assert.equal(Object.keys(state["app/api/listener-rule"]?.inputs.actions[0]), ["targetGroupArn", "type"]);
  assert.match((await run(["deploy", "--yes"], { cwd })).stdout, /No changes/);
  const moved = second.lines().filter((l) => l.type === "step-done" && l.urn.endsWith("/listener-rule"));
  assert.is(moved.length, 4, "none, a tenth, all, and back to the service itself");
});

test("an alarm that is raised while the canary is watched brings the old version back, and nothing stands beside it", async () => {
  const cwd = await standing(stack(api("1", CANARY)));
  const before = inCloud(cwd);
  write(cwd, stack(api("2", CANARY)));
  const failed = await deploy(cwd, raised("next-rollback-errors", 3));
  assert.is(failed.code, 6, ending(failed));
  const result = failed.lines().at(-1);
  assert.equal([result.diagnostics[0].code, result.diagnostics[0].path], ["alarm-raised", "app/api"]);
  assert.equal(inCloud(cwd), before);
  assert.is(await tag(cwd), "1");
  const shares = said(failed, "stage").map((s) => s.message);
  assert.equal(shares, ["the new version stands beside the old one", "10 % of the requests go to the new version"]);
  const [newest, second] = (await run(["history", "--json", "--stack", "shop"], { cwd })).json().result;
  assert.equal([newest.operation, newest.status, second.status], ["rollback", "good", "failed"]);
});

test("an alarm that was raised before says nothing of the new version", async () => {
  const watched = "{ rollback: { alarms: [pager] } }";
  const cwd = await standing(stack(api("1", watched)));
  write(cwd, stack(api("2", watched)));
  const deployed = await deploy(cwd, raised("pager", 1));
  assert.is(deployed.code, 0, ending(deployed));
  assert.ok(said(deployed, "diagnostic").some((d) => d.code === "alarm-raised-before"));
  assert.equal(said(deployed, "stage"), []);
  assert.is(said(deployed, "bake")[0].message, "the new version is watched for 5 minutes");
});

/** Fault: from the nth look on two tasks have ended of the services whose name holds the text. */
const ended = (text: string, nth: number) => ({
  PANKA_LOCAL_FAULTS: JSON.stringify({ op: "lookup", type: SERVICE_HEALTH, nth, times: 0, raise: text }),
});
const mailer = (tag: string, deployment = "{}") =>
  component("Worker", "mailer", `{ image: "ghcr.io/acme/mailer:${tag}", deployment: ${deployment} }`);
const WATCHED = "{ rollback: { alarms: [pager] } }";

test("while a new version is watched the tasks of all services that the deploy has changed are, too: of a second one without alarms two that end bring both back", async () => {
  const cwd = await standing(stack(api("1", WATCHED), mailer("1")));
  write(cwd, stack(api("2", WATCHED), mailer("2")));
  const failed = await deploy(cwd, ended("mailer", 2));
  assert.is(failed.code, 6, ending(failed));
  const [problem] = failed.lines().at(-1).diagnostics;
  assert.equal([problem.code, problem.path], ["tasks-ended", "app/mailer"]);
  assert.match(problem.message, /^2 tasks of the new version ended alike: the container ended with exit code 1, while it was watched$/);
  assert.equal(said(failed, "bake")[0].components, ["app/api", "app/mailer"]);
  assert.is(await tag(cwd), "1");
  assert.match(JSON.stringify((await stateOf(cwd))["app/mailer/task-definition"]?.inputs.containerDefinitions), /mailer:1/);
});

test("tasks that had ended before the watch began, of a service that the deploy leaves alone, or of one that is not to go back, bring nothing back", async () => {
  for (const [text, after, nth] of [
    [stack(api("1", WATCHED), mailer("1")), stack(api("2", WATCHED), mailer("2")), 1],
    [stack(api("1", WATCHED), mailer("1")), stack(api("2", WATCHED), mailer("1")), 2],
    [
      stack(api("1", WATCHED), mailer("1", "{ rollback: { onFailure: false } }")),
      stack(api("2", WATCHED), mailer("2", "{ rollback: { onFailure: false } }")),
      2,
    ],
  ] as const) {
    const cwd = await standing(text);
    write(cwd, after);
    const deployed = await deploy(cwd, ended("mailer", nth));
    assert.is(deployed.code, 0, ending(deployed));
    assert.is(await tag(cwd), "2");
  }
});

test("the tasks of what stands beside are watched in the stages", async () => {
  const cwd = await standing(stack(api("1", CANARY)));
  const before = inCloud(cwd);
  write(cwd, stack(api("2", CANARY)));
  const failed = await deploy(cwd, ended("next", 2));
  assert.is(failed.code, 6, ending(failed));
  const [problem] = failed.lines().at(-1).diagnostics;
  assert.equal([problem.code, problem.path], ["tasks-ended", "app/api"]);
  assert.equal(inCloud(cwd), before);
  assert.is(await tag(cwd), "1");
});

test("a rolling version is watched when it stands, and goes back when an alarm is raised then", async () => {
  const watched = "{ rollback: { alarms: [pager] } }";
  const cwd = await standing(stack(api("1", watched)));
  write(cwd, stack(api("2", watched)));
  const failed = await deploy(cwd, raised("pager", 4));
  assert.is(failed.code, 6, ending(failed));
  assert.is(await tag(cwd), "1");
});

test("a new version that can't be rolled out goes back by itself, unless it is not to", async () => {
  const faults = { op: "update", type: "aws:ecs/service:Service", fail: "failed", message: "it is not steady" };
  for (const [onFailure, code, left] of [
    [true, 6, "1"],
    [false, 1, "2"],
  ] as const) {
    const deployment = `{ rollback: { onFailure: ${onFailure} } }`;
    const cwd = await standing(stack(api("1", deployment)));
    write(cwd, stack(api("2", deployment)));
    const failed = await deploy(cwd, { PANKA_LOCAL_FAULTS: JSON.stringify(faults) });
    assert.is(failed.code, code, ending(failed));
    assert.is(await tag(cwd), left);
  }
});

test("a function's alias gives the published version its share, then all", async () => {
  const canary = "{ strategy: canary, canary: { percent: 20, bakeMinutes: 3 } }";
  const cwd = await standing(stack(fn("1", canary)));
  const before = (await stateOf(cwd))["app/fn/live"]?.inputs.functionVersion;
  write(cwd, stack(fn("2", canary)));
  const second = await deploy(cwd);
  assert.is(second.code, 0, ending(second));
  assert.equal(
    said(second, "stage").map((s) => s.message),
    ["the new version is published", "20 % of the calls go to the new version", "only the new version is left"],
  );
  const { inputs } = (await stateOf(cwd))["app/fn/live"] as Resource;
  assert.is.not(inputs.functionVersion, before);
  assert.is(inputs.routingConfig, undefined);
  assert.match((await run(["deploy", "--yes"], { cwd })).stdout, /No changes/);
});

test("a version that changes what must be made anew takes over at once, and the plan says why", async () => {
  const cwd = await standing(stack(api("1", CANARY)));
  write(cwd, stack(api("2", CANARY).replace("port: 8080", "port: 9090")));
  const plan = (await run(["plan"], { cwd })).stdout.replaceAll(/\s+/g, " ");
  assert.match(plan, /takes over at once this time, as its target-group must be made anew/);
  const second = await deploy(cwd);
  assert.equal([second.code, said(second, "stage")], [0, []], ending(second));
});

test("where autoscaling moves the number of tasks the new version begins with as many as the old one has", async () => {
  const scaled = ", scaling: { minReplicas: 2, maxReplicas: 6 }";
  const cwd = await standing(stack(api("1", CANARY, scaled)));
  write(cwd, stack(api("2", CANARY, scaled)));
  const second = await deploy(cwd);
  assert.is(second.code, 0, ending(second));
  assert.match((await run(["deploy", "--yes"], { cwd })).stdout, /No changes/);
});

test("stages of several components go side by side, and what the new versions do without goes last", async () => {
  const canary = "{ strategy: canary, canary: { bakeMinutes: 1 } }";
  const queue = component("SQS", "old-jobs");
  const other = (tag: string) =>
    api(tag, "{ strategy: linear, linear: { percent: 50, everyMinutes: 1 } }", ", networking: { ingress: { path: /web } }").replace(
      "name: api",
      "name: web",
    );
  const cwd = await standing(stack(api("1", canary), other("1"), queue));
  write(cwd, stack(api("2", canary), other("2")));
  const second = await deploy(cwd);
  assert.is(second.code, 0, ending(second));
  assert.equal(said(second, "stage")[1].components, ["app/api", "app/web"]);
  const types = second
    .lines()
    .flatMap((l) => (l.type === "stage" ? ["stage"] : l.type === "step-done" && l.urn.endsWith("/old-jobs") ? [l.action] : []));
  assert.equal(types, ["stage", "stage", "stage", "stage", "delete"]);
});

test("stopped in the middle of a canary the next deploy goes on from what stands, and nothing is left over", async () => {
  const cwd = await standing(stack(api("1", CANARY)));
  const before = inCloud(cwd);
  write(cwd, stack(api("2", CANARY)));
  let send: (signal: "SIGINT") => void = () => {};
  const running = run(["deploy", "--yes", "--json"], {
    cwd,
    env: { PANKA_MINUTE_MS: "60000" },
    signals: (to) => {
      send = to;
    },
  });
  const stands = (): boolean => inCloud(cwd).some((place) => place === "app/api/next");
  while (!stands()) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 400));
  send("SIGINT");
  const stopped = await running;
  assert.is(stopped.code, 130, stopped.stdout);
  assert.ok(stands());
  const again = await deploy(cwd);
  assert.is(again.code, 0, ending(again));
  assert.equal(inCloud(cwd), before);
  assert.is(await tag(cwd), "2");
});

test.run();
