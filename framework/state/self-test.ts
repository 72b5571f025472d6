/** Does a store honour If-Match and If-None-Match? Without them two runs could overwrite each other's state. */
import type { Random } from "../base/clock.js";
import { PankaError } from "../base/errors.js";
import { type Again, isStoreError, type StateStore, type WriteCondition } from "../model/state-store.js";

const text = new TextDecoder();

/**
 * Writes, and tries to write where it must be refused, below `selftest/`. `again` is given each call by itself: of a store that fails now
 * and then five calls in a row seldom pass. Throws PankaError `unsafe-store`, and the StoreError of a call that did not pass.
 */
export async function selfTest(store: StateStore, random: Random, again: Again): Promise<void> {
  const key = `selftest/${random.uuid()}`;
  const put = (content: string, condition: WriteCondition): Promise<string> => store.put(key, new TextEncoder().encode(content), condition);
  // A write whose reply was lost is refused when it is sent again: then it is there.
  const written = (content: string, condition: WriteCondition): Promise<string> =>
    again(() =>
      put(content, condition).catch(async (error) => {
        const found = isStoreError(error, "refused") ? await store.get(key) : null;
        if (found && text.decode(found.bytes) === content) return found.tag;
        throw error;
      }),
    );
  const refuses = (content: string, condition: WriteCondition): Promise<boolean> =>
    again(() =>
      put(content, condition).then(
        () => false,
        (error) => {
          if (isStoreError(error, "refused")) return true;
          throw error;
        },
      ),
    );
  const tag = await written("1", { ifNoneMatch: true });
  try {
    if (!(await refuses("2", { ifNoneMatch: true }))) throw unsafe(store, "If-None-Match");
    const replaced = await written("3", { ifMatch: tag });
    if (replaced === tag || !(await refuses("4", { ifMatch: tag }))) throw unsafe(store, "If-Match");
  } finally {
    await store.delete(key).catch(() => {});
  }
}

function unsafe({ location }: StateStore, ignored: string): PankaError {
  return new PankaError("unsafe-store", `${location} ignores ${ignored}, so two runs could overwrite each other's state`, {
    next: "use a store with conditional writes; --unsafe-store goes on without them",
  });
}
