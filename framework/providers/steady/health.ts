/** How the tasks of ECS services are (ECS API reference, DescribeServices). */
import { isPlainObject } from "../../base/json.js";
import { messageOf } from "../../base/errors.js";
import type { ServiceHealth } from "../../model/health.js";
import { type Props, ProviderError } from "../../model/provider.js";
import { callEcs, type Item, itemsOf } from "../aws/ecs.js";
import { type Call, CallError } from "../aws/signed-call.js";
import { endedTasks } from "./ended.js";

/** The result of the look-up. One that is gone has no tasks and was given up. Throws ProviderError where ECS does not answer. */
export async function serviceHealth({ services }: Props, call: Call): Promise<Props> {
  try {
    const asked = (Array.isArray(services) ? services : []).filter(isPlainObject) as { cluster: string; service: string }[];
    return { health: (await Promise.all(asked.map((one) => healthOf(one, call)))) as unknown as Props[] };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    throw new ProviderError("failed", `services can't be looked at: ${messageOf(error)}`);
  }
}

async function healthOf({ cluster, service }: { cluster: string; service: string }, call: Call): Promise<ServiceHealth> {
  const [found] = itemsOf((await callEcs(call, "DescribeServices", { cluster, services: [service] }))["services"]);
  if (!found || found["status"] === "INACTIVE") return { running: 0, desired: 0, gaveUp: "the service is gone", ended: [] };
  const primary: Item = itemsOf(found["deployments"]).find((d) => d["status"] === "PRIMARY") ?? {};
  const reason = String(primary["rolloutStateReason"] ?? "");
  return {
    running: Number(primary["runningCount"] ?? found["runningCount"] ?? 0),
    desired: Number(found["desiredCount"] ?? 0),
    ...(primary["rolloutState"] === "FAILED" ? { gaveUp: `ECS gave the new version up: ${reason}` } : {}),
    ended: await endedTasks(call, { cluster, service }, primary),
  };
}
