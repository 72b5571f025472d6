/** What all parts of one execution share: ports, the running state, values, events. */
import type { Json } from "../base/json.js";
import { componentOf } from "../base/names.js";
import type { ExecuteRequest, StepProblem } from "../model/engine.js";
import type { FaultHook } from "../model/faults.js";
import type { Props } from "../model/provider.js";
import type { Lookups } from "../plan/lookups.js";
import { outputOf, recordedOutputs } from "../plan/outputs.js";
import { assetsIn, providerInputs, type ResolveSource } from "../plan/resolve.js";
import type { RunState } from "./run-state.js";
import type { Width } from "./schedule.js";

/** The run. */
export interface Run {
  request: ExecuteRequest;
  state: RunState;
  lookups: Lookups;
  width: Width;
  fault: FaultHook;
  /** Secret texts among the inputs that were resolved: providers may repeat them in errors. */
  secrets: Set<string>;
  /** Monotonic time of the start. */
  startedAt: number;
  /** Calls that were sent again after a lost reply: intent, and until when (monotonic) the first request may arrive. */
  resent: { of: number; until: number }[];
  failed: StepProblem[];
  skipped: StepProblem[];
  interrupted: boolean;
}

/** Where values come from while things are made: recorded outputs only. */
export function runSource(run: Run): ResolveSource {
  return {
    output: (urn, path) => {
      const state = run.state.resources[urn];
      if (!state || state.status === "deleting") return { problem: `${componentOf(urn)} is not deployed` };
      return outputOf(urn, recordedOutputs(state), path);
    },
    lookup: (key) => run.lookups.find(key),
    allotted: (pool, key) => run.request.plan.allotments[pool]?.[key] ?? 0,
  };
}

/** A function that gives the paths of all assets in `values`, fetched now. */
export async function assetPaths(run: Run, ...values: unknown[]): Promise<(sha: string) => string> {
  const paths = new Map<string, string>();
  for (const sha of values.flatMap(assetsIn)) {
    if (!paths.has(sha)) paths.set(sha, run.request.assetPath ? await run.request.assetPath(sha) : `panka.out/assets/${sha}.zip`);
  }
  return (sha) => paths.get(sha) ?? sha;
}

/** Recorded inputs as the provider gets them. */
export function sent(inputs: Props, paths: (sha: string) => string): Props {
  return providerInputs(inputs as Json, paths) as Props;
}

/** Milliseconds since the run began. */
export function elapsed(run: Run): number {
  return Math.round(run.request.clock.monotonic() - run.startedAt);
}
