/** Refresh: reads every recorded resource and says what changed outside of Panka. */
import { jsonEqual } from "../base/json.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import { toPrior } from "../plan/candidate.js";
import type { Refreshed } from "../plan/make-plan.js";
import { inputSecrets } from "../plan/outputs.js";
import { urnOfKey } from "../plan/selection.js";
import { makeEntry } from "./run-state.js";

/** The state as read, and what differs from what was recorded. Changes nothing; the caller may plan with it or commit it. */
export async function refreshState(
  state: StateFile,
  provider: Provider,
  schemas: SchemaIndex,
  options: { parallel?: number } = {},
): Promise<{ state: StateFile; refreshed: Refreshed }> {
  const keys = Object.keys(state.resources).sort();
  const found = new Map<string, ResourceState | null>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      const old = state.resources[key] as ResourceState;
      const prior = toPrior(old, (sha) => `panka.out/assets/${sha}.zip`);
      const result = await provider.read({ urn: urnOfKey(key), type: old.type, prior });
      found.set(
        key,
        result && {
          ...makeEntry({ ...old, result, secretInputs: inputSecrets(old.secretPaths) }, schemas.type(old.type)),
        },
      );
    }
  };
  await Promise.all(Array.from({ length: options.parallel ?? 32 }, worker));
  const resources: { [key: string]: ResourceState } = {};
  const changed: string[] = [];
  const gone: string[] = [];
  for (const key of keys) {
    const now = found.get(key);
    if (!now) gone.push(key);
    else {
      resources[key] = now;
      if (!jsonEqual(now.outputs, state.resources[key]?.outputs)) changed.push(key);
    }
  }
  return { state: { ...state, resources }, refreshed: { changed, gone } };
}
