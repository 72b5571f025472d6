/** What stands must be what the code says, with nothing open, before it is handed to another tool or engine. */
import { PankaError, usageError } from "../base/errors.js";
import type { StateFile } from "../model/state-file.js";
import { leftSteps } from "../state/journal-reader.js";
import type { Backend } from "./backend.js";
import type { Compiled } from "./compile.js";
import type { Session } from "./session.js";

/** Throws a usage error `pending-changes` where the code says more or less than what is deployed. */
export function mustBeAsDeployed(recorded: StateFile, compiled: Pick<Compiled, "synth">, where: string): void {
  if (recorded.assemblyHash === compiled.synth.hash) return;
  throw usageError("pending-changes", `${where} is not deployed as the code says; it can be handed over only as it stands`, {
    next: deployFirst(recorded),
  });
}

/** Throws PankaError `not-settled` where an earlier run left steps that are not folded into the state. */
export async function mustBeSettled(backend: Backend, recorded: StateFile, where: string): Promise<void> {
  if (await leftSteps(backend, recorded)) throw notSettled(recorded, where);
}

/**
 * Does something in a session in which no earlier run is left to be settled, and ends the session. Where it fails the state is sealed as it
 * was. Throws PankaError `not-settled`, with nothing sealed: what the earlier run left stays for the next deploy.
 */
export async function whileSettled<T>(session: Session, where: string, body: () => Promise<T>): Promise<T> {
  try {
    if (session.recovery.length > 0) throw notSettled(session.state, where);
    return await body().catch(async (error) => {
      const { state } = session;
      await session.commit(state, { sealed: true, assemblyHash: state.assemblyHash }).catch(() => {});
      throw error;
    });
  } finally {
    await session.release();
  }
}

/** PankaError `not-settled`. */
function notSettled(recorded: StateFile, where: string): PankaError {
  return new PankaError("not-settled", `an earlier run of ${where} did not come to its end`, { next: deployFirst(recorded) });
}

function deployFirst(recorded: StateFile): string {
  return `panka deploy with engine: ${recorded.engine}, then the same command again`;
}
