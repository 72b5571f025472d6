/** Scaling by the clock: limits that hold from a time on. */
import type { ExpandContext, ResourceHandle } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { ofTarget } from "../base/scalable.js";

/** One time at which the limits change. */
export interface Clocked {
  name: string;
  at: string;
  /** Default UTC. */
  timezone?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
}

/** What the limits are called where they are written, and what they count. */
export interface Words {
  min: string;
  max: string;
  what: string;
}

/** One scheduled action per time, roles `scaling-at-<name>`. Made again after a lost reply: it is put by its name, over what was there. */
export function byTheClock(ctx: ExpandContext, section: string, schedule: readonly Clocked[], words: Words, target: ResourceHandle): void {
  const seen = new Set<string>();
  for (const [i, { name, at, timezone, min, max }] of schedule.entries()) {
    const path = `${section}[${i}]`;
    if (seen.has(name)) {
      ctx.error("schedule-twice", `two times of scaling are named "${name}"`, `${path}.name`);
      continue;
    }
    seen.add(name);
    if (min === undefined && max === undefined)
      ctx.error("schedule-empty", `the time "${name}" changes nothing`, path, { expected: `${words.min}, ${words.max} or both` });
    else if (min !== undefined && max !== undefined && min > max)
      ctx.error("schedule-limits", `${min} ${words.what} at least and ${max} at most leave nothing`, `${path}.${words.min}`);
    resource(ctx, `scaling-at-${name}`, "aws:appautoscaling/scheduledAction:ScheduledAction", {
      ...ofTarget(target),
      schedule: at,
      timezone: timezone ?? "UTC",
      scalableTargetAction: { minCapacity: min, maxCapacity: max },
    });
  }
}
