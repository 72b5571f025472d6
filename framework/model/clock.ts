/** Time and randomness are ports too; declared in base so that base may use them. */
export type { Clock, Random } from "../base/clock.js";
