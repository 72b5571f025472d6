/** `deployment.release`: a command that runs with the new version before its service gets it, such as a migration. */
import { type ExpandContext, TASK_TYPE, type TaskPlace, type Value } from "../../framework/model/index.js";
import { isStaged } from "./deployment.js";
import type { ServiceProps } from "./ecs-service.js";

/** Why a one-off task can't replace it, and what can be written instead: ECS API reference, RunTask, `containerOverrides`. */
export const ENTRY_POINT = {
  why: "its `command` is the entry point of its tasks; ECS starts a one-off task with the same entry point, and would hand it the words of this command",
  next: "write the words of `command` as `args`, or make them the ENTRYPOINT of the image and leave `command` out",
} as const;

/**
 * Declares it, role `release`; URNs that the service waits for. `ready`: what must stand before a task starts. In stages it runs before
 * the first one, with the task definition of what stands beside; by `definition` it is known when the service takes that version over
 * that it has run.
 */
export function releaseTask(
  ctx: ExpandContext,
  props: ServiceProps,
  { place, definition }: { place: TaskPlace; definition: Value },
  ready: readonly string[],
): string[] {
  const { release, strategy } = props.deployment ?? {};
  if (release === undefined) return [];
  const at = "deployment.release";
  if (props.command !== undefined)
    ctx.error("entry-point", ENTRY_POINT.why, at, { expected: "a component without `command`", next: ENTRY_POINT.next });
  if (release.command.length === 0) ctx.error("no-command", "the command is empty", `${at}.command`, { expected: "at least one word" });
  const known = isStaged(strategy) ? { definition } : {};
  const inputs = { ...place, command: release.command, ...known };
  return [ctx.resource("release", TASK_TYPE, inputs, { probe: { class: "E" }, dependsOn: [...ready] }).urn];
}
