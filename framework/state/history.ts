/** history/: every committed state. */
import type { StateFile } from "../model/state-file.js";
import type { StateStore } from "../model/state-store.js";
import { type CodecContext, decodeState } from "./codec.js";
import { damaged } from "./migrations.js";
import { historyKey, parseHistoryKey } from "./keys.js";

/** One kept state. */
export interface HistoryEntry {
  serial: number;
  fence: number;
}

/** What history/ holds, oldest first. An object may be of a commit that never came about: its fence tells (the higher one counts). */
export async function listHistory(store: StateStore): Promise<HistoryEntry[]> {
  return (await store.list("history/")).flatMap((key) => parseHistoryKey(key) ?? []);
}

/** A kept state, or null. Throws like decodeState. */
export async function readHistory(store: StateStore, entry: HistoryEntry, context: CodecContext): Promise<StateFile | null> {
  const key = historyKey(entry.serial, entry.fence);
  const object = await store.get(key);
  if (!object) return null;
  const state = await decodeState(object.bytes, `${key} at ${store.location}`, context);
  if (state.serial === entry.serial && state.fence === entry.fence) return state;
  throw damaged(`${key} at ${store.location}`, `it holds serial ${state.serial} of fence ${state.fence}`);
}
