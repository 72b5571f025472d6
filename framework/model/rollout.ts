/** How a component's new version takes over from the old one, as the assembly says it: in which stages, and what makes it go back. */
import type { ResourceSpec } from "./resource.js";
import type { Value } from "./values.js";

/** Of one component. A component without one is rolled out at once, unwatched, and a failed roll-out of it brings the last good release back. */
export interface Rollout {
  /** `service/component`. */
  component: string;
  /** A change of this property of this resource (without a path: of any) is a new version. */
  when: { urn: string; path?: string };
  /** URNs of what else is part of the new version's roll-out: where one of them fails, it has failed. */
  steps?: string[];
  /** False: what fails of it stays as it is, for a person to look at. */
  onFailure?: false;
  /** Watched while a stage is baked, and after the last one. */
  watch?: Watch;
  /** Absent: all at once. */
  staged?: Staged;
}

/** Tasks that run all the time. */
export interface RunningTasks {
  cluster: Value;
  /** The service's name. */
  service: Value;
}

/** A component whose tasks are watched while alarms are, where the run has changed what runs them. */
export interface WatchedTasks extends RunningTasks {
  /** `service/component`. */
  component: string;
  /** URN of what runs them. */
  urn: string;
}

/** What is watched once a new version has taken over. */
export interface Watch {
  /** Names of alarms; one that is raised meanwhile brings the last good release back. */
  alarms: Value[];
  /** How long, minutes. */
  minutes: number;
}

/**
 * A roll-out in stages. In each, what is held keeps what is recorded of it, what is added stands beside it, and some properties differ
 * from the assembly's. After the last stage comes the assembly itself: nothing is held, what was added goes.
 */
export interface Staged {
  /** Plain words: `canary: 10 % of the requests for 5 minutes, then all`. */
  words: string;
  /** Where one of these must be made anew there is nothing to stand beside: such a version goes without stages. URNs. */
  unless: string[];
  /** URNs of what stays as recorded; `path`: only that property of it. */
  hold: { urn: string; path?: string }[];
  /** What stands beside, sorted by URN. */
  added: ResourceSpec[];
  /** Names of alarms among it: watched in the stages beside those of `watch`. */
  alarms: Value[];
  /** Tasks among it: watched in the stages. */
  running?: RunningTasks;
  /** In order. */
  stages: Stage[];
}

/** One stage. */
export interface Stage {
  /** Plain words of what has changed when it stands: `10 % of the requests go to the new version`. */
  words: string;
  /** Properties that differ. */
  set: StageSetting[];
  /** How long it is watched before the next, minutes; 0: not at all. */
  minutes: number;
  /** True: nothing is held any more, what was added stands yet. */
  released?: true;
}

/** A property that differs in a stage. */
export interface StageSetting {
  urn: string;
  path: string;
  /** One more part of the path, known only from what is recorded when the stage begins: a published version. */
  key?: Value;
  value: Value;
}

/** What a kind's expand says of its component's roll-out: the copies are made when all that is written over it has been. */
export interface RolloutSpec extends Omit<Rollout, "component" | "staged" | "watch"> {
  watch?: WatchSpec;
  staged?: StagedSpec;
}

/** Alarms as written, by the property where they stand. */
export interface WatchSpec {
  /** `named`: a component that is an alarm, or the name of one that the stack does not own. */
  alarms: ({ value: Value } | { named: Value; path: string })[];
  minutes: number;
}

/** Stages with what stands beside as copies of what the component declares, by role. */
export interface StagedSpec extends Omit<Staged, "added" | "alarms" | "running"> {
  copies: CopySpec[];
}

/** One copy: among copies a reference means the copy. */
export interface CopySpec {
  /** Role of what is copied; "" the main resource. */
  of: string;
  /** Role of the copy. */
  as: string;
  /** Properties that it has otherwise; undefined: not at all. */
  set?: { [path: string]: Value | undefined };
}
