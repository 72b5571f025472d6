/** Alarms as a look-up of Panka's own: no data source says in what state one is. */

/**
 * The token. Arguments: `names`; result: `states`, name -> state; a name that no alarm has is not in it.
 */
export const ALARM_STATES = "panka:alarms/getStates:getStates";

/** In what state an alarm is; `unknown`: not enough was measured yet. */
export type AlarmState = "quiet" | "raised" | "unknown";
