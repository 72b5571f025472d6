/** Waits until an ECS service runs its new version, or until its tasks show that it never will (ECS API reference, DescribeServices, ListTasks, DescribeTasks). */
import type { Clock } from "../../base/clock.js";
import { callEcs, type Item, itemsOf } from "../aws/ecs.js";
import { type Call, CallError } from "../aws/signed-call.js";

/** What is waited for. */
export interface Awaited {
  cluster: string;
  /** Its name. */
  service: string;
  /** ARN with revision. */
  taskDefinition: string;
  /** Tasks that end alike before it is given up. */
  failFast: number;
  timeoutMinutes: number;
}

/** What waiting takes. */
export interface WaitWorld {
  call: Call;
  clock: Clock;
  /** Hears of progress: `1 of 2 tasks run`. */
  say(message: string): void;
}

/** How often the service is looked at, ms. */
const LOOK_MS = 5_000;
/** Calls in a row that may fail. */
const PATIENCE = 6;

/** Resolves to undefined when the service is steady, else to why it is given up, plain words. Throws CallError where ECS does not answer. */
export async function untilSteady(world: WaitWorld, awaited: Awaited): Promise<string | undefined> {
  const { clock } = world;
  const until = clock.monotonic() + awaited.timeoutMinutes * 60_000;
  let said = "";
  let failures = 0;
  for (;;) {
    try {
      const look = await lookAt(world, awaited);
      failures = 0;
      if (look.steady) return undefined;
      if (look.wrong !== undefined) return look.wrong;
      if (look.words !== said) world.say(look.words);
      said = look.words;
    } catch (error) {
      failures += 1;
      if (!(error instanceof CallError) || failures >= PATIENCE) throw error;
    }
    if (clock.monotonic() >= until) return `it was not steady after ${awaited.timeoutMinutes} minutes: ${said || "nothing is known of it"}`;
    await clock.sleep(LOOK_MS);
  }
}

/** One look. */
interface Look {
  steady?: true;
  wrong?: string;
  words: string;
}

async function lookAt(world: WaitWorld, awaited: Awaited): Promise<Look> {
  const { cluster, service, taskDefinition } = awaited;
  const [found] = itemsOf((await callEcs(world.call, "DescribeServices", { cluster, services: [service] }))["services"]);
  if (!found || found["status"] === "INACTIVE") return { wrong: "the service is gone", words: "" };
  // Just after the change ECS may still tell of the version before.
  if (found["taskDefinition"] !== taskDefinition) return { words: "ECS does not know of the new version yet" };
  const deployments = itemsOf(found["deployments"]);
  const primary = deployments.find((d) => d["status"] === "PRIMARY");
  const running = Number(primary?.["runningCount"] ?? found["runningCount"]);
  const desired = Number(found["desiredCount"]);
  const words = `${running} of ${desired} tasks of the new version run`;
  if (primary?.["rolloutState"] === "FAILED") {
    const ended = await endedTasks(world, awaited, primary);
    const last = ended.at(-1);
    return { wrong: `ECS gave the new version up: ${String(primary["rolloutStateReason"] ?? "")}${last ? `; ${last}` : ""}`, words };
  }
  if (deployments.length === 1 && Number(found["runningCount"]) >= desired) return { steady: true, words };
  const alike = mostAlike(primary ? await endedTasks(world, awaited, primary) : []);
  if (alike.count < awaited.failFast) return { words };
  const tasks = alike.count === 1 ? "a task" : `${alike.count} tasks`;
  return { wrong: `${tasks} of the new version ended${alike.count === 1 ? "" : " alike"}: ${alike.words}`, words };
}

/** Why each task of a deployment that ended did so, plain words. Those that scaling or a drain ended are left out. */
async function endedTasks({ call }: WaitWorld, { cluster, service }: Awaited, deployment: Item): Promise<string[]> {
  const input = { cluster, serviceName: service, desiredStatus: "STOPPED" };
  const { taskArns } = await callEcs(call, "ListTasks", input);
  const tasks = Array.isArray(taskArns) ? taskArns.slice(0, 100) : [];
  if (tasks.length === 0) return [];
  const found = itemsOf((await callEcs(call, "DescribeTasks", { cluster, tasks }))["tasks"]);
  return found
    .filter((task) => task["startedBy"] === deployment["id"] && !/^Scaling activity/.test(String(task["stoppedReason"] ?? "")))
    .sort((a, b) => Number(a["stoppedAt"] ?? 0) - Number(b["stoppedAt"] ?? 0))
    .map(whyEnded);
}

/** `the container api ended with exit code 1`, else what ECS says. */
function whyEnded(task: Item): string {
  const containers = itemsOf(task["containers"]);
  const unwell = containers.find((c) => typeof c["exitCode"] === "number" && c["exitCode"] !== 0) ?? containers.find((c) => c["reason"]);
  const ended = unwell ?? (task["stopCode"] === "EssentialContainerExited" ? containers[0] : undefined);
  const reason = String(unwell?.["reason"] ?? "");
  if (typeof ended?.["exitCode"] === "number")
    return `the container ${String(ended["name"])} ended with exit code ${ended["exitCode"]}${reason ? ` (${reason})` : ""}`;
  return reason || String(task["stoppedReason"] ?? "ECS does not say why");
}

/** The reason that most share: what names one task, address or resource is not compared. The words are those of the newest. */
function mostAlike(reasons: readonly string[]): { count: number; words: string } {
  const groups = new Map<string, string[]>();
  for (const reason of reasons) {
    const key = reason.replaceAll(/arn:\S+|[0-9a-f]{8,}|\d+\.\d+\.\d+\.\d+/g, "*");
    groups.set(key, [...(groups.get(key) ?? []), reason]);
  }
  const most = [...groups.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  return { count: most.length, words: most.at(-1) ?? "" };
}
