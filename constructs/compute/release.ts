/** `deployment.release`: a command that runs with the new version before its service gets it, such as a migration. */
import { type ExpandContext, TASK_TYPE, type TaskPlace } from "../../framework/model/index.js";
import { isStaged } from "./deployment.js";
import type { ServiceProps } from "./ecs-service.js";

/** Declares it, role `release`; URNs that the service waits for. `ready`: what must stand before a task starts. */
export function releaseTask(ctx: ExpandContext, props: ServiceProps, place: TaskPlace, ready: readonly string[]): string[] {
  const { release, strategy } = props.deployment ?? {};
  if (release === undefined) return [];
  const at = "deployment.release";
  if (isStaged(strategy))
    ctx.error("not-supported-yet", `a command before a roll-out by ${strategy} is not supported yet`, at, {
      expected: "rolling or recreate",
    });
  if (props.command !== undefined)
    ctx.error("entry-point", "its `command` is the entry point, which a one-off task keeps", at, { expected: "its words in `args`" });
  if (release.command.length === 0) ctx.error("no-command", "the command is empty", `${at}.command`, { expected: "at least one word" });
  const task = ctx.resource("release", TASK_TYPE, { ...place, command: release.command }, { probe: { class: "E" }, dependsOn: [...ready] });
  return [task.urn];
}
