import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../../framework/base/diagnostics.js";
import type { RunEvent } from "../../../framework/model/events.js";
import type { ServiceHealth } from "../../../framework/model/health.js";
import { ProviderError } from "../../../framework/model/provider.js";
import type { StateFile } from "../../../framework/model/state-file.js";
import type { OpenRun } from "../../../framework/operations/locked-job.js";
import { TaskWatch } from "../../../framework/operations/task-watch.js";

const NOTHING = { resources: {} } as unknown as StateFile;
const RUNNING = [
  { component: "app/api", cluster: "c", service: "api" },
  { component: "app/web", cluster: "c", service: "web" },
];
const well: ServiceHealth = { running: 2, desired: 2, ended: [] };
const ended = (...tasks: string[]): ServiceHealth => ({ ...well, ended: tasks.map((task) => ({ task, why: `task ${task}0000000 left` })) });

/** Looks as often as there are answers, each of both services; what was wrong at the last look, and what was said. */
async function looks(answers: (ServiceHealth[] | Error)[]): Promise<{ wrong: Diagnostic[]; said: Diagnostic[]; asked: unknown[] }> {
  const said: Diagnostic[] = [];
  const asked: unknown[] = [];
  const left = [...answers];
  const lookup = async (_: string, args: unknown) => {
    asked.push(args);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return { health: answer };
  };
  const emit = (event: RunEvent): void => void (event.type === "diagnostic" && said.push(event.diagnostic));
  const run = { context: { emit }, job: { provider: { lookup }, position: () => ({ file: "stack.yaml", line: 3 }) } };
  const watch = new TaskWatch(run as unknown as OpenRun, NOTHING, RUNNING);
  let wrong: Diagnostic[] = [];
  for (const [i] of answers.entries()) wrong = await watch.look(i === answers.length - 1);
  return { wrong, said, asked };
}

test("two tasks that end alike while they are watched are wrong, of any of the services, where it is written", async () => {
  const { wrong, asked } = await looks([
    [well, ended("a")],
    [well, ended("a", "b", "c")],
  ]);
  assert.equal(
    wrong.map((d) => [d.severity, d.code, d.path, d.file, d.line]),
    [["error", "tasks-ended", "app/web", "stack.yaml", 3]],
  );
  assert.match(wrong[0]?.message ?? "", /^2 tasks of the new version ended alike: task c0000000 left, while it was watched$/);
  assert.is(asked.length, 2, "one question a look");
  assert.equal(asked[0], { services: RUNNING.map(({ cluster, service }) => ({ cluster, service })) });
});

test("one task that ends, or several that had ended before, are not", async () => {
  assert.equal(
    (
      await looks([
        [well, well],
        [well, ended("a")],
      ])
    ).wrong,
    [],
  );
  assert.equal(
    (
      await looks([
        [well, ended("a", "b")],
        [well, ended("a", "b", "c")],
      ])
    ).wrong,
    [],
  );
});

test("a version that was given up is wrong at once", async () => {
  const { wrong } = await looks([[{ ...well, gaveUp: "ECS gave the new version up: no" }, well]]);
  assert.equal(
    wrong.map((d) => [d.path, d.message]),
    [["app/api", "ECS gave the new version up: no"]],
  );
});

test("tasks that do not all run when the watch is over are said, and nothing goes back", async () => {
  const { wrong, said } = await looks([
    [well, { ...well, running: 0 }],
    [well, { ...well, running: 1 }],
  ]);
  assert.equal(wrong, []);
  assert.equal(
    said.map((d) => [d.severity, d.code, d.path, d.message]),
    [["warning", "not-steady", "app/web", "1 of 2 tasks of it run yet"]],
  );
});

test("services that can't be looked at are said once, and looked at again", async () => {
  const denied = new ProviderError("denied", "services can't be looked at: no");
  const { wrong, said } = await looks([denied, denied, [well, ended("a")], [well, ended("a", "b", "c")]]);
  assert.equal(
    said.map((d) => [d.code, d.path]),
    [
      ["tasks-unseen", "app/api"],
      ["tasks-unseen", "app/web"],
    ],
  );
  assert.equal(
    wrong.map((d) => d.path),
    ["app/web"],
  );
});

test.run();
