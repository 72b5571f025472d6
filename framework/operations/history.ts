/** History: the releases of a stack in an environment, newest first. */
import type { ReleaseRecord } from "../model/state-file.js";
import { getRelease, listReleases } from "../state/releases.js";
import { withBackend } from "./access.js";
import type { OperationContext } from "./context.js";
import { stackId } from "./stack-id.js";

/** A release without its assembly. */
export type ReleaseSummary = Omit<ReleaseRecord, "assembly">;

/** The kept releases. */
export async function history(context: OperationContext): Promise<ReleaseSummary[]> {
  return withBackend(context, await stackId(context), async ({ store }) => {
    const serials = await listReleases(store);
    const records = await Promise.all(serials.reverse().map((serial) => getRelease(store, serial)));
    return records.flatMap((record) => {
      if (!record) return [];
      const { assembly: _assembly, ...rest } = record;
      return [rest];
    });
  });
}
