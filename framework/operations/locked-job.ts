/** What a run under the lock is given, and what its parts share while it is open. */
import type { Diagnostic } from "../base/diagnostics.js";
import type { Assembly } from "../model/assembly.js";
import type { ActionFunction, Engine } from "../model/engine.js";
import type { LockScope } from "../model/locker.js";
import type { Plan } from "../model/plan.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { Rollout, WatchedTasks } from "../model/rollout.js";
import type { ProviderIdentity, StateFile } from "../model/state-file.js";
import type { StagedRollout } from "../plan/stages.js";
import type { Backend } from "./backend.js";
import type { Carried } from "./carry-out.js";
import type { OperationContext } from "./context.js";
import type { RunApproval } from "./planned-run.js";
import type { Session } from "./session.js";
import type { TakeoverRequest } from "./stale-lock.js";

/** The new versions of a run. */
export interface NewVersions {
  all: readonly Rollout[];
  /** Those that take over in stages. */
  staged: readonly StagedRollout[];
  /** What is watched when all stands. */
  watched: readonly Rollout[];
  /** Tasks of what is made or changed. */
  running: readonly WatchedTasks[];
  /** Alarms that were raised before. */
  aside: ReadonlySet<string>;
}

/** A plan against a state; `state` is that state as a refresh found it, where one was asked for. */
export interface Planned {
  plan: Plan;
  /** What a destroy leaves standing, and why. */
  kept: string[];
  state?: StateFile;
}

/** One assembly that is carried out, and how it is planned. */
export interface Target {
  assembly: Assembly;
  /** Written into the state if everything was done and nothing left out; null: never. */
  assemblyHash: string | null;
  /** Plans against a state; throws PankaError with all problems. */
  plan(state: StateFile): Promise<Planned>;
}

/** A run under the lock. */
export interface LockedJob extends Target {
  operation: "deploy" | "destroy";
  /** What the lock and the release say; default the operation. */
  recordAs?: "rollback";
  /** The plan that it is of, and who agreed to it: what the release says. */
  approval?: RunApproval;
  schemas: SchemaIndex;
  provider: Provider;
  engine: Engine;
  /** Region and endpoint as wanted; the account comes from the provider. */
  identity: ProviderIdentity;
  accountId: unknown;
  backend: Backend;
  wait: string | undefined;
  /** What is locked. */
  scope: LockScope;
  /** `--takeover`. */
  takeover: TakeoverRequest | undefined;
  /** Steps (`<urn>@<fence>.<seq>`) that a person has looked after: recovery leaves them out. */
  forget: string[];
  /** Journaled steps by name; destroy has none. */
  actions: Record<string, ActionFunction>;
  /**
   * Another assembly of the same stack as a target of this run, with its selection and scope: a stage of a roll-out, or the last good
   * release. Its plan asks nobody: it throws PankaError `protected` where it would delete or replace what is protected. Absent: a run
   * that is never taken back.
   */
  other?(assembly: Assembly, assemblyHash: string | null): Target;
  /**
   * Looks whether what stands now does what it shall, before the release counts as good; what is wrong, empty if nothing is. Ends early,
   * with anything, when the gate shuts. Absent: there is nothing to verify.
   */
  verify?(run: OpenRun, done: Carried): Promise<Diagnostic[]>;
  /** Where a component was written, for problems. */
  position(component: string): Partial<Diagnostic>;
}

/** A run that holds its lock: what all that it carries out has in common. */
export interface OpenRun {
  context: OperationContext;
  job: LockedJob;
  session: Session;
  /** `waiting`: a question to a person is not worth an answer any more. `abort`: nothing is waited for. */
  signals: { waiting: AbortSignal; abort: AbortSignal };
  /** Something of this run was saved as the state. */
  saved: boolean;
  /** The new versions that it rolls out, once they are known. */
  versions?: NewVersions;
}
