/** State locks: who holds what of a stack in an environment. */
import type { LockInfo } from "../model/locker.js";
import { withBackend } from "./access.js";
import type { OperationContext } from "./context.js";
import { stackId } from "./stack-id.js";

/** All locks, by scope. */
export async function stateLocks(context: OperationContext): Promise<LockInfo[]> {
  return withBackend(context, await stackId(context), async ({ locker }) => (await locker.list()).locks);
}
