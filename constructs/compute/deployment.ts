/** The `deployment` section: how a new version takes the old one's place. */
import type { Value } from "../../framework/model/index.js";

/** One limit of `rollback.metrics`. */
export interface MetricLimit {
  metric: string;
  above: number;
  forMinutes?: number | undefined;
}

/** `rollback`. */
export interface RollbackSpec {
  onFailure?: boolean | undefined;
  alarms?: Value[] | undefined;
  metrics?: MetricLimit[] | undefined;
}

/** How traffic moves and what brings the old version back: what containers and functions share. */
export interface TakeoverSpec {
  strategy?: string | undefined;
  canary?: { percent?: number | undefined; bakeMinutes?: number | undefined } | undefined;
  linear?: { percent?: number | undefined; everyMinutes?: number | undefined } | undefined;
  rollback?: RollbackSpec | undefined;
}

/** Of an ECS service, as far as it is built. */
export interface DeploymentSpec extends TakeoverSpec {
  minimumHealthyPercent?: number | undefined;
  maximumPercent?: number | undefined;
  timeoutMinutes?: number | undefined;
  drainSeconds?: number | undefined;
  release?: { command: string[] } | undefined;
  failFast?: number | undefined;
}

/** How long a deployment may take where it is waited for and nothing is said, minutes. */
export const DEFAULT_TIMEOUT = 10;

/**
 * What an ECS service gets. Rolling keeps all old tasks until new ones are healthy; recreate stops the old ones first. `alarms`: ECS
 * gives a deployment up when one is raised; going back is left to the deploy, which brings back more than the tasks.
 * `tested`: smoke tests ask it when it is made.
 */
export function rollout(spec: DeploymentSpec | undefined, alarms: readonly Value[] = [], tested = false) {
  const recreate = spec?.strategy === "recreate";
  // With failFast it is Panka that waits.
  const waited = (tested || isWaitedFor(spec)) && spec?.failFast === undefined;
  const seconds = waited ? (spec?.timeoutMinutes ?? DEFAULT_TIMEOUT) * 60 : undefined;
  return {
    props: {
      deploymentMinimumHealthyPercent: spec?.minimumHealthyPercent ?? (recreate ? 0 : 100),
      deploymentMaximumPercent: spec?.maximumPercent ?? (recreate ? 100 : 200),
      deploymentCircuitBreaker: { enable: true, rollback: false },
      ...(alarms.length > 0 ? { alarms: { alarmNames: [...alarms], enable: true, rollback: false } } : {}),
      ...(seconds === undefined ? {} : { waitForSteadyState: true }),
    },
    timeouts: seconds === undefined ? undefined : { create: seconds, update: seconds },
  };
}

/**
 * True if the deploy waits for the service to be steady: a time limit is worth something only then, and so are stages, a watch that
 * begins when the new version has taken over, and going back when it does not.
 */
export function isWaitedFor(spec: DeploymentSpec | undefined): boolean {
  return (
    spec?.timeoutMinutes !== undefined ||
    isStaged(spec?.strategy) ||
    isWatched(spec) ||
    spec?.rollback?.onFailure === true ||
    spec?.release !== undefined
  );
}

/** True for strategies by which two versions stand side by side. */
export function isStaged(strategy: string | undefined): boolean {
  return strategy === "canary" || strategy === "linear" || strategy === "blueGreen";
}

/** True where alarms or limits are watched. */
export function isWatched(spec: TakeoverSpec | undefined): boolean {
  return (spec?.rollback?.alarms?.length ?? 0) + (spec?.rollback?.metrics?.length ?? 0) > 0;
}
