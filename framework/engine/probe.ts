/** Probing: was the thing made whose reply never came? By name or id, by tags, or among the parent's children (protocol 6). */
import { isPlainObject, type Json } from "../base/json.js";
import { nameHash } from "../base/names.js";
import { getPath } from "../base/property-path.js";
import type { Intent } from "../model/journal.js";
import { isProviderError, type Props, type Provider, type ProviderResult } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ResourceState } from "../model/state-file.js";
import { identityTags, urnTag } from "../plan/identity.js";
import { urnOfKey } from "../plan/selection.js";

/** Something that was found, with the inputs derived from it. */
export type Finding = ProviderResult & { inputs: Props };

/** What a probe found: nothing, one, several (their import ids), or it can't tell. */
export type ProbeAnswer =
  | { found: "none" }
  | { found: "one"; finding: Finding }
  | { found: "several"; ids: string[] }
  | { found: "unprobeable" };

/** What probing needs. */
export interface ProbeContext {
  provider: Provider;
  schemas: SchemaIndex;
  lineage: string;
  /** Recorded resources: what they hold is not what is looked for. */
  resources: { [key: string]: ResourceState };
}

/** Looks for what an intent to create may have made. */
export async function probe(intent: Pick<Intent, "urn" | "type" | "generation" | "probe">, context: ProbeContext): Promise<ProbeAnswer> {
  if (intent.probe.class === "D") return { found: "unprobeable" };
  if (intent.probe.class === "E") return { found: "none" };
  const candidates = await importIds(intent, context);
  if (candidates === undefined) return { found: "unprobeable" };
  // A thing that was killed before it got its tags can still be found where its name is its id.
  const { name } = intent.probe;
  const byName = candidates.length === 0 && intent.probe.class === "B" && name?.includes(hashOf(intent, context)) ? name : undefined;
  const known = knownIds(intent.urn, context.resources);
  const findings: { id: string; finding: Finding }[] = [];
  for (const importId of byName === undefined ? candidates : [byName]) {
    const finding = await importOne(intent, importId, context.provider, byName !== undefined);
    if (!finding || known.has(finding.id)) continue;
    if (isOurs(intent, finding, context)) findings.push({ id: importId, finding });
  }
  const [first] = findings;
  if (!first) return { found: "none" };
  return findings.length === 1 ? { found: "one", finding: first.finding } : { found: "several", ids: findings.map((f) => f.id) };
}

/** True for what is known by its name or id before it is made: a request that comes twice makes one. */
export function isSingle({ class: known, importId, lookup }: Intent["probe"]): boolean {
  return known === "A" || (importId !== undefined && lookup === undefined);
}

/** Ids to import by; undefined where the provider can't search for the type. */
async function importIds(intent: Pick<Intent, "urn" | "type" | "probe">, context: ProbeContext): Promise<string[] | undefined> {
  const { importId, lookup, name } = intent.probe;
  if (importId !== undefined && !lookup) return [importId];
  if (lookup) {
    try {
      const tags: Props = lookup.tagged ? { tags: identityTags(context.lineage, intent.urn) } : {};
      const result = await context.provider.lookup(lookup.token, { ...(lookup.args as Props), ...tags });
      return textsOf(getPath(result, lookup.output)).map((id) => `${id}${importId ?? ""}`);
    } catch (error) {
      if (isProviderError(error, "not-found")) return [];
      if (isProviderError(error, "unsupported")) return undefined;
      throw error;
    }
  }
  if (intent.probe.class === "A" && name !== undefined) return [name];
  try {
    return await context.provider.findByTags(intent.type, identityTags(context.lineage, intent.urn));
  } catch (error) {
    if (isProviderError(error, "unsupported")) return undefined;
    throw error;
  }
}

function textsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return [...new Set(list.map(String).filter((v) => v !== ""))].sort();
}

/** `guess`: the id may be none that this type knows, so that a refusal means nothing was found. */
async function importOne(
  intent: Pick<Intent, "urn" | "type">,
  importId: string,
  provider: Provider,
  guess: boolean,
): Promise<Finding | null> {
  try {
    return await provider.import({ urn: intent.urn, type: intent.type, importId });
  } catch (error) {
    if (isProviderError(error, "not-found")) return null;
    if (guess && (isProviderError(error, "invalid") || isProviderError(error, "failed"))) return null;
    throw error;
  }
}

/** Ids that the state already holds for a URN, in any generation. */
function knownIds(urn: string, resources: { [key: string]: ResourceState }): Set<string> {
  const ids = new Set<string>();
  for (const [key, state] of Object.entries(resources)) if (urnOfKey(key) === urn) ids.add(state.id);
  return ids;
}

/**
 * Ours if both tags match. A thing without our tags is ours only by its name's hash (it may have been made but not tagged yet), or where
 * the type takes no tags. Tags of another stack or resource: not ours.
 */
function isOurs(intent: Pick<Intent, "urn" | "type" | "generation" | "probe">, finding: Finding, context: ProbeContext): boolean {
  const schema = context.schemas.type(intent.type);
  if (!schema?.taggable) return true;
  const owner = ownerOf(finding);
  if (owner) return isOwner(owner, context.lineage, intent.urn);
  return (intent.probe.name ?? intent.probe.importId ?? "").includes(hashOf(intent, context));
}

/** Which resource a thing is by its tags, as far as they say. */
export interface TagOwner {
  lineage: Json | undefined;
  urn: Json | undefined;
}

/** What a thing's tags say of whose it is; undefined where it has none of Panka's. */
export function ownerOf({ inputs, outputs }: Finding): TagOwner | undefined {
  const tags = { ...tagMap(inputs["tags"]), ...tagMap(outputs["tags"]), ...tagMap(outputs["tagsAll"]) };
  const owner = { lineage: tags["panka:lineage"], urn: tags["panka:urn"] };
  return owner.lineage === undefined && owner.urn === undefined ? undefined : owner;
}

/** True if both tags are those of this resource. */
export function isOwner(owner: TagOwner, lineage: string, urn: string): boolean {
  return owner.lineage === lineage && owner.urn === urnTag(urn);
}

function hashOf(intent: Pick<Intent, "urn" | "generation">, context: ProbeContext): string {
  return nameHash(context.lineage, intent.urn, intent.generation);
}

function tagMap(value: Json | undefined): { [key: string]: Json } {
  return isPlainObject(value) ? (value as { [key: string]: Json }) : {};
}
