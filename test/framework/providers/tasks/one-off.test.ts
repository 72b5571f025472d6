import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Call, CallError } from "../../../../framework/providers/aws/signed-call.js";
import { lastLines, startTask, TASK_MS, taskEnd, type TaskWorld } from "../../../../framework/providers/tasks/one-off.js";
import { EcsDouble, ONE_OFF_TASK as TASK } from "../../../support/ecs-double.js";
import { jumpClock } from "../../../support/world.js";

/** A world whose time passes only by sleeping. */
function worldOf(call: Call, signal = new AbortController().signal): TaskWorld & { heard: (status: string) => void; said: string[] } {
  const said: string[] = [];
  return { call, signal, said, heard: (status) => void said.push(status), clock: jumpClock() };
}

test("a task is started with the component's network and a command of its own, and waited for until it ends", async () => {
  const ecs = new EcsDouble({ exitCode: 0 });
  const world = worldOf(ecs.call);
  const arn = await startTask(TASK, "token-1", world);
  const ended = await taskEnd(TASK, arn, world);
  assert.is(ended.exitCode, 0);
  assert.equal(world.said, ["PENDING", "RUNNING", "STOPPED"]);
  assert.equal(ended.log, { group: "/panka/api", stream: `api/api/${arn.split("/").pop()}` });
  const [run] = ecs.inputs("RunTask");
  assert.equal(run?.["overrides"], { containerOverrides: [{ name: "api", command: ["./migrate"] }] });
  assert.equal(run?.["networkConfiguration"], {
    awsvpcConfiguration: { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: "ENABLED" },
  });
  assert.is(run?.["launchType"], "FARGATE");
});

test("one token is one task, also where the answer to the first call was lost", async () => {
  const ecs = new EcsDouble({ exitCode: 0 });
  let lost = 1;
  const call: Call = async (service, target, input) => {
    const answer = await ecs.call(service, target, input);
    if (lost-- > 0) throw new CallError("", "ecs can't be reached: socket hang up");
    return answer;
  };
  await startTask(TASK, "token-1", worldOf(call));
  assert.is(ecs.tasks.size, 1);
  await startTask(TASK, "token-2", worldOf(call));
  assert.is(ecs.tasks.size, 2);
});

test("a task that fails says its exit code, and one that never ran why", async () => {
  const failing = new EcsDouble({ exitCode: 3, log: ["connecting", "no such table"] });
  const world = worldOf(failing.call);
  const ended = await taskEnd(TASK, await startTask(TASK, "t", world), world);
  assert.is(ended.exitCode, 3);
  assert.equal(await lastLines(world, ended.log), ["connecting", "no such table"]);

  const broken = new EcsDouble({ stoppedReason: "CannotPullContainerError: not found" });
  const other = worldOf(broken.call);
  const never = await taskEnd(TASK, await startTask(TASK, "t", other), other);
  assert.is(never.exitCode, undefined);
  assert.match(never.reason, /CannotPullContainerError/);
  assert.equal(await lastLines(other, never.log), []);
});

test("a refusal is said at once, a throttled call is sent again", async () => {
  const full = new EcsDouble({ failure: "RESOURCE:MEMORY" });
  const refused = await startTask(TASK, "t", worldOf(full.call)).catch((error) => error.message);
  assert.match(refused, /no task was started: RESOURCE:MEMORY/);
  const errors = ["ThrottlingException", "ThrottlingException"];
  const ecs = new EcsDouble({ exitCode: 0 });
  const call: Call = async (service, target, input) => {
    const code = errors.pop();
    if (code) throw new CallError(code, code);
    return ecs.call(service, target, input);
  };
  await startTask(TASK, "t", worldOf(call));
  const wrong: Call = async () => Promise.reject(new CallError("ClusterNotFoundException", "ClusterNotFoundException: gone"));
  assert.match(await startTask(TASK, "t", worldOf(wrong)).catch((error) => error.message), /ClusterNotFoundException/);
});

test("a task that runs too long is stopped, and so is one that nobody waits for any more", async () => {
  const endless = new EcsDouble({ endless: true });
  const world = worldOf(endless.call);
  const late = await taskEnd(TASK, await startTask(TASK, "t", world), world);
  assert.match(late.reason, /longer than 15 minutes/);
  assert.ok(world.clock.monotonic() >= TASK_MS);
  assert.is(endless.inputs("StopTask").length, 1);
  const abort = new AbortController();
  const other = worldOf(endless.call, abort.signal);
  const arn = await startTask(TASK, "u", other);
  abort.abort(new Error("the lock is gone"));
  assert.is(await taskEnd(TASK, arn, other).catch((error) => error.message), "the lock is gone");
  assert.is(endless.inputs("StopTask").length, 2);
});

test.run();
