/** Unlock of the stack that the command is about. */
import { usageError } from "../base/errors.js";
import type { OperationContext } from "./context.js";

/** What is asked for. */
export interface UnlockRequest {
  lockId: string;
  force: boolean;
  confirm(question: string): Promise<boolean>;
}

/** What came of it. */
export interface UnlockOutcome {
  done: boolean;
  /** `<stack>/<environment>`. */
  path: string;
  /** Who held it. */
  holder: string;
}

/** Takes the lock over and releases it. */
export async function unlockStack(_context: OperationContext, _request: UnlockRequest): Promise<UnlockOutcome> {
  throw usageError("not-supported", "panka unlock is not supported yet");
}
