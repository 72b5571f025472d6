/** Runs deploy and destroy: progress, approval on the terminal, the result at the end. */
import type { EventSink } from "../framework/model/events.js";
import type { OperationContext } from "../framework/operations/context.js";
import type { RunHooks, RunResult } from "../framework/operations/run-result.js";
import type { World } from "./context.js";
import { isYes, PROMPT_TIMEOUT_MS } from "./prompt.js";
import { printSupport } from "./base-command.js";
import { diagnosticJson, printDiagnostics } from "./views/diagnostics.js";
import { planJson, printPlan } from "./views/plan.js";
import type { Output } from "./views/output.js";
import { sayRegion } from "./views/region.js";
import { makeProgress } from "./views/progress.js";
import { printResult } from "./views/result.js";

/** The operation of a run, in one region. */
export type Operate = (context: OperationContext, hooks: RunHooks) => Promise<RunResult>;

/**
 * Opens the context, runs the operation under a progress view, prints how it ended; returns the exit code. A stack in several regions: its own
 * region first, which may hold what the others copy; `backwards`: last. `check`: all of them are compiled before the first is touched.
 */
export async function runStream(
  world: World,
  output: Output,
  yes: boolean,
  open: (emit: EventSink) => Promise<OperationContext>,
  operate: Operate,
  order: { backwards?: boolean; check?: boolean } = {},
): Promise<number> {
  const progress = makeProgress(output, () => world.clock.monotonic());
  try {
    const context = await open(progress.emit);
    for (const warning of context.settings.warnings) {
      if (output.json) output.out(JSON.stringify({ type: "diagnostic", ...diagnosticJson(warning) }));
      else printDiagnostics([warning], output);
    }
    const { regionRuns } = await import("../framework/operations/regions.js");
    const runs = await regionRuns(context);
    if (order.check && runs.length > 1) {
      const { checkRuns } = await import("../framework/operations/region-checks.js");
      await checkRuns(runs);
    }
    for (const { region, context: own } of order.backwards ? runs.reverse() : runs) {
      progress.pause();
      if (region !== undefined) sayRegion(region, output);
      const result = await operate(own, makeHooks(own, output, yes, progress.pause));
      progress.pause();
      printResult(result, output);
      if (region !== undefined && own.regionSerials && result.serial !== null) own.regionSerials[region] = result.serial;
      if (result.exitCode === 0) continue;
      if (!output.json) printSupport(context.settings, output);
      return result.exitCode;
    }
    return 0;
  } finally {
    progress.stop();
  }
}

function makeHooks(context: OperationContext, output: Output, yes: boolean, pause: () => void): RunHooks {
  return {
    planned: (plan) => {
      pause();
      if (output.json) output.out(JSON.stringify({ type: "plan", ...planJson(plan) }));
      else {
        printPlan(plan, context.settings, output);
        output.out();
      }
    },
    approve: async (plan) => {
      if (yes) return "yes";
      if (!context.ask) return "nobody";
      pause();
      const answer = await context.ask(`Go on in ${plan.environment}? [y/N] `, { timeoutMs: PROMPT_TIMEOUT_MS });
      return isYes(answer) ? "yes" : "no";
    },
  };
}
