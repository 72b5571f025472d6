/**
 * How a new version of a function takes over: all calls at once, or shared out by the weights of the alias `live`, watched, and going
 * back or not.
 */
import { group, oneOf } from "../../framework/model/fields.js";
import type { ExpandContext, Metric, RolloutSpec, StagedSpec, Value } from "../../framework/model/index.js";
import { canary, linear, rollback } from "../base/rollout-fields.js";
import type { TakeoverSpec } from "./deployment.js";
import type { MadeFunction } from "./lambda-function.js";
import { limitAlarms, type Measurements, watchOf } from "./limits.js";
import { checkStrategy, type Strategy, strategyOf } from "./strategy.js";

/** Field `deployment`. */
export const functionDeployment = group(
  {
    strategy: oneOf(
      ["rolling", "blueGreen", "canary", "linear"],
      "How a new version takes over: all calls at once (rolling, without an alias; blueGreen, by the alias `live`), or a share of them first.",
      { default: "rolling" },
    ).optional(),
    canary: canary.optional(),
    linear: linear.optional(),
    rollback: rollback(
      ["errors", "durationMs", "throttles"],
      "What is measured: errors (percent of the calls), durationMs (that of the slowest 1 %), throttles (calls that were turned away in a minute).",
    ).optional(),
  },
  "How a new version takes over from the old one. With a strategy other than rolling each change publishes a version, and the alias `live` is what is called.",
);

/** The roll-out; undefined where it is like that of all. Declares the alarms of its limits. */
export function functionTakeover(ctx: ExpandContext, spec: TakeoverSpec | undefined, made: MadeFunction): RolloutSpec | undefined {
  checkStrategy(ctx, spec);
  const shared = spec?.strategy === "canary" || spec?.strategy === "linear";
  const limits = limitAlarms(ctx, spec?.rollback?.metrics ?? [], measurements(made, shared));
  const watch = watchOf(spec?.rollback, limits);
  const strategy = shared ? strategyOf(spec, watch) : undefined;
  const staged = strategy && made.alias !== undefined ? aliasStages(strategy, made, made.alias) : undefined;
  const stays = spec?.rollback?.onFailure === false;
  if (!watch && !staged && spec?.rollback?.onFailure === undefined) return undefined;
  return {
    when: made.alias === undefined ? { urn: made.urn } : { urn: made.alias, path: "functionVersion" },
    ...(stays ? { onFailure: false as const } : {}),
    ...(watch ? { watch } : {}),
    ...(staged ? { staged } : {}),
  };
}

/** The alias stays at the old version and gives the new one its share (Lambda Developer Guide, "Implement Lambda canary deployments using a weighted alias"). */
function aliasStages(strategy: Strategy, made: MadeFunction, alias: string): StagedSpec {
  return {
    words: strategy.words,
    unless: [alias, made.urn].sort(),
    hold: [{ urn: alias, path: "functionVersion" }],
    copies: [],
    stages: [
      { words: "the new version is published", set: [], minutes: 0 },
      ...strategy.steps.map(({ percent, minutes }) => ({
        words: `${percent} % of the calls go to the new version`,
        set: [{ urn: alias, path: "routingConfig.additionalVersionWeights", key: made.version, value: percent / 100 }],
        minutes,
      })),
    ],
  };
}

/** What CloudWatch counts of calls, by what of functions the dimensions say (Lambda Developer Guide, "Types of metrics for Lambda functions"). */
export function countedCalls(dimensions: Metric["dimensions"]) {
  const metric = (name: string, statistic = "Sum"): Metric => ({ namespace: "AWS/Lambda", name, dimensions, statistic });
  return { errors: metric("Errors"), calls: metric("Invocations"), throttles: metric("Throttles"), duration: metric("Duration", "p99") };
}

/** Limits on calls: of its alias where it has one, of the new version alone where calls are shared out. */
function measurements(made: MadeFunction, shared: boolean): Measurements {
  const { name, qualifier, version } = made;
  const dimensions: { [name: string]: Value } = {
    FunctionName: name,
    ...(qualifier === undefined ? {} : { Resource: { $text: [name, ":", qualifier] } }),
    ...(shared ? { ExecutedVersion: version } : {}),
  };
  const { errors, calls, throttles, duration } = countedCalls(dimensions);
  return {
    errors: { role: "rollback-errors", metric: { errors, all: calls }, words: "% of the calls fail" },
    durationMs: { role: "rollback-duration", metric: duration, words: "ms for the slowest 1 % of the calls" },
    throttles: { role: "rollback-throttles", metric: throttles, words: "calls are turned away in a minute" },
  };
}
