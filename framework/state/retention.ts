/** What is dropped after a commit: journals that are folded in, and old states. Best effort and short; what is left is dropped another time. Protocol section 5. */
import type { StateFile } from "../model/state-file.js";
import type { ReadDeps } from "./deps.js";
import { listHistory, readHistory } from "./history.js";
import { isUnsealed } from "./journal-reader.js";
import { historyKey, parseJournalKey } from "./keys.js";

/** The newest states are always kept. */
export const KEEP_STATES = 20;
/** Others are kept this long, ms: 90 days. */
export const KEEP_MS = 90 * 86_400_000;
/** No more than this is spent, ms. */
const TIME_MS = 2_000;
/** Objects deleted at once. */
const AT_ONCE = 16;
/** States looked into per commit. */
const LOOKS = 5;

/** Drops it. `state` was committed just now. Throws what the store throws; nothing that is still needed is gone then. */
export async function dropOld(deps: ReadDeps, state: StateFile): Promise<void> {
  const end = deps.clock.monotonic() + TIME_MS;
  const journals = (await deps.store.list("journal/")).filter((key) => {
    const at = parseJournalKey(key);
    return at !== undefined && !isUnsealed(state, at.fence, at.seq);
  });
  for (let i = 0; i < journals.length && deps.clock.monotonic() < end; i += AT_ONCE) {
    // All of them end here, also where one fails: nothing may go on after the lock is let go.
    const sent = await Promise.allSettled(journals.slice(i, i + AT_ONCE).map((key) => deps.store.delete(key)));
    const failed = sent.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }
  const old = (await listHistory(deps.store)).slice(0, -KEEP_STATES);
  for (const entry of old.slice(0, LOOKS)) {
    const kept = await readHistory(deps.store, entry, deps);
    if (kept?.committedAt !== undefined && deps.clock.now() - Date.parse(kept.committedAt) < KEEP_MS) return;
    await deps.store.delete(historyKey(entry.serial, entry.fence));
  }
}
