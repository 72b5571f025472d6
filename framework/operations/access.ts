/** Access to the recorded state of one stack and environment, for reading. */
import { PankaError, usageError } from "../base/errors.js";
import type { StateFile } from "../model/state-file.js";
import { readState } from "../state/read.js";
import { type Backend, openBackend } from "./backend.js";
import type { OperationContext, Settings } from "./context.js";
import { stackName } from "./stack-name.js";

/** Throws usage errors (exit 2) where nothing may be deployed: no back end, or a local one for real production resources. */
export function requireBackend(settings: Settings): void {
  if (!settings.backend) {
    throw usageError(
      "no-backend",
      `no back end is configured for ${settings.environment}: the state of real resources needs a place of its own`,
      {
        next: `panka backend create -e ${settings.environment}`,
      },
    );
  }
  if (settings.provider === "aws" && settings.backend.type === "local" && settings.environmentClass === "production") {
    throw usageError(
      "local-backend-in-production",
      `${settings.environment} is a production environment: its state may not be kept on one machine`,
      {
        next: `panka backend create -e ${settings.environment}`,
      },
    );
  }
}

/** Opens the back end of a stack, calls `body`, closes it. */
export async function withBackend<T>(context: OperationContext, stack: string, body: (backend: Backend) => Promise<T>): Promise<T> {
  requireBackend(context.settings);
  const backend = await openBackend(context, stack);
  try {
    return await body(backend);
  } finally {
    await backend.close();
  }
}

/** The recorded state of a stack; null where it was never deployed (or, for plan, where no back end is configured). */
export async function recordedState(context: OperationContext, stack: string): Promise<StateFile | null> {
  if (!context.settings.backend) return null;
  return withBackend(context, stack, async (backend) => (await readState(backend))?.state ?? null);
}

/** The recorded state of the stack that the command is about. Throws PankaError `not-deployed` where there is none. */
export async function requireState(context: OperationContext): Promise<{ stack: string; state: StateFile }> {
  const stack = await stackName(context);
  const state = await withBackend(context, stack, async (backend) => (await readState(backend))?.state ?? null);
  if (state) return { stack, state };
  throw new PankaError("not-deployed", `${stack} is not deployed in ${context.settings.environment}`, {
    next: `panka deploy -e ${context.settings.environment}`,
  });
}
