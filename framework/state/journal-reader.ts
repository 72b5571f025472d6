/** Reads what earlier runs left in the journal and did not seal. Protocol section 6. */
import { messageOf, PankaError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import type { Done, Intent, JournalEntry, JournalObject } from "../model/journal.js";
import type { StateFile } from "../model/state-file.js";
import type { StateStore } from "../model/state-store.js";
import type { CodecContext } from "./codec.js";
import { retrying } from "./deps.js";
import { parseJournalKey } from "./keys.js";
import { openPaths, sealContext } from "./secrets.js";
import type { Clock } from "../base/clock.js";

/** Objects read at once. */
const AT_ONCE = 16;
const RETRY_MS = 20_000;
/** Seals kept in the state. */
const KEPT_SEALS = 50;

/** What is to be recovered, and how far each journal was read. */
export interface UnsealedJournals {
  /** By fence, then seq: entries written after an older seal first, then the unsealed ones. */
  entries: JournalEntry[];
  /** Fence -> highest seq found; what a sealing commit records. */
  lastSeqs: Map<number, number>;
}

/** True if this object is not folded into the state: of an unsealed fence, or written after its fence's seal. */
export function isUnsealed(state: StateFile, fence: number, seq: number): boolean {
  if (fence > state.sealed.fence) return true;
  const seals = state.seals ?? { [state.sealed.fence]: state.sealed.lastSeq };
  const known = Object.keys(seals).map(Number);
  const floor = known.length ? Math.min(...known) : state.sealed.fence;
  return fence >= floor && seq > (seals[fence] ?? 0);
}

/** Reads all unsealed entries below `myFence`. Secrets are opened where the key is at hand. Throws PankaError `damaged-journal`. */
export async function readJournals(
  deps: { store: StateStore; clock: Clock } & CodecContext,
  state: StateFile,
  myFence: number,
): Promise<UnsealedJournals> {
  const keys = (await retrying(deps, RETRY_MS, () => deps.store.list("journal/"))).flatMap((key) => {
    const at = parseJournalKey(key);
    return at && at.fence < myFence ? [{ key, ...at }] : [];
  });
  const lastSeqs = new Map<number, number>();
  for (const { fence, seq } of keys) lastSeqs.set(fence, Math.max(seq, lastSeqs.get(fence) ?? 0));
  const wanted = keys.filter((k) => isUnsealed(state, k.fence, k.seq));
  const objects = await readAll(
    deps,
    wanted.map((k) => k.key),
  );
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
  const ordered = [...entries.values()].sort((a, b) => a.fence - b.fence || a.seq - b.seq);
  return { entries: await Promise.all(ordered.map((e) => openEntry(deps, e))), lastSeqs };
}

async function readAll(deps: { store: StateStore; clock: Clock }, keys: string[]): Promise<(JournalObject | undefined)[]> {
  const objects: (JournalObject | undefined)[] = new Array(keys.length);
  let at = 0;
  const worker = async (): Promise<void> => {
    for (let i = at++; i < keys.length; i = at++) {
      const key = keys[i] as string;
      const stored = await retrying(deps, RETRY_MS, () => deps.store.get(key));
      if (stored) objects[i] = parse(stored.bytes, key, deps.store.location);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, keys.length) }, worker));
  return objects;
}

function parse(bytes: Uint8Array, key: string, location: string): JournalObject {
  try {
    const object = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as JournalObject;
    if (object.version === 1 && (object.kind === "intent" || object.kind === "done")) return object;
    throw new TypeError(`version ${String((object as { version: unknown }).version)} is unknown`);
  } catch (error) {
    throw new PankaError("damaged-journal", `${key} at ${location} can't be read: ${messageOf(error)}. Nothing was touched`, {
      next: "compare the cloud with panka state show, then remove the object",
    });
  }
}

async function openEntry(deps: CodecContext, entry: JournalEntry): Promise<JournalEntry> {
  const { intent, done } = entry;
  const context = (p: string): string => sealContext(deps.path, intent.key, p);
  const open = (value: { [part: string]: Json }, paths: string[] | undefined) => openPaths(value, paths ?? [], deps.cipher, context);
  const inputs = intent.inputs ? ((await open({ inputs: intent.inputs }, intent.secretPaths)) as Pick<Intent, "inputs">) : {};
  const outputs = done?.outputs ? ((await open({ outputs: done.outputs }, done.secretPaths)) as Pick<Done, "outputs">) : {};
  return { ...entry, intent: { ...intent, ...inputs }, ...(done ? { done: { ...done, ...outputs } } : {}) };
}

/** The seal of a run: its own journal and all that it read are folded into `state`. */
export function sealJournals(
  state: StateFile,
  fence: number,
  lastSeq: number,
  read: Map<number, number>,
): Pick<StateFile, "sealed" | "seals"> {
  const all = { ...state.seals };
  for (const [f, seq] of read) all[f] = Math.max(seq, all[f] ?? 0);
  all[fence] = lastSeq;
  const kept = Object.entries(all)
    .sort((a, b) => Number(b[0]) - Number(a[0]))
    .slice(0, KEPT_SEALS);
  return { sealed: { fence, lastSeq }, seals: Object.fromEntries(kept) };
}
