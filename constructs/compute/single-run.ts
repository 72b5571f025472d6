/**
 * Runs that never overlap (`concurrency: forbid`): the clock starts a state machine, which looks for a running task of the family and
 * starts one only where there is none. It ends at once; what the clock delivers twice starts one task, by ECS's client token.
 *
 * Two looks must not fall together: Scheduler is as exact as a minute and is given one more to deliver, a start is tried for 80 s at
 * most, and ECS lists a new task after some seconds. So runs are at least five minutes apart.
 */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { ScopedGrant } from "./roles.js";

/** Fewest minutes between two runs that may not overlap. */
export const LEAST_MINUTES = 5;
/** Most retries of a start within them. */
export const MOST_RETRIES = 3;
/** Longest that Scheduler tries to deliver, in seconds; its least (Scheduler API reference, RetryPolicy). */
export const DELIVERY_SECONDS = 60;
/** What the machine is started with: Scheduler fills in the time that was meant (User Guide, "Context attributes"). */
export const STARTED_WITH = '{"at":"<aws.scheduler.scheduled-time>","tries":0}';

/** Seconds between two tries. */
const PAUSE = 5;
/** Tries again where ECS's answer was lost; the same client token, so that one task starts. */
const RETRY = [{ ErrorEquals: ["States.TaskFailed"], IntervalSeconds: PAUSE, MaxAttempts: 3, BackoffRate: 1 }];
const MINUTES_OF: { [unit: string]: number } = { minute: 1, hour: 60, day: 1440 };

/** Fewest minutes between two runs of a schedule: exact for rates; of a cron expression its minutes are read, as if every hour had runs. */
export function minutesApart(schedule: string): number {
  const [, amount, unit] = /^rate\((\d+) (\w+?)s?\)$/.exec(schedule) ?? [];
  if (unit !== undefined) return Number(amount) * (MINUTES_OF[unit] ?? 0);
  const minutes = minutesOf(/^cron\((\S+)/.exec(schedule)?.[1] ?? "*");
  return Math.min(...minutes.map((minute, i) => (minutes[i + 1] ?? (minutes[0] as number) + 60) - minute));
}

/** The minutes of a cron field, sorted: numbers, ranges, steps and lists of them. */
function minutesOf(field: string): number[] {
  const found = new Set<number>();
  for (const part of field.split(",")) {
    const [, range = "", step] = /^([^/]*)(?:\/(\d+))?$/.exec(part) ?? [];
    const [first, last] = range === "*" ? [0, 59] : range.split("-").map(Number);
    const end = last ?? (step === undefined ? first : 59);
    for (let minute = first ?? 0; minute <= (end ?? 59); minute += Number(step ?? 1) || 60) found.add(minute);
  }
  return [...found].sort((a, b) => a - b);
}

/** Reports what can't be promised. */
export function checkSingle(ctx: ExpandContext, schedule: string, retries: number): void {
  const apart = minutesApart(schedule);
  if (!(apart >= LEAST_MINUTES))
    ctx.error(
      "runs-too-close",
      `runs ${apart} minutes apart can't be kept from overlapping: the clock is as exact as a minute`,
      "concurrency",
      {
        expected: `a schedule with at least ${LEAST_MINUTES} minutes between runs, or allow`,
      },
    );
  if (retries > MOST_RETRIES)
    ctx.error("retries-too-long", `${retries} retries would last into the next run's start`, "retries", {
      expected: `at most ${MOST_RETRIES} where concurrency is forbid`,
    });
}

/** What is run, in ECS's own words (ECS API reference, RunTask). */
export interface SingleRun {
  cluster: Value;
  /** Name of the task definition's family. */
  family: Value;
  /** Further arguments of RunTask, in Step Functions' PascalCase. */
  run: { [argument: string]: Value | undefined };
  retries: number;
  roleArn: Value;
  /** URNs that must stand before. */
  ready: string[];
}

/** Declares the state machine; role `state-machine`. */
export function singleRun(ctx: ExpandContext, { cluster, family, run, retries, roleArn, ready }: SingleRun): Value {
  const look = { Cluster: cluster, Family: family, DesiredStatus: "RUNNING" };
  const start = { Cluster: cluster, Count: 1, EnableECSManagedTags: true, PropagateTags: "TASK_DEFINITION", ...run };
  const token = { "ClientToken.$": "States.Format('{}.{}', $.at, $.tries)" };
  const ecs = (action: string): string => `arn:aws:states:::aws-sdk:ecs:${action}`;
  const counted = (what: string) => ({ ResultSelector: { "tasks.$": `States.ArrayLength($.${what})` }, Retry: RETRY });
  const some = (path: string, next: string) => ({ Variable: `${path}.tasks`, NumericGreaterThan: 0, Next: next });
  const states = {
    Look: { Type: "Task", Resource: ecs("listTasks"), Parameters: look, ...counted("TaskArns"), ResultPath: "$.running", Next: "Free" },
    Free: { Type: "Choice", Choices: [some("$.running", "StillRuns")], Default: "Run" },
    Run: {
      Type: "Task",
      Resource: ecs("runTask"),
      Parameters: { ...start, ...token } as Value,
      ...counted("Tasks"),
      ResultPath: "$.started",
      Next: "Started",
    },
    Started: {
      Type: "Choice",
      Choices: [some("$.started", "Done"), { Variable: "$.tries", NumericGreaterThanEquals: retries, Next: "NoRoom" }],
      Default: "Wait",
    },
    Wait: { Type: "Wait", Seconds: PAUSE, Next: "Again" },
    Again: { Type: "Pass", Parameters: { "at.$": "$.at", "tries.$": "States.MathAdd($.tries, 1)" }, Next: "Run" },
    Done: { Type: "Succeed" },
    StillRuns: { Type: "Succeed" },
    NoRoom: { Type: "Fail", Error: "NoRoom", Cause: "ECS found no room for the task" },
  };
  const definition = { Comment: `Runs ${ctx.address} unless it runs`, StartAt: "Look", States: states as Value };
  const props = { definition: { $json: definition }, roleArn, tags: ctx.tags };
  return resource(ctx, "state-machine", "aws:sfn/stateMachine:StateMachine", props, { dependsOn: ready }).out("arn");
}

/** Looking for tasks in this cluster only; a list of tasks has no ARN (Service Authorization Reference, Amazon ECS). */
export function lookGrant(cluster: Value): ScopedGrant {
  return { actions: ["ecs:ListTasks"], resources: ["*"], conditions: { ArnEquals: { "ecs:cluster": cluster } } };
}
