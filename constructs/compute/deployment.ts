/** The `deployment` section: how a new version takes the old one's place. */

/** As far as it is built. */
export interface DeploymentSpec {
  strategy?: string | undefined;
  minimumHealthyPercent?: number | undefined;
  maximumPercent?: number | undefined;
  timeoutMinutes?: number | undefined;
  drainSeconds?: number | undefined;
}

/** What an ECS service gets. Rolling keeps all old tasks until new ones are healthy; recreate stops the old ones first. */
export function rollout(spec: DeploymentSpec | undefined) {
  const recreate = spec?.strategy === "recreate";
  const seconds = spec?.timeoutMinutes === undefined ? undefined : spec.timeoutMinutes * 60;
  return {
    props: {
      deploymentMinimumHealthyPercent: spec?.minimumHealthyPercent ?? (recreate ? 0 : 100),
      deploymentMaximumPercent: spec?.maximumPercent ?? (recreate ? 100 : 200),
      deploymentCircuitBreaker: { enable: true, rollback: false },
      // A time limit is worth something only if the deploy waits for the service to be steady.
      ...(seconds === undefined ? {} : { waitForSteadyState: true }),
    },
    timeouts: seconds === undefined ? undefined : { create: seconds, update: seconds },
  };
}
