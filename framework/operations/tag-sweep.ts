/** The tag sweep: after a run that made something, are there two live resources with one URN? Protocol section 6. One call, unless something is found. */
import { messageOf } from "../base/errors.js";
import { componentOf } from "../base/names.js";
import type { EventSink } from "../model/events.js";
import { isProviderError, type Provider } from "../model/provider.js";
import type { StateFile } from "../model/state-file.js";
import { identityTags, urnTag } from "../plan/identity.js";

/** Warns of each URN that two or more live resources of its type carry. What the cloud's list still shows of deleted ones is looked at and left out. */
export async function sweepTags(provider: Provider, state: StateFile, emit: EventSink): Promise<void> {
  const warn = (code: string, message: string, path?: string, next?: string): void =>
    emit({ type: "diagnostic", diagnostic: { severity: "warning", code, message, ...(path ? { path } : {}), ...(next ? { next } : {}) } });
  try {
    for (const urn of await suspects(provider, state)) {
      const { type } = state.resources[urn] as { type: string };
      const ids = await live(provider, state.lineage, urn, type);
      if (ids.length < 2) continue;
      const others = ids.filter((id) => id !== state.resources[urn]?.id);
      const message = `${ids.length} resources carry its URN; ${others.join(", ")} ${others.length === 1 ? "is" : "are"} not in the state (${type})`;
      warn("doubled", message, componentOf(urn), "look at it in the cloud and delete what nobody uses");
    }
  } catch (error) {
    if (!isProviderError(error)) throw error;
    warn("not-swept", `whether anything was made twice could not be looked up: ${messageOf(error)}`);
  }
}

/** URNs of the state whose tag more than one resource carries. */
async function suspects(provider: Provider, state: StateFile): Promise<string[]> {
  const counts = new Map<string, number>();
  for (const { tags } of await provider.tagged({ "panka:lineage": state.lineage })) {
    const tag = tags["panka:urn"];
    if (tag) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return Object.keys(state.resources).filter((urn) => (counts.get(urnTag(urn)) ?? 0) > 1);
}

/** Ids of the resources of a type that carry a URN and are there now. A type that can't be searched has none. */
async function live(provider: Provider, lineage: string, urn: string, type: string): Promise<string[]> {
  const ids = new Set<string>();
  const found = await provider.findByTags(type, identityTags(lineage, urn)).catch((error) => {
    if (isProviderError(error, "unsupported")) return [];
    throw error;
  });
  for (const importId of found) {
    const one = await provider.import({ urn, type, importId }).catch((error) => {
      if (isProviderError(error, "not-found")) return null;
      throw error;
    });
    if (one) ids.add(one.id);
  }
  return [...ids].sort();
}
