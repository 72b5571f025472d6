/** What ECS answers is written here: the emulator starts no tasks, so none of them can fail there. The fields are those of its API reference. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../../../framework/base/json.js";
import { isProviderError } from "../../../../framework/model/provider.js";
import { STEADY_TYPE } from "../../../../framework/model/steady.js";
import { type Call, CallError } from "../../../../framework/providers/aws/signed-call.js";
import { withImages } from "../../../../framework/providers/images/provider.js";
import { withSteady } from "../../../../framework/providers/steady/provider.js";
import { untilSteady } from "../../../../framework/providers/steady/wait.js";
import { jumpClock } from "../../../support/world.js";

const NEW = "arn:aws:ecs:eu-west-1:1:task-definition/api:2";
const AWAITED = { cluster: "c", service: "api", taskDefinition: NEW, failFast: 2, timeoutMinutes: 1 };

type Item = { [key: string]: Json };

/** A service as it is at one look: tasks of the new version that run, deployments, tasks that ended. */
interface Look {
  taskDefinition?: string;
  running?: number;
  old?: boolean;
  primary?: Item;
  ended?: Item[];
}

const primary = (running: number, more: Item = {}): Item => ({ id: "ecs-svc/2", status: "PRIMARY", runningCount: running, ...more });
const ended = (exitCode: number, more: Item = {}): Item => ({
  ...{ startedBy: "ecs-svc/2", stopCode: "EssentialContainerExited", containers: [{ name: "api", exitCode }] },
  ...more,
});

/** Answers look after look, the last for ever; a thrown one is thrown. */
function ecs(looks: (Look | Error)[]): Call {
  let at = -1;
  let now: Look = {};
  return async (_service, target): Promise<Item> => {
    if (target.endsWith("DescribeServices")) {
      at = Math.min(at + 1, looks.length - 1);
      const look = looks[at] as Look | Error;
      if (look instanceof Error) throw look;
      now = look;
      const { taskDefinition = NEW, running = 0, old = false } = look;
      const deployments = [primary(running, look.primary), ...(old ? [{ id: "ecs-svc/1", status: "ACTIVE", runningCount: 2 }] : [])];
      return { services: [{ status: "ACTIVE", taskDefinition, desiredCount: 2, runningCount: running + (old ? 2 : 0), deployments }] };
    }
    const tasks = now.ended ?? [];
    return target.endsWith("ListTasks") ? { taskArns: tasks.map((_, i) => `t${i}`) } : { tasks };
  };
}

async function waited(looks: (Look | Error)[]): Promise<{ why: string | undefined; said: string[]; seconds: number }> {
  const clock = jumpClock();
  const said: string[] = [];
  const why = await untilSteady({ call: ecs(looks), clock, say: (message) => said.push(message) }, AWAITED);
  return { why, said, seconds: clock.monotonic() / 1000 };
}

test("a service is steady when all tasks of the new version run and the old deployment is gone", async () => {
  const { why, said } = await waited([
    { taskDefinition: "arn:aws:ecs:eu-west-1:1:task-definition/api:1", running: 2 },
    { old: true },
    { running: 1, old: true },
    { running: 2, old: true },
    { running: 2 },
  ]);
  assert.is(why, undefined);
  assert.equal(said, [
    "ECS does not know of the new version yet",
    ...["0 of 2", "1 of 2", "2 of 2"].map((n) => `${n} tasks of the new version run`),
  ]);
});

test("two tasks that end alike are enough; one, or two that end otherwise, are not", async () => {
  const alike = await waited([
    { old: true, ended: [ended(1)] },
    { old: true, ended: [ended(1), ended(1)] },
  ]);
  assert.equal([alike.why, alike.seconds], ["2 tasks of the new version ended alike: the container api ended with exit code 1", 5]);
  assert.match((await waited([{ old: true, ended: [ended(1), ended(137)] }])).why ?? "", /not steady after 1 minutes: 0 of 2 tasks/);
});

test("reasons that differ only in the task or the address that they name are one", async () => {
  const pull = (digest: string): Item =>
    ended(0, { stopCode: "TaskFailedToStart", containers: [], stoppedReason: `CannotPullContainerError: ${digest}` });
  const { why } = await waited([{ old: true, ended: [pull("sha256:0123456789ab"), pull("sha256:fedcba987654")] }]);
  assert.match(why ?? "", /^2 tasks of the new version ended alike: CannotPullContainerError: sha256:/);
});

test("tasks of another deployment, and those that scaling ended, do not count", async () => {
  const others = [ended(1, { startedBy: "ecs-svc/1" }), ended(1, { stoppedReason: "Scaling activity initiated by deployment ecs-svc/2" })];
  assert.match((await waited([{ old: true, ended: [...others, ended(1)] }])).why ?? "", /not steady/);
});

test("a deployment that ECS gave up is given up with ECS's reason and that of the last task", async () => {
  const failed = { rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." };
  const { why, seconds } = await waited([{ old: true, primary: failed, ended: [ended(3)] }]);
  assert.equal([why, seconds], ["ECS gave the new version up: tasks failed to start.; the container api ended with exit code 3", 0]);
});

test("a look that is not answered is made again", async () => {
  const lost = new CallError("", "no answer");
  assert.is((await waited([lost, lost, { running: 2 }])).why, undefined);
  let thrown: unknown;
  await waited([lost]).catch((error) => {
    thrown = error;
  });
  assert.is(thrown, lost);
});

test("as a resource it fails with the reason, is the same while its inputs are, and pretends where there is no cloud", async () => {
  const clock = jumpClock();
  const base = withImages({} as never, {} as never);
  const call = { urn: "urn:pulumi:dev::shop::panka:services/steadyState:SteadyState::s/api/steady", type: STEADY_TYPE, inputs: AWAITED };
  const failing = withSteady(base, { call: ecs([{ old: true, ended: [ended(1), ended(1)] }]), clock, emit: () => {} });
  const error = await failing.create(call).catch((e) => e);
  assert.ok(isProviderError(error, "failed"));
  assert.match(error.message, /exit code 1/);
  const local = withSteady(base, { clock, emit: () => {} });
  const made = await local.create(call);
  const prior = { ...made, inputs: call.inputs };
  assert.is((await local.plan({ ...call, prior })).action, "same");
  assert.is((await local.plan({ ...call, inputs: { ...AWAITED, taskDefinition: `${NEW}0` }, prior })).action, "update");
});

test.run();
