/** The provider with one-off tasks besides: a command that is run before a new version gets traffic. */
import { messageOf } from "../../base/errors.js";
import { jsonEqual, sha256 } from "../../base/json.js";
import type { Clock } from "../../model/clock.js";
import type { EventSink } from "../../model/events.js";
import {
  type PriorResource,
  type Props,
  type Provider,
  ProviderError,
  type ProviderPlan,
  type ProviderResult,
  type ResourceCall,
} from "../../model/provider.js";
import { TASK_TYPE } from "../../model/tasks.js";
import { hasUnknown, UNKNOWN } from "../../model/values.js";
import { type Call, CallError } from "../aws/signed-call.js";
import { ownPlan, ownResult, progressOf, withOwnType } from "../own-type.js";
import { failureText, type OneOffTask, startTask, taskEnd, type TaskWorld } from "./one-off.js";

/** What runs them. */
export interface TasksWorld {
  /** Absent: nothing is run, as by the local provider; every command counts as ended well. */
  call?: Call;
  /** Where nothing is run: why this command counts as failed, or undefined. */
  pretend?(op: "create" | "update", urn: string): string | undefined;
  clock: Clock;
  emit: EventSink;
}

/** Earlier tries of one command that are told apart. */
const TRIES = 100;

/** The provider, and tasks. */
export function withTasks(base: Provider, world: TasksWorld): Provider {
  return withOwnType(base, TASK_TYPE, {
    plan: async (call) => planned(call),
    make: (call, op) => run(world, call, op),
    read: async ({ id, outputs }) => ownResult(id, outputs),
  });
}

/** It runs for another task definition or another command; where it runs besides says nothing new. */
function planned({ inputs, prior }: ResourceCall & { prior: PriorResource | null }): ProviderPlan {
  const told = inputs["definition"] !== undefined && prior?.inputs["definition"] !== undefined;
  const same =
    prior !== null &&
    !hasUnknown(inputs) &&
    [told ? "definition" : "taskDefinition", "command", "container"].every((key) =>
      jsonEqual(inputs[key] ?? null, prior.inputs[key] ?? null),
    );
  const outputs = same ? prior.outputs : { ...inputs, task: UNKNOWN, exitCode: UNKNOWN };
  return ownPlan(prior, same, outputs as Props, ["task", "exitCode"]);
}

/** Runs the command to its end. One that an interrupted run has started is found by its token and waited for. Throws ProviderError. */
async function run(world: TasksWorld, { urn, inputs }: ResourceCall, op: "create" | "update"): Promise<ProviderResult> {
  const { call, clock, pretend } = world;
  const task = inputs as unknown as OneOffTask;
  const failed = call ? undefined : pretend?.(op, urn);
  if (failed !== undefined) throw new ProviderError("failed", `the command ${failed}`);
  if (!call) return ownResult(`pretended/${task.container}`, { ...inputs, task: "", exitCode: 0 });
  const say = progressOf(world, urn);
  const running: TaskWorld = {
    call,
    clock,
    signal: new AbortController().signal,
    heard: (status) => say(`the task of ${JSON.stringify(task.command.join(" "))} is ${status}`),
  };
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const arn = await startTask(task, tokenOf(urn, task, attempt), running);
      const ended = await taskEnd(task, arn, running);
      if (ended.exitCode === 0) return ownResult(arn, { ...inputs, task: arn, exitCode: 0 });
      // One that had ended before it was looked at is of an earlier run, which failed: this one tries anew.
      if (!ended.before) throw new ProviderError("failed", `the command ${await failureText(ended, call)}`);
    }
    throw new ProviderError("failed", `it failed ${TRIES} times within a day`);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    throw new ProviderError("failed", `the command could not be run: ${messageOf(error)}`, { cause: error });
  }
}

/** The same for the same command with the same revision, so that a run that is repeated after a crash finds the task of the one before. */
function tokenOf(urn: string, { taskDefinition, command }: OneOffTask, attempt: number): string {
  const hash = sha256(JSON.stringify([urn, taskDefinition, command, attempt]));
  return [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join("-");
}
