/** An end for tasks that run too long: a second container that sleeps. ECS stops a task when one of its essential containers ends. */
import type { Value } from "../../framework/model/index.js";

/** The image that sleeps: 2 MB, from AWS's own public registry. */
export const SLEEP_IMAGE = "public.ecr.aws/docker/library/busybox:1.36";

/** The container definitions that end a task after so many seconds; none without a limit. */
export function timeLimit(seconds: number | undefined): Value[] {
  if (seconds === undefined) return [];
  return [{ name: "time-limit", image: SLEEP_IMAGE, essential: true, command: ["sleep", String(seconds)], memoryReservation: 8 }];
}
