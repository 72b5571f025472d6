/** What unlock did. */
import type { UnlockOutcome } from "../../framework/operations/unlock-stack.js";
import { envelope } from "./document.js";
import type { Output } from "./output.js";

/** Prints it; returns the exit code: 0 freed, 5 not confirmed. */
export function printUnlock(outcome: UnlockOutcome, output: Output): number {
  const code = outcome.done ? 0 : 5;
  if (output.json) output.document(envelope(outcome.done, outcome));
  else if (outcome.done)
    output.out(`The lock of ${outcome.path} is free (it was ${outcome.holder}). Next: panka deploy, which settles what that run left.`);
  else output.err("Not confirmed; the lock stands.");
  return code;
}
