/** What stands, as one hash: two states with the same one hold the same resources and look-ups, whatever runs came between that changed nothing. */
import { hashJson, type Json } from "../base/json.js";
import type { ResourceState, StateFile } from "../model/state-file.js";
import { cutPaths } from "./secrets.js";

/** SHA-256 of what stands; that of no state is that of an empty one. Secret values are left out, so that none can be guessed from it. */
export async function stateFingerprint(state: Pick<StateFile, "resources" | "lookups"> | null): Promise<string> {
  const resources: { [key: string]: unknown } = {};
  for (const [key, resource] of Object.entries(state?.resources ?? {})) resources[key] = await withoutSecrets(resource);
  return hashJson({ resources, lookups: state?.lookups ?? {} });
}

async function withoutSecrets(resource: ResourceState): Promise<unknown> {
  // The provider's private bytes are its own affair, and may hold anything.
  const { inputs, outputs, private: _private, ...rest } = resource;
  const both = await cutPaths({ inputs, outputs } as Json, resource.secretPaths);
  return { ...rest, ...(both as object) };
}
