/** A smoke test that is a command: each try is a one-off task of the component. */
import { messageOf } from "../base/errors.js";
import type { TaskTest } from "../model/smoke-test.js";
import type { StateFile } from "../model/state-file.js";
import type { Value } from "../model/values.js";
import { recordedSource } from "../plan/outputs.js";
import { resolveValue } from "../plan/resolve.js";
import { failureText, type OneOffTask, startTask, taskEnd, type TaskWorld } from "../providers/tasks/one-off.js";
import type { OperationContext } from "./context.js";

/** The task of a test as it stands; or why there is none. */
export function taskOf(test: TaskTest, state: StateFile): OneOffTask | { problem: string } {
  const { value, problems } = resolveValue(test as unknown as Value, recordedSource(state));
  const [problem] = problems;
  return problem === undefined ? (value as unknown as OneOffTask) : { problem };
}

/** Runs it once. Undefined where it ended with 0, else what came of it. Rejects only where the world's signal fires. */
export async function runOnce(
  task: OneOffTask,
  { random }: Pick<OperationContext, "random">,
  world: TaskWorld,
): Promise<string | undefined> {
  try {
    const arn = await startTask(task, random.uuid(), world);
    const ended = await taskEnd(task, arn, world);
    return ended.exitCode === 0 ? undefined : await failureText(ended, world.call);
  } catch (error) {
    world.signal.throwIfAborted();
    return `could not be run: ${messageOf(error)}`;
  }
}
