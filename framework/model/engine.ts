/** The engine: how a plan is asked for and run. `embedded` calls the provider itself; `pulumi` has Pulumi call it. One small contract, two of them. */
import type { Clock } from "./clock.js";
import type { Json } from "../base/json.js";
import type { Assembly } from "./assembly.js";
import type { EventSink } from "./events.js";
import type { FaultHook } from "./faults.js";
import type { Gate, Journal } from "./journal.js";
import type { ChangeAction, Plan } from "./plan.js";
import type { PlanPort, Provider } from "./provider.js";
import type { SchemaIndex } from "./provider-schema.js";
import type { ResourceState, StateFile } from "./state-file.js";

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

/** What {@link Engine.execute} gets. */
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
  /** Called once everything is made or has failed, before what goes last is deleted; with the state so far. */
  applied?: (state: StateFile) => Promise<void>;
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

/** What came of a run. */
export interface ExecuteResult {
  /** All that is recorded; the caller commits it. `assemblyHash` is as it was in the state that came in. */
  state: StateFile;
  /** Every step was done. */
  ok: boolean;
  failed: StepProblem[];
  /** Steps that were not run: what they need failed, or the run was stopped. */
  skipped: StepProblem[];
  /** The gate was shut, or the second stop came. */
  interrupted: boolean;
}

/** What planning is about. */
export interface PlanningRequest {
  /** As recorded, or as a refresh found it; null where nothing is deployed. */
  state: StateFile | null;
  assembly: Assembly;
}

/** The contract. Both engines write one state, under one lock, with one journal; recovery is the same for both. */
export interface Engine {
  readonly name: StateFile["engine"];
  /** Calls `body` with a port that says what changes would do; it works only until `body` is done. Changes nothing in the cloud. */
  planning<T>(request: PlanningRequest, body: (port: PlanPort) => Promise<T>): Promise<T>;
  /**
   * Runs a plan. Resolves also when steps failed; what was done is in the state in any case. Rejects only for what is a bug, a
   * simulated crash, or (PankaError) what keeps the engine from starting, with nothing done.
   */
  execute(request: ExecuteRequest): Promise<ExecuteResult>;
  /** Takes a state over from the other engine, under the fence of the run: writes what this engine keeps beside it. Changes nothing in the cloud. */
  takeOver(state: StateFile, fence: number): Promise<StateFile>;
}
