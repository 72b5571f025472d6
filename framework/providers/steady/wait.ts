/** Waits until an ECS service runs its new version, or until its tasks show that it never will (ECS API reference, DescribeServices, ListTasks, DescribeTasks). */
import type { Clock } from "../../base/clock.js";
import { endedWords, mostAlike } from "../../base/alike.js";
import { callEcs, type Item, itemsOf } from "../aws/ecs.js";
import { type Call, CallError } from "../aws/signed-call.js";
import { endedTasks } from "./ended.js";

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
  const reasons = async (deployment: Item) => (await endedTasks(world.call, awaited, deployment)).map(({ why }) => why);
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
    const last = (await reasons(primary)).at(-1);
    return { wrong: `ECS gave the new version up: ${String(primary["rolloutStateReason"] ?? "")}${last ? `; ${last}` : ""}`, words };
  }
  if (deployments.length === 1 && Number(found["runningCount"]) >= desired) return { steady: true, words };
  const alike = mostAlike(primary ? await reasons(primary) : []);
  return alike.count < awaited.failFast ? { words } : { wrong: endedWords(alike.count, alike.words), words };
}
