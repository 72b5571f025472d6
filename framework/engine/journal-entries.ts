/** What recovery asks of journal entries. */
import type { Done, Intent, JournalEntry } from "../model/journal.js";
import type { ResourceState } from "../model/state-file.js";

/** One attempt, as `--forget` names it: `<urn>@<fence>.<seq>`. */
export function stepOf({ intent, fence, seq }: JournalEntry): string {
  return `${intent.urn}@${fence}.${seq}`;
}

/** True if one of the steps is this attempt or a later one at the same: who looked after that has seen what earlier ones left. */
export function isCovered(entry: JournalEntry, steps: readonly string[]): boolean {
  return steps.some((step) => {
    const at = step.lastIndexOf("@");
    const [fence = 0, seq = 0] = step
      .slice(at + 1)
      .split(".")
      .map(Number);
    return step.slice(0, at) === entry.intent.urn && (fence > entry.fence || (fence === entry.fence && seq >= entry.seq));
  });
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
