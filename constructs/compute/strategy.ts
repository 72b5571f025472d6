/** The strategies by which a new version takes over in steps: shares of the requests, times, and how a plan says them. Pure. */
import type { ExpandContext, WatchSpec } from "../../framework/model/index.js";
import { ROLLOUT_DEFAULTS } from "../base/rollout-fields.js";
import { isStaged, type TakeoverSpec } from "./deployment.js";
import { longest } from "./limits.js";

/** One step: the share of the requests that goes to the new version, and how long it is watched with it. */
export interface ShareStep {
  percent: number;
  minutes: number;
}

/** Steps before the new version is all there is, and the words for the plan. */
export interface Strategy {
  steps: ShareStep[];
  words: string;
}

/** The strategy where it has steps, else undefined. `watch`: how long a version that has everything is watched while the old one stands by. */
export function strategyOf(spec: TakeoverSpec | undefined, watch: WatchSpec | undefined): Strategy | undefined {
  if (spec?.strategy === "canary") {
    const percent = spec.canary?.percent ?? ROLLOUT_DEFAULTS.canary.percent;
    const minutes = spec.canary?.bakeMinutes ?? ROLLOUT_DEFAULTS.canary.bakeMinutes;
    return { steps: [{ percent, minutes }], words: `canary: ${percent} % of the requests for ${time(minutes)}, then all` };
  }
  if (spec?.strategy === "linear") {
    const percent = spec.linear?.percent ?? ROLLOUT_DEFAULTS.linear.percent;
    const minutes = spec.linear?.everyMinutes ?? ROLLOUT_DEFAULTS.linear.everyMinutes;
    const steps: ShareStep[] = [];
    for (let share = percent; share < 100; share += percent) steps.push({ percent: share, minutes });
    return { steps, words: `linear: ${percent} % more of the requests every ${time(minutes)}, then all` };
  }
  if (spec?.strategy !== "blueGreen") return undefined;
  const watched = watch ? `, watched for ${time(watch.minutes)} while the old one stands by` : "";
  return {
    steps: watch ? [{ percent: 100, minutes: watch.minutes }] : [],
    words: `blue/green: all requests move at once to the new version when it is ready${watched}`,
  };
}

/** Reports settings that leave a strategy without effect. */
export function checkStrategy(ctx: ExpandContext, spec: TakeoverSpec | undefined): void {
  for (const strategy of ["canary", "linear"] as const)
    if (spec?.[strategy] && spec.strategy === undefined)
      ctx.error("strategy-unsaid", `${strategy} says how, and nothing says that`, `deployment.${strategy}`, {
        expected: `strategy: ${strategy}`,
      });
  if (spec?.strategy !== "canary") return;
  const minutes = spec.canary?.bakeMinutes ?? ROLLOUT_DEFAULTS.canary.bakeMinutes;
  const needed = longest(spec.rollback) + 1;
  if (needed > 1 && minutes < needed)
    ctx.error(
      "bake-too-short",
      `the canary is watched for ${time(minutes)}, and a limit of deployment.rollback needs ${time(needed)} to be seen`,
      "deployment.canary.bakeMinutes",
      { expected: `at least ${needed}` },
    );
}

/** Reports a strategy with steps where requests can't be shared out, and says what can be done. */
export function refuseStaged(ctx: ExpandContext, spec: TakeoverSpec | undefined, why: string, next?: string): void {
  if (!isStaged(spec?.strategy)) return;
  ctx.error("strategy-impossible", `the strategy ${spec?.strategy} needs requests that can be shared out: ${why}`, "deployment.strategy", {
    expected: "rolling or recreate",
    ...(next ? { next } : {}),
  });
}

function time(minutes: number): string {
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
