/** State locks: who holds what of a stack in an environment. */
import type { LockInfo } from "../model/locker.js";
import { withBackend } from "./access.js";
import type { OperationContext } from "./context.js";
import { stackName } from "./stack-name.js";

/** All locks, by scope. */
export async function stateLocks(context: OperationContext): Promise<LockInfo[]> {
  const stack = await stackName(context);
  return withBackend(context, stack, async ({ locker }) => (await locker.list()).locks);
}
