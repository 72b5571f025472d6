/** Refresh: reads every recorded resource and says what changed outside of Panka. */
import { abreast } from "../base/abreast.js";
import { jsonEqual } from "../base/json.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import { toPrior } from "../plan/candidate.js";
import type { Refreshed } from "../plan/make-plan.js";
import { inputSecrets } from "../plan/outputs.js";
import { urnOfKey } from "../plan/selection.js";
import { makeEntry } from "./run-state.js";

/** Resources read at the same time. */
const AT_ONCE = 32;

/** The state as read, and what differs from what was recorded. Changes nothing; the caller may plan with it or commit it. */
export async function refreshState(
  state: StateFile,
  provider: Provider,
  schemas: SchemaIndex,
): Promise<{ state: StateFile; refreshed: Refreshed }> {
  const keys = Object.keys(state.resources).sort();
  const found = await abreast(keys, AT_ONCE, async (key) => {
    const old = state.resources[key] as ResourceState;
    const prior = toPrior(old, (sha) => `panka.out/assets/${sha}.zip`);
    const result = await provider.read({ urn: urnOfKey(key), type: old.type, prior });
    return result && makeEntry({ ...old, result, secretInputs: inputSecrets(old.secretPaths) }, schemas.type(old.type));
  });
  const resources: { [key: string]: ResourceState } = {};
  const changed: string[] = [];
  const gone: string[] = [];
  for (const [i, key] of keys.entries()) {
    const now = found[i];
    if (!now) gone.push(key);
    else {
      resources[key] = now;
      if (!jsonEqual(now.outputs, state.resources[key]?.outputs)) changed.push(key);
    }
  }
  return { state: { ...state, resources }, refreshed: { changed, gone } };
}
