/** `deployment.release` on the local model of the cloud, where commands only pretend to run: what a failed one brings back. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { TASK_TYPE } from "../../framework/model/tasks.js";
import { component, stackHead } from "../support/stack-text.js";
import { CONFIG, project } from "./project.js";
import { run } from "./world.js";

const test = suite("release command");

const stack = (tag: number): string =>
  [
    stackHead("shop"),
    component("MicroService", "api", `{ image: "ghcr.io/acme/api:${tag}", port: 8080, deployment: { release: { command: [./migrate] } } }`),
  ].join("---\n");

test("a command that fails keeps the service as it is and brings the last good release back, without running its command again", async () => {
  const cwd = project({ "stack.yaml": stack(1), "panka.config.yaml": CONFIG });
  const version = async (): Promise<string> => {
    const state = JSON.parse((await run(["state", "pull"], { cwd })).stdout);
    const task = Object.values<any>(state.resources).find((r) => r.type === "aws:ecs/taskDefinition:TaskDefinition");
    return /acme\/api:(\d)/.exec(task.inputs.containerDefinitions)?.[1] ?? "none";
  };
  const first = await run(["deploy", "--yes"], { cwd });
  assert.is(first.code, 0, first.stdout + first.stderr);
  writeFileSync(join(cwd, "stack.yaml"), stack(2));
  const faults = JSON.stringify({ op: "update", type: TASK_TYPE, times: 0, fail: "ended with 3" });
  const failed = await run(["deploy", "--yes"], { cwd, env: { PANKA_LOCAL_FAULTS: faults } });
  assert.is(failed.code, 6, failed.stdout + failed.stderr);
  assert.match(failed.stdout + failed.stderr, /the command ended with 3/);
  assert.is(await version(), "1");
  const again = await run(["deploy", "--yes"], { cwd });
  assert.is(again.code, 0, again.stdout + again.stderr);
  assert.is(await version(), "2");
  assert.match((await run(["deploy", "--yes"], { cwd })).stdout, /No changes/);
});

test.run();
