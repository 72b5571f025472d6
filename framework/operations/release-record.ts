/** What a release record says of the run that it is of, whatever the operation. */
import type { ReleaseRecord, StateFile } from "../model/state-file.js";
import type { Backend } from "./backend.js";
import type { OperationContext } from "./context.js";
import { gitFacts } from "./git.js";
import { imagesOf } from "./images.js";

/** What the operation itself says. `status`: default good. */
export type ReleaseContent = Pick<
  ReleaseRecord,
  "operation" | "assemblyHash" | "assembly" | "summary" | "partial" | "imported" | "plan" | "approvedBy"
> &
  Partial<Pick<ReleaseRecord, "status">>;

/** The record of a run that committed `state`, by its own clock, user and working copy. */
export function releaseRecord(
  context: OperationContext,
  backend: Pick<Backend, "id">,
  state: Pick<StateFile, "serial" | "fence" | "lookups" | "resources">,
  content: ReleaseContent,
): ReleaseRecord {
  const git = gitFacts(context.settings.projectRoot);
  const { regional } = backend.id;
  const images = imagesOf(state);
  return {
    version: 1,
    serial: state.serial,
    fence: state.fence,
    status: "good",
    at: new Date(context.clock.now()).toISOString(),
    by: `${context.process.user}@${context.process.host}`,
    ...content,
    ...(Object.keys(images).length > 0 ? { images } : {}),
    ...(Object.keys(context.images ?? {}).length > 0 ? { imageOverrides: { ...context.images } } : {}),
    ...(git.commit ? { gitCommit: git.commit } : {}),
    ...(regional === undefined ? {} : { regions: { ...context.regionSerials, [regional]: state.serial } }),
  };
}
