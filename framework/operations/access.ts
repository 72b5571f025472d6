/** Access to the recorded state of one stack and environment, for reading. */
import { PankaError } from "../base/errors.js";
import type { StackId } from "../model/stack-model.js";
import type { StateFile } from "../model/state-file.js";
import { readState } from "../state/read.js";
import { type Backend, openBackend } from "./backend.js";
import type { OperationContext } from "./context.js";
import { requireBackend } from "./required-backend.js";
import { stackId } from "./stack-id.js";

/** Opens the back end of a stack, calls `body`, closes it. */
export async function withBackend<T>(context: OperationContext, stack: StackId, body: (backend: Backend) => Promise<T>): Promise<T> {
  requireBackend(context.settings);
  const backend = await openBackend(context, stack);
  try {
    return await body(backend);
  } finally {
    await backend.close();
  }
}

/** The recorded state of a stack; null where it was never deployed (or, for plan, where no back end is configured). */
export async function recordedState(context: OperationContext, stack: StackId): Promise<StateFile | null> {
  if (!context.settings.backend) return null;
  return withBackend(context, stack, async (backend) => (await readState(backend))?.state ?? null);
}

/** The recorded state of the stack that the command is about. Throws PankaError `not-deployed` where there is none. */
export async function requireState(context: OperationContext): Promise<{ stack: string; state: StateFile }> {
  const id = await stackId(context);
  const state = await withBackend(context, id, async (backend) => (await readState(backend))?.state ?? null);
  const { stack } = id;
  if (state) return { stack, state };
  throw new PankaError("not-deployed", `${stack} is not deployed in ${context.settings.environment}`, {
    next: `panka deploy -e ${context.settings.environment}`,
  });
}
