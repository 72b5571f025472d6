import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../../../framework/model/events.js";
import type { PriorResource, Props, Provider } from "../../../../framework/model/provider.js";
import { TASK_TYPE } from "../../../../framework/model/tasks.js";
import { UNKNOWN } from "../../../../framework/model/values.js";
import type { Call } from "../../../../framework/providers/aws/signed-call.js";
import { withTasks } from "../../../../framework/providers/tasks/provider.js";
import { EcsDouble, ONE_OFF_TASK } from "../../../support/ecs-double.js";
import { jumpClock } from "../../../support/world.js";

const URN = "urn:pulumi:dev::shop::panka:tasks/task:Task::users/api/release";
const INPUTS: Props = { ...ONE_OFF_TASK };
const CALL = { urn: URN, type: TASK_TYPE, inputs: INPUTS };

/** A provider of tasks; calls for other types are noted. */
function provider(call?: Call): { own: Provider; others: string[]; said: string[] } {
  const others: string[] = [];
  const said: string[] = [];
  const base = { create: async ({ type }: { type: string }) => void others.push(type) } as unknown as Provider;
  const emit = (event: RunEvent): void => void said.push("message" in event ? String(event.message) : "");
  const world = { clock: jumpClock(), emit };
  return { own: withTasks(base, call ? { ...world, call } : world), others, said };
}

const priorOf = (outputs: Props): PriorResource => ({ id: "x", inputs: INPUTS, outputs, private: "", schemaVersion: 0 }) as PriorResource;

test("a command runs once for a revision and a command: what else differs, such as subnets, is no reason to run it again", async () => {
  const { own } = provider();
  const prior = priorOf({ ...INPUTS, task: "t", exitCode: 0 });
  const actionFor = async (more: Props, before: PriorResource | null = prior) =>
    (await own.plan({ ...CALL, inputs: { ...INPUTS, ...more }, prior: before })).action;
  assert.is(await actionFor({}, null), "create");
  assert.is(await actionFor({}), "same");
  assert.is(await actionFor({ subnets: ["subnet-2"] }), "same");
  assert.is(await actionFor({ taskDefinition: "arn:api:4" }), "update");
  assert.is(await actionFor({ taskDefinition: UNKNOWN as never }), "update");
  assert.is(await actionFor({ command: ["./other"] }), "update");
  const told = { ...prior, inputs: { ...INPUTS, definition: "v1" } };
  assert.is(await actionFor({ taskDefinition: "arn:api:4", definition: "v1" }, told), "same");
  assert.is(await actionFor({ taskDefinition: "arn:api:4", definition: "v2" }, told), "update");
  assert.is(await actionFor({ taskDefinition: "arn:api:4", definition: "v1" }), "update");
});

test("it is made when the command has ended with 0, and says how far it is", async () => {
  const ecs = new EcsDouble({ exitCode: 0 });
  const { own, said, others } = provider(ecs.call);
  const made = await own.create(CALL);
  assert.is(made.outputs["exitCode"], 0);
  assert.match(made.id, /^arn:aws:ecs:.*:task\//);
  assert.match(said.join("\n"), /the task of "\.\/migrate" is RUNNING/);
  await own.create({ ...CALL, type: "aws:sqs/queue:Queue" });
  assert.equal(others, ["aws:sqs/queue:Queue"]);
});

test("after a crash the task that runs already is found and waited for, not started twice", async () => {
  const ecs = new EcsDouble({ exitCode: 0 });
  const dying: Call = async (service, target, input) => {
    if (target.endsWith("DescribeTasks")) throw new Error("killed");
    return ecs.call(service, target, input);
  };
  await provider(dying)
    .own.create(CALL)
    .catch(() => {});
  assert.is(ecs.tasks.size, 1);
  assert.is((await provider(ecs.call).own.create(CALL)).outputs["exitCode"], 0);
  assert.is(ecs.tasks.size, 1);
});

test("a command that fails fails the step with its exit code and log; the next run tries it anew", async () => {
  const ecs = new EcsDouble({ exitCode: 3, log: ["no such table"] });
  const failed = await provider(ecs.call)
    .own.create(CALL)
    .catch((error) => error);
  assert.is(failed.name, "ProviderError");
  assert.match(failed.message, /^the command ended with 3; log stream api\/api\/\d+ of \/panka\/api; it said last: no such table$/);
  ecs.script = { exitCode: 0 };
  ecs.endAll(3);
  const again = await provider(ecs.call).own.create(CALL);
  assert.is(again.outputs["exitCode"], 0);
  assert.is(ecs.tasks.size, 2);
});

test("where nothing is real a command counts as ended well", async () => {
  const made = await provider().own.create(CALL);
  assert.is(made.outputs["exitCode"], 0);
});

test.run();
