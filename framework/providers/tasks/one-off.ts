/**
 * One-off tasks on Amazon ECS: a command in a task of its own, waited for until it ends. RunTask with a client token, so that one sent
 * twice is one task (ECS API reference, RunTask, "clientToken": 36 characters, kept for 24 hours).
 */
import type { Clock } from "../../base/clock.js";
import { messageOf } from "../../base/errors.js";
import { callEcs, type Item, itemsOf } from "../aws/ecs.js";
import { type Call, CallError } from "../aws/signed-call.js";

/** A task, its place resolved. */
export interface OneOffTask {
  cluster: string;
  /** ARN with revision. */
  taskDefinition: string;
  container: string;
  /** Takes the place of the image's CMD; its entry point stays. */
  command: string[];
  launch: Item;
  subnets: string[];
  securityGroups: string[];
  assignPublicIp: boolean;
  logGroup: string;
}

/** How a task ended. */
export interface Ended {
  /** Of the container; undefined: it never ran, or was stopped. */
  exitCode: number | undefined;
  /** Why, in ECS's words; "" where it says nothing. */
  reason: string;
  /** ARN of the task. */
  task: string;
  /** It had ended before it was looked at: an earlier call with its token has started it. */
  before?: true;
  /** Where it logged. */
  log: { group: string; stream: string };
}

/** What running takes. */
export interface TaskWorld {
  call: Call;
  clock: Clock;
  signal: AbortSignal;
  /** Hears of each change of the task's status: `PENDING`, `RUNNING`. */
  heard?(status: string): void;
}

/** How often a task is looked at, ms. */
const LOOK_MS = 3_000;
/** Longest run of a task, ms. */
export const TASK_MS = 15 * 60_000;
/** A task that RunTask told of is not yet known everywhere, ms. */
const UNKNOWN_MS = 30_000;
/** Tries of a call that was not answered. */
const TRIES = 4;

/** Starts a task, or finds the one that this token has started. Its ARN. Throws CallError. */
export async function startTask(task: OneOffTask, clientToken: string, world: TaskWorld): Promise<string> {
  const { cluster, taskDefinition, container, command, launch, subnets, securityGroups, assignPublicIp } = task;
  const awsvpcConfiguration = { subnets, securityGroups, assignPublicIp: assignPublicIp ? "ENABLED" : "DISABLED" };
  const answer = await answered(world, "RunTask", {
    cluster,
    taskDefinition,
    count: 1,
    clientToken,
    startedBy: "panka",
    ...launch,
    networkConfiguration: { awsvpcConfiguration },
    overrides: { containerOverrides: [{ name: container, command }] },
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
  });
  const [started] = itemsOf(answer["tasks"]);
  if (started) return String(started["taskArn"]);
  const [failure] = itemsOf(answer["failures"]);
  throw new CallError("", `no task was started: ${String(failure?.["reason"] ?? "ECS says no more")}`);
}

/** Waits until a task ends; one that runs too long is stopped. Throws CallError; rejects where `signal` fires, and stops the task then. */
export async function taskEnd(task: OneOffTask, arn: string, world: TaskWorld): Promise<Ended> {
  const { clock, signal } = world;
  const { cluster, container } = task;
  const log = { group: task.logGroup, stream: `${container}/${container}/${arn.split("/").pop()}` };
  const started = clock.monotonic();
  let status = "";
  let looks = 0;
  try {
    for (;;) {
      const answer = await answered(world, "DescribeTasks", { cluster, tasks: [arn] });
      const [found] = itemsOf(answer["tasks"]);
      const waited = clock.monotonic() - started;
      // ECS forgets a task an hour after its end.
      if (!found && waited > UNKNOWN_MS) return { exitCode: undefined, reason: "ECS does not know the task", before: true, task: arn, log };
      const now = String(found?.["lastStatus"] ?? status);
      if (now !== status) world.heard?.(now);
      status = now;
      const first = looks++ === 0 ? { before: true as const } : {};
      if (found && status === "STOPPED") return { ...endOf(found, container), ...first, task: arn, log };
      if (waited > TASK_MS) {
        await stop(world, cluster, arn);
        return { exitCode: undefined, reason: `it ran longer than ${TASK_MS / 60_000} minutes`, task: arn, log };
      }
      await clock.sleep(LOOK_MS, signal);
    }
  } catch (error) {
    if (signal.aborted) await stop(world, cluster, arn);
    throw error;
  }
}

function endOf(found: Item, container: string): Pick<Ended, "exitCode" | "reason"> {
  const own = itemsOf(found["containers"]).find((c) => c["name"] === container);
  const exitCode = own?.["exitCode"];
  const reason = String(own?.["reason"] ?? found["stoppedReason"] ?? "");
  return { exitCode: typeof exitCode === "number" ? exitCode : undefined, reason };
}

/** Best effort: a task that can't be stopped ends by itself. */
async function stop({ call }: TaskWorld, cluster: string, task: string): Promise<void> {
  await callEcs(call, "StopTask", { cluster, task, reason: "Stopped by panka" }).catch(() => {});
}

/** The last lines of a task's log, oldest first; none where they can't be read. */
export async function lastLines({ call }: Pick<TaskWorld, "call">, { group, stream }: Ended["log"], count = 10): Promise<string[]> {
  try {
    const input = { logGroupName: group, logStreamName: stream, limit: count, startFromHead: false };
    const { events } = await call("logs", "Logs_20140328.GetLogEvents", input);
    return itemsOf(events).map((event) => String(event["message"] ?? "").trimEnd());
  } catch {
    return [];
  }
}

/** How a task failed, where its log is, and how that ends. */
export async function failureText(ended: Ended, call: Call): Promise<string> {
  const { exitCode, reason, log } = ended;
  const how = exitCode === undefined ? "did not run to its end" : `ended with ${exitCode}`;
  const lines = await lastLines({ call }, log);
  const said = lines.length === 0 ? "" : `; it said last: ${lines.join(" | ").slice(0, 1_000)}`;
  return `${how}${reason === "" ? "" : ` (${reason})`}; log stream ${log.stream} of ${log.group}${said}`;
}

/** A call of ECS, sent again where it was not answered: all of them are idempotent. */
async function answered(world: TaskWorld, operation: string, input: Item): Promise<Item> {
  for (let tries = 1; ; tries++) {
    try {
      return await callEcs(world.call, operation, input);
    } catch (error) {
      const passing = error instanceof CallError && (error.code === "" || /Throttl|ServerException|Unavailable/.test(error.code));
      if (!passing || tries === TRIES) throw error instanceof CallError ? error : new CallError("", messageOf(error), { cause: error });
      await world.clock.sleep(1_000 * tries, world.signal);
    }
  }
}
