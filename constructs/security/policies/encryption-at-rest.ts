/** Policy encryption-at-rest. */
import { unencrypted } from "../encryption-state.js";
import { findingsOf, type Policy } from "./policy.js";

/** Whatever keeps data encrypts it. */
export const encryptionAtRest: Policy = {
  id: "encryption-at-rest",
  asks: "whatever keeps data keeps it encrypted",
  findings: (stack) => findingsOf(stack, unencrypted),
};
