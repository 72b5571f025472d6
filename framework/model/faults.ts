/** Fault points: named instants at which tests kill the process. Compiled in always, inert unless PANKA_FAULT names one. */

/** All points, in the order a run passes them. */
export const FAULT_POINTS = [
  "acquire:before-transaction",
  "acquire:after-transaction",
  "barrier:before-state",
  "barrier:after-state",
  "barrier:after-head",
  "journal:before-intent",
  "journal:intent-durable",
  "journal:call-sent",
  "journal:reply-received",
  "journal:done-written",
  "commit:before-history",
  "commit:after-history",
  "commit:after-state",
  "commit:after-head",
  "verify:before",
  "verify:after",
  "verify:good",
  "rollback:before",
  "release:before",
  "release:after",
] as const;

/** One of {@link FAULT_POINTS}. */
export type FaultPoint = (typeof FAULT_POINTS)[number];

/** Called at each point; a test's version kills the process (kill -9) when its turn has come. Never throws otherwise. `detail` is a URN where there is one. */
export type FaultHook = (point: FaultPoint, detail?: string) => void;

/** Does nothing. */
export const noFault: FaultHook = () => {};
