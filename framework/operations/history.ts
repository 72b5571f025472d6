/** History: the releases of a stack in an environment, newest first. */
import type { Diagnostic } from "../base/diagnostics.js";
import { isPankaError } from "../base/errors.js";
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import { readState } from "../state/read.js";
import { getRelease, listReleases } from "../state/releases.js";
import { withBackend } from "./access.js";
import type { Backend } from "./backend.js";
import type { OperationContext } from "./context.js";
import { stackId } from "./stack-id.js";

/** A release without its assembly. */
export type ReleaseSummary = Omit<ReleaseRecord, "assembly">;

/** The kept releases, newest first, and what is wrong with those that can't be read. */
export interface ReleaseHistory {
  releases: ReleaseSummary[];
  problems: Diagnostic[];
}

/** The kept releases. Throws what reading the state throws: it says what they must be bound to. */
export async function history(context: OperationContext): Promise<ReleaseHistory> {
  return withBackend(context, await stackId(context), async (backend) => {
    const state = (await readState(backend))?.state;
    if (!state) return { releases: [], problems: [] };
    const serials = (await listReleases(backend.store)).reverse();
    const read = await Promise.all(serials.map((serial) => summaryOrProblem(backend, state, serial)));
    return {
      releases: read.flatMap((r) => (r && "summary" in r ? [r] : [])),
      problems: read.flatMap((r) => (r && "severity" in r ? [r] : [])),
    };
  });
}

async function summaryOrProblem(backend: Backend, state: StateFile, serial: number): Promise<ReleaseSummary | Diagnostic | null> {
  try {
    const record = await getRelease(backend, state, serial);
    if (!record) return null;
    const { assembly: _assembly, ...summary } = record;
    return summary;
  } catch (error) {
    const [problem] = isPankaError(error) ? error.diagnostics : [];
    if (!problem) throw error;
    return problem;
  }
}
