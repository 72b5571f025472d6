/** What all parts of one execution share: ports, the running state, values, events. */
import type { Clock } from "../base/clock.js";
import type { Json } from "../base/json.js";
import { componentOf } from "../base/names.js";
import type { Assembly } from "../model/assembly.js";
import type { EventSink } from "../model/events.js";
import type { FaultHook } from "../model/faults.js";
import type { Gate, Journal } from "../model/journal.js";
import type { ChangeAction, Plan } from "../model/plan.js";
import type { Props, Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import type { Lookups } from "../plan/lookups.js";
import { outputOf, recordedOutputs } from "../plan/outputs.js";
import { assetsIn, providerInputs, type ResolveSource } from "../plan/resolve.js";
import type { RunState } from "./run-state.js";
import type { Width } from "./schedule.js";

/** A journaled step after create or update. Must be idempotent: it may run again after a crash. */
export type ActionFunction = (call: ActionCall) => Promise<void>;

/** What an action gets. */
export interface ActionCall {
  urn: string;
  type: string;
  /** The action's name. */
  name: string;
  /** Its arguments, resolved. May hold secrets: not to be shown. */
  args: { [key: string]: Json };
  /** The resource as recorded. */
  resource: ResourceState;
  signal?: AbortSignal;
}

/** What {@link execute} gets. */
export interface ExecuteRequest {
  plan: Plan;
  state: StateFile;
  assembly: Assembly;
  schemas: SchemaIndex;
  provider: Provider;
  journal: Journal;
  gate: Gate;
  events: EventSink;
  clock: Clock;
  /** Default: none. */
  fault?: FaultHook;
  /** By action name. */
  actions?: Record<string, ActionFunction>;
  /** Operations at once; default 32. */
  parallel?: number;
  /** Writes the running state into the store; called at most every 10 s. */
  fold: (state: StateFile) => Promise<unknown>;
  /** The local path of an asset. */
  assetPath?: (sha: string) => Promise<string>;
  /** Second stop: waits for nothing any more. */
  signal?: AbortSignal;
}

/** A step that did not come to its end. */
export interface StepProblem {
  urn: string;
  component: string;
  type: string;
  action: ChangeAction | "action";
  /** Why, plain words. */
  message: string;
  /** For skipped ones: the URN that it waited for. */
  because?: string;
  /** The provider's error code where there is one. */
  code?: string;
}

/** The run. */
export interface Run {
  request: ExecuteRequest;
  state: RunState;
  lookups: Lookups;
  width: Width;
  fault: FaultHook;
  /** Monotonic time of the start. */
  startedAt: number;
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
