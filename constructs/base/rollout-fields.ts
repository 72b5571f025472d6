/** Fields of `deployment` that containers and functions share: how traffic moves to a new version, and what brings the old one back. */
import { bool, decimal, group, int, listOf, oneOf, text } from "../../framework/model/fields.js";

/** What holds where the fields say nothing. Percent and minutes. */
export const ROLLOUT_DEFAULTS = Object.freeze({
  canary: { percent: 10, bakeMinutes: 5 },
  linear: { percent: 20, everyMinutes: 2 },
  /** How long a metric must be above its limit. */
  forMinutes: 2,
  /** How long a version that has taken over is watched. */
  watchMinutes: 5,
});

/** `canary`. */
export const canary = group(
  {
    percent: int("Share of the requests that the new version gets at first.", 1, 99, {
      unit: "percent",
      default: ROLLOUT_DEFAULTS.canary.percent,
    }).optional(),
    bakeMinutes: int("How long it has that share, and is watched, before it gets all.", 1, 1440, {
      unit: "minutes",
      default: ROLLOUT_DEFAULTS.canary.bakeMinutes,
    }).optional(),
  },
  "With `strategy: canary`: the first share, and its time.",
);

/** `linear`. */
export const linear = group(
  {
    percent: int("Share of the requests that moves to the new version in each step.", 1, 99, {
      unit: "percent",
      default: ROLLOUT_DEFAULTS.linear.percent,
    }).optional(),
    everyMinutes: int("Time between two steps, in which the new version is watched.", 1, 1440, {
      unit: "minutes",
      default: ROLLOUT_DEFAULTS.linear.everyMinutes,
    }).optional(),
  },
  "With `strategy: linear`: the step, and the time between two.",
);

/** `rollback`; `metrics` are the names of what is measured, `what` says them in words. */
export function rollback<const M extends readonly [string, ...string[]]>(metrics: M, what: string) {
  return group(
    {
      onFailure: bool("Whether the last good release comes back by itself when a new version can't be rolled out or a test of it fails.", {
        default: true,
      }).optional(),
      alarms: listOf(
        text("An Alarm component of the stack, or the name of a CloudWatch alarm."),
        "Alarms that bring the last good release back if one is raised while a new version takes over, or is watched. One that is raised before is left aside.",
      ).optional(),
      metrics: listOf(
        group(
          {
            metric: oneOf(metrics, what),
            above: decimal("The limit, in the metric's own unit.", 0),
            forMinutes: int("How long it must be above, without a break.", 1, 60, {
              unit: "minutes",
              default: ROLLOUT_DEFAULTS.forMinutes,
            }).optional(),
          },
          "One limit: an alarm of its own, about $0.10 a month.",
        ),
        "Limits of the component's own measurements: over one, the last good release comes back.",
      ).optional(),
    },
    "When the last good release returns.",
  );
}
