/** State show: the state as recorded, secrets left out. */
import { PankaError, usageError } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { readState } from "../state/read.js";
import { withBackend } from "./access.js";
import type { OperationContext } from "./context.js";
import { shownState } from "./secrets-out.js";
import { stackId } from "./stack-id.js";
import type { StateView } from "./status.js";

/** The state, or only the resource of a URN. Throws PankaError `not-deployed`; a usage error for an unknown URN. */
export async function stateShow(context: OperationContext, only: { urn?: string }): Promise<StateView> {
  return withBackend(context, await stackId(context), async (backend) => {
    const stored = await readState(backend);
    if (!stored) {
      throw new PankaError("not-deployed", `${backend.path} is not deployed`, { next: "panka deploy" });
    }
    const state = shownState(stored.state) as StateView["state"];
    if (only.urn === undefined) return { location: backend.store.location, state };
    const resource = state.resources[only.urn];
    if (!resource) {
      const guess = nearest(only.urn, Object.keys(state.resources));
      throw usageError("unknown-urn", `the state has no ${only.urn}${guess ? `; did you mean ${guess}?` : ""}`, {
        next: "panka state show",
      });
    }
    return { location: backend.store.location, state: { ...state, resources: { [only.urn]: resource } } };
  });
}
