/** What recovery asks of journal entries. */
import type { Done, Intent, JournalEntry } from "../model/journal.js";
import type { ResourceState } from "../model/state-file.js";

/** One attempt, as `--forget` names it: `<urn>@<fence>.<seq>`. */
export function stepOf({ intent, fence, seq }: JournalEntry): string {
  return `${intent.urn}@${fence}.${seq}`;
}

/** Of several open intents about one thing and operation the last one counts: the earlier were sent again. */
export function lastPerKey(entries: readonly JournalEntry[]): JournalEntry[] {
  const last = new Map<string, JournalEntry>();
  for (const e of entries) last.set(`${e.intent.key} ${e.intent.op} ${e.intent.generation} ${e.intent.action ?? ""}`, e);
  return [...last.values()];
}

/** What a displaced run says late of a resource that its successor deleted and made anew, under the same key and generation, is not about the new one. */
export function isAnother(current: ResourceState, intent: Intent, done?: Done): boolean {
  const id = intent.id ?? (intent.op === "delete" ? done?.id : undefined);
  return id !== undefined && current.id !== id && current.id !== done?.id;
}
