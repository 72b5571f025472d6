/** App: holds several stacks in one program. Optional: a program may export a Stack. */
import type { Stack } from "./stack.js";

/** Format of recorded constructs; raised when {@link Stack.toModel} changes incompatibly. */
export const CONSTRUCT_FORMAT = 1;

const APP = Symbol.for("panka.app");

/** Several stacks; `panka --stack NAME` picks one. */
export class App {
  readonly [APP] = CONSTRUCT_FORMAT;
  /** In the order made. */
  readonly stacks: Stack[] = [];
}

/** True for an {@link App} of this or another loaded copy of the package, whatever its format number. */
export function isApp(value: unknown): value is App {
  return typeof value === "object" && value !== null && typeof (value as Record<symbol, unknown>)[APP] === "number";
}
