/** What a holder changes of the one state: all of it for `*`, its own service's or component's part for a narrower scope. */
import type { LockScope } from "../model/locker.js";
import { ownsComponent, ownsResource, STACK_SCOPE } from "../model/scopes.js";
import type { StateFile } from "../model/state-file.js";

/**
 * `mine` put over `base`, which another holder may have committed meanwhile. Lineage, fences, commits, format and what is encrypted are the base's;
 * a narrower scope brings only its own resources and outputs, its seals, and look-ups and allotments that the base lacks. `moved`: another
 * holder did commit meanwhile, so that nothing can be said of the whole any more.
 */
export function mergeScope(base: StateFile, mine: StateFile, scope: LockScope, moved = false): StateFile {
  const { version, lineage, serial, fence, fences, commits, nonce, journalsSealedFrom, releasesSealedFrom } = base;
  const sealedFrom = {
    ...(journalsSealedFrom === undefined ? {} : { journalsSealedFrom }),
    ...(releasesSealedFrom === undefined ? {} : { releasesSealedFrom }),
  };
  const fixed = { version, lineage, serial, fence, fences, commits, nonce, ...sealedFrom };
  if (scope === STACK_SCOPE) return { ...mine, ...fixed };
  const ownComponent = (address: string): boolean => ownsComponent(scope, address);
  const ownOutput = (entry: string): boolean => ownComponent(entry.slice(0, entry.indexOf(".")));
  return {
    ...base,
    resources: mergePart(base.resources, mine.resources, (key) => ownsResource(scope, key)),
    outputs: mergePart(base.outputs, mine.outputs, ownComponent),
    secretOutputs: [...base.secretOutputs.filter((e) => !ownOutput(e)), ...mine.secretOutputs.filter(ownOutput)].sort(),
    lookups: { ...mine.lookups, ...base.lookups },
    allotments: mergeAllotments(base.allotments, mine.allotments),
    assemblyHash: moved ? null : mine.assemblyHash,
    ...mergeSeals(base, mine),
  };
}

/** Of each journal the higher seal, with its gaps; of one seal only the gaps that both still know: what is settled stays so. */
function mergeSeals(base: StateFile, mine: StateFile): Pick<StateFile, "seals" | "gaps"> {
  if (!mine.seals && !mine.gaps) return {};
  const seals = { ...base.seals };
  const gaps = { ...base.gaps };
  for (const [fence, seq] of Object.entries(mine.seals ?? {})) {
    const known = base.seals?.[fence];
    if (known !== undefined && known > seq) continue;
    seals[fence] = seq;
    const left = mine.gaps?.[fence] ?? [];
    gaps[fence] = known === seq ? left.filter((gap) => gaps[fence]?.includes(gap)) : left;
  }
  return { seals, ...(Object.keys(gaps).length > 0 ? { gaps } : {}) };
}

function mergePart<T>(base: { [key: string]: T }, mine: { [key: string]: T }, own: (key: string) => boolean): { [key: string]: T } {
  const kept = Object.entries(base).filter(([key]) => !own(key));
  return Object.fromEntries([...kept, ...Object.entries(mine).filter(([key]) => own(key))]);
}

/** What the base has stands; of mine comes what it lacks, but no number that it has given to another key. */
function mergeAllotments(base: StateFile["allotments"], mine: StateFile["allotments"]): StateFile["allotments"] {
  const merged = { ...base };
  for (const [pool, numbers] of Object.entries(mine)) {
    const taken = new Set(Object.values(base[pool] ?? {}));
    const added = Object.entries(numbers).filter(([, number]) => !taken.has(number));
    merged[pool] = { ...Object.fromEntries(added), ...base[pool] };
  }
  return merged;
}
