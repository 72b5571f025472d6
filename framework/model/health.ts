/** How the tasks of services are, as a look-up of Panka's own: no data source says why one ended. */

/**
 * The token. Arguments: `services`, a list of `{cluster, service}`; result: `health`, a list of {@link ServiceHealth} in their order.
 */
export const SERVICE_HEALTH = "panka:services/getHealth:getHealth";

/** How the tasks of one service's newest version are. */
export interface ServiceHealth {
  /** How many run, and how many there should be. */
  running: number;
  desired: number;
  /** Why the version was given up, plain words. */
  gaveUp?: string;
  /** Tasks that ended, but for those that scaling, a drain or a person ended: id and why, the newest last. */
  ended: EndedTask[];
}

/** One task that ended. */
export interface EndedTask {
  task: string;
  /** Plain words: `the container api ended with exit code 1`. */
  why: string;
}
