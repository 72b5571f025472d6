/** Tasks of an ECS service that ended, and why (ECS API reference, ListTasks, DescribeTasks, Task). */
import type { EndedTask } from "../../model/health.js";
import { callEcs, type Item, itemsOf } from "../aws/ecs.js";
import type { Call } from "../aws/signed-call.js";

/** Stop codes that say nothing of what runs in a task: a person or a host ended it. */
const FROM_OUTSIDE = new Set(["UserInitiated", "SpotInterruption", "TerminationNotice"]);

/**
 * The tasks of a deployment that ended in the last hour, the newest last. Those that scaling, a drain, a person or a lost host ended are left
 * out. Throws CallError.
 */
export async function endedTasks(call: Call, of: { cluster: string; service: string }, deployment: Item): Promise<EndedTask[]> {
  const input = { cluster: of.cluster, serviceName: of.service, desiredStatus: "STOPPED" };
  const { taskArns } = await callEcs(call, "ListTasks", input);
  const tasks = Array.isArray(taskArns) ? taskArns.slice(0, 100) : [];
  if (tasks.length === 0) return [];
  const found = itemsOf((await callEcs(call, "DescribeTasks", { cluster: of.cluster, tasks }))["tasks"]);
  return found
    .filter((task) => task["startedBy"] === deployment["id"] && failed(task))
    .sort((a, b) => Number(a["stoppedAt"] ?? 0) - Number(b["stoppedAt"] ?? 0))
    .map((task) => ({ task: String(task["taskArn"] ?? ""), why: whyEnded(task) }));
}

function failed(task: Item): boolean {
  return !/^Scaling activity/.test(String(task["stoppedReason"] ?? "")) && !FROM_OUTSIDE.has(String(task["stopCode"] ?? ""));
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
