/** What the checker knows of the steps that were written into journals. */
import type { Intent, JournalObject } from "../../framework/model/journal.js";
import type { StateFile } from "../../framework/model/state-file.js";
import { isUnsealed } from "../../framework/state/journal-reader.js";

/** An intent, and what has become of it. */
export interface NotedIntent {
  urn: string;
  op: string;
  /** The thing that it changes or deletes. */
  of?: string | undefined;
  /** Its call has reached the cloud. */
  called: boolean;
  done: boolean;
  /** What it made, where the journal says it. */
  id?: string;
}

/** Fence -> seq -> intent. */
export type NotedJournals = Map<number, Map<number, NotedIntent>>;

/** Notes what was written into the journal of a fence: an intent, or what has become of some. */
export function noteObject(journals: NotedJournals, fence: number, object: JournalObject): void {
  const intents = journals.get(fence) ?? new Map<number, NotedIntent>();
  journals.set(fence, intents);
  if (object.kind === "intent") {
    intents.set(object.intent.seq, noted(object.intent));
    return;
  }
  for (const done of object.dones) {
    const intent = intents.get(done.of);
    if (intent) Object.assign(intent, { done: true, ...(done.id === undefined ? {} : { id: done.id }) });
  }
}

function noted({ urn, op, id: of }: Intent): NotedIntent {
  return { urn, op, of, called: false, done: false };
}

/** True if a journal that the next run reads tells of a thing; one without a URN is known by its type. */
export function isJournaled(journals: NotedJournals, state: StateFile, urn: string, type: string): boolean {
  for (const [fence, intents] of journals) {
    for (const [seq, intent] of intents) {
      const same = urn !== "" ? intent.urn === urn : intent.urn.includes(`::${type}::`);
      if (same && isUnsealed(state, fence, seq)) return true;
    }
  }
  return false;
}
