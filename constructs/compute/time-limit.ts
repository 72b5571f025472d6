/** An end for tasks that run too long: a second container that sleeps. ECS stops a task when one of its essential containers ends. */
import type { Value } from "../../framework/model/index.js";
import { imageReference } from "./image.js";
import { HELPER_IMAGE, HELPER_MEMORY } from "./images.js";

/** Name of that container. */
export const LIMITER = "time-limit";

/** The container definitions that end a task after so many seconds; none without a limit. */
export function timeLimit(seconds: number | undefined): Value[] {
  if (seconds === undefined) return [];
  const image = imageReference(HELPER_IMAGE);
  return [{ name: LIMITER, image, essential: true, command: ["sleep", String(seconds)], memoryReservation: HELPER_MEMORY }];
}
