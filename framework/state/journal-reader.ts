/** Reads what earlier runs left in the journal and did not seal. Protocol section 6. */
import { abreast } from "../base/abreast.js";
import type { Clock } from "../base/clock.js";
import { PankaError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { componentOf } from "../base/names.js";
import type { Done, Intent, JournalEntry, JournalObject } from "../model/journal.js";
import type { LockScope } from "../model/locker.js";
import { ownsResource, STACK_SCOPE } from "../model/scopes.js";
import type { StateFile } from "../model/state-file.js";
import type { StateStore } from "../model/state-store.js";
import type { CodecContext } from "./codec.js";
import { retrying } from "./deps.js";
import { decodeJournal, sealsJournal } from "./journal-codec.js";
import { parseJournalKey } from "./keys.js";
import { openPaths, sealContext } from "./secrets.js";

/** Objects read at once. */
const AT_ONCE = 16;
/** How long a store that does not answer is asked again. */
const PATIENCE_MS = 60_000;
/** Seals kept in the state. */
const KEPT_SEALS = 50;

/** What is to be recovered, and how far each journal was read. */
export interface UnsealedJournals {
  /** By fence, then seq: entries written after an older seal first, then the unsealed ones. */
  entries: JournalEntry[];
  /** Fence -> highest seq found; what a sealing commit records. */
  lastSeqs: Map<number, number>;
  /** Fence -> seqs below its highest one that are not there: they may still be on their way. */
  gaps: Map<number, number[]>;
}

/** True if this object is not folded into the state: of an unsealed fence, or written after its fence's seal. */
export function isUnsealed(state: StateFile, fence: number, seq: number): boolean {
  const seals = sealsOf(state);
  const seal = seals[fence];
  if (seal !== undefined) return seq > seal || (state.gaps?.[fence] ?? []).includes(seq);
  if (fence > state.sealed.fence) return true;
  // A run that was displaced before its first entry has no seal; below what is kept all is settled.
  const all = state.seals !== undefined && Object.keys(seals).length < KEPT_SEALS;
  return all || fence >= Math.min(...Object.keys(seals).map(Number));
}

/** True if no run is unfinished: every fence that passed a barrier is sealed. */
export function isSealed(state: StateFile): boolean {
  const seals = sealsOf(state);
  return Object.values(state.fences).every((fence) => fence <= state.sealed.fence || seals[fence] !== undefined);
}

/**
 * True if an earlier run left steps that are not folded in. One that was killed before its first step, or that makes none, left no
 * more than its fence. Throws like {@link readJournals}.
 */
export async function leftSteps(deps: { store: StateStore; clock: Clock } & CodecContext, state: StateFile): Promise<boolean> {
  return !isSealed(state) && (await readJournals(deps, state, Number.MAX_SAFE_INTEGER)).entries.length > 0;
}

function sealsOf(state: StateFile): { [fence: string]: number } {
  const { fence, lastSeq } = state.sealed;
  return { ...state.seals, [fence]: Math.max(lastSeq, state.seals?.[fence] ?? 0) };
}

/**
 * Reads all unsealed entries below `myFence` that the holder of `scope` may settle: journals of its own part. Another part's journal may be
 * of a run that is at work now, and is left alone. Secrets are opened where the key is at hand.
 * Throws PankaError `damaged-journal`, `cannot-decrypt`, `no-key`; `other-scope-journal` for one that reaches into this scope and beyond it.
 */
export async function readJournals(
  deps: { store: StateStore; clock: Clock } & CodecContext,
  state: StateFile,
  myFence: number,
  scope: LockScope = STACK_SCOPE,
): Promise<UnsealedJournals> {
  const keys = (await retrying(deps, PATIENCE_MS, () => deps.store.list("journal/"))).flatMap((key) => {
    const at = parseJournalKey(key);
    return at && at.fence < myFence ? [{ key, ...at }] : [];
  });
  const lastSeqs = new Map<number, number>();
  for (const { fence, seq } of keys) lastSeqs.set(fence, Math.max(seq, lastSeqs.get(fence) ?? 0));
  const wanted = keys.filter((k) => isUnsealed(state, k.fence, k.seq));
  const objects = await readAll(deps, state, wanted);
  const entries = new Map<string, JournalEntry>();
  wanted.forEach(({ fence, seq }, i) => {
    const object = objects[i];
    if (object?.kind === "intent") entries.set(`${fence}/${seq}`, { fence, seq, intent: object.intent });
  });
  wanted.forEach(({ fence }, i) => {
    const object = objects[i];
    if (object?.kind !== "done") return;
    for (const done of object.dones) {
      const entry = entries.get(`${fence}/${done.of}`);
      if (entry) entry.done = done;
    }
  });
  const own = ownFences([...entries.values()], scope);
  if (scope !== STACK_SCOPE) for (const fence of lastSeqs.keys()) if (!own.has(fence)) lastSeqs.delete(fence);
  const ordered = [...entries.values()]
    .filter((e) => scope === STACK_SCOPE || own.has(e.fence))
    .sort((a, b) => a.fence - b.fence || a.seq - b.seq);
  const gaps = new Map([...lastSeqs].map(([fence, last]) => [fence, gapsOf(state, fence, last, keys)]));
  return { entries: await Promise.all(ordered.map((e) => openEntry(deps, e))), lastSeqs, gaps };
}

/** Seqs of a fence that are not folded in and not there. What a seal covers may have been dropped since. */
function gapsOf(state: StateFile, fence: number, last: number, keys: readonly { fence: number; seq: number }[]): number[] {
  const there = new Set(keys.filter((k) => k.fence === fence).map((k) => k.seq));
  const gaps: number[] = [];
  for (let seq = 1; seq <= last; seq++) if (!there.has(seq) && isUnsealed(state, fence, seq)) gaps.push(seq);
  return gaps;
}

/** Fences whose entries all lie in the scope. */
function ownFences(entries: readonly JournalEntry[], scope: LockScope): Set<number> {
  const inside = new Set<number>();
  const outside = new Map<number, string>();
  for (const { fence, intent } of entries) {
    if (ownsResource(scope, intent.key)) inside.add(fence);
    else outside.set(fence, intent.key);
  }
  for (const fence of inside) {
    const other = outside.get(fence);
    if (other === undefined) continue;
    throw new PankaError(
      "other-scope-journal",
      `an earlier run (fence ${fence}) left steps of ${scope} and of ${componentOf(other.replace(/#\d+$/, ""))} unsettled; a run of ${scope} alone can't settle them. Nothing was touched`,
      { next: "panka deploy --lock-scope stack" },
    );
  }
  return inside;
}

async function readAll(
  deps: { store: StateStore; clock: Clock } & CodecContext,
  state: StateFile,
  wanted: readonly { key: string; fence: number; seq: number }[],
): Promise<(JournalObject | undefined)[]> {
  const { path, cipher, store } = deps;
  return abreast(wanted, AT_ONCE, async ({ key, fence, seq }) => {
    const stored = await retrying(deps, PATIENCE_MS, () => store.get(key));
    if (!stored) return undefined;
    const context = { cipher, location: `${key} at ${store.location}`, sealedOnly: sealsJournal(state, fence) };
    return decodeJournal(stored.bytes, { path, lineage: state.lineage, fence, seq }, context);
  });
}

async function openEntry(deps: CodecContext, entry: JournalEntry): Promise<JournalEntry> {
  const { intent, done } = entry;
  const context = (p: string): string => sealContext(deps.path, intent.key, p);
  const open = (value: { [part: string]: Json }, paths: string[] | undefined) => openPaths(value, paths ?? [], deps.cipher, context);
  const inputs = intent.inputs ? ((await open({ inputs: intent.inputs }, intent.secretPaths)) as Pick<Intent, "inputs">) : {};
  const outputs = done?.outputs ? ((await open({ outputs: done.outputs }, done.secretPaths)) as Pick<Done, "outputs">) : {};
  return { ...entry, intent: { ...intent, ...inputs }, ...(done ? { done: { ...done, ...outputs } } : {}) };
}

/**
 * The seal of a run, but for its open intents and for what was missing in the journals that it read: its own journal and all that it read are folded into `state`. A stack-wide run seals every lower fence at once;
 * a narrower one only those that it names: another part's run may be at work under a lower fence.
 */
export function sealJournals(
  state: StateFile,
  own: { scope: LockScope; fence: number; lastSeq: number; open: readonly number[] },
  read: Pick<UnsealedJournals, "lastSeqs" | "gaps">,
): Pick<StateFile, "sealed" | "seals" | "gaps"> {
  const { fence, lastSeq } = own;
  const all = { ...state.seals };
  for (const [f, seq] of read.lastSeqs) all[f] = Math.max(seq, all[f] ?? 0);
  all[fence] = lastSeq;
  // An empty list says that there are none any more, also where this is merged into what another scope wrote.
  const gaps: { [fence: string]: number[] } = { ...state.gaps, [fence]: [...own.open] };
  for (const [f, missing] of read.gaps) gaps[f] = missing;
  if (own.scope !== STACK_SCOPE) return { sealed: state.sealed, seals: all, gaps };
  const kept = Object.entries(all)
    .sort((a, b) => Number(b[0]) - Number(a[0]))
    .slice(0, KEPT_SEALS);
  const seals = Object.fromEntries(kept);
  const left = Object.entries(gaps).filter(([f, missing]) => missing.length > 0 && seals[f] !== undefined);
  return { sealed: { fence, lastSeq }, seals, gaps: left.length > 0 ? Object.fromEntries(left) : undefined };
}
