/** What recovery asks of journal entries. */
import type { Done, Intent, JournalEntry } from "../model/journal.js";
import { ownsResource } from "../model/scopes.js";
import type { ResourceState, StateFile } from "../model/state-file.js";

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

/**
 * The outcome of an update by a displaced run, where a later one has committed since: which of them came last is not known, so it counts as
 * open, and the cloud is asked.
 */
export function withoutLateOutcome(entry: JournalEntry, state: StateFile): JournalEntry {
  const { intent, fence, seq } = entry;
  return intent.op === "update" && isLate(entry, state) ? { fence, seq, intent } : entry;
}

/**
 * What is to be read again of a create that came to light late: of what nothing is recorded a successor may have found it, adopted it and
 * deleted it since. Undefined: its outcome stands.
 */
export function lateCreate(entry: JournalEntry, state: StateFile): JournalEntry | undefined {
  const { intent, fence, seq, done } = entry;
  if (intent.op !== "create" || done?.id === undefined || state.resources[intent.key] || !isLate(entry, state)) return undefined;
  return { fence, seq, intent: { ...intent, op: "update", id: done.id } };
}

/** A later run has committed since. */
function isLate({ intent, fence }: JournalEntry, state: StateFile): boolean {
  return Object.entries(state.commits).some(([scope, commit]) => commit.fence > fence && ownsResource(scope, intent.key));
}

/** An open intent, and how many there are about its thing and operation. */
export interface OpenEntry {
  entry: JournalEntry;
  attempts: number;
}

/** Of several open intents about one thing and operation the last one counts: the earlier were sent again. */
export function lastPerKey(entries: readonly JournalEntry[]): OpenEntry[] {
  const last = new Map<string, OpenEntry>();
  for (const entry of entries) {
    const { key, op, generation, action = "" } = entry.intent;
    const same = `${key} ${op} ${generation} ${action}`;
    last.set(same, { entry, attempts: (last.get(same)?.attempts ?? 0) + 1 });
  }
  return [...last.values()];
}

/** What a displaced run says late of a resource that its successor deleted and made anew, under the same key and generation, is not about the new one. */
export function isAnother(current: ResourceState, intent: Intent, done?: Done): boolean {
  const id = intent.id ?? (intent.op === "delete" ? done?.id : undefined);
  return id !== undefined && current.id !== id && current.id !== done?.id;
}
