/**
 * The dump: outcomes that a run could not write to its store, kept encrypted on this machine until the next run. Protocol section 7.
 *
 * `<project>/.panka/dumps/<stack>/<environment>/<lineage>-<fence>.json`: `{version, lineage, fence, sealed}`. `sealed` is the outcomes
 * under the key file in the home folder, which needs no network; lineage and fence are bound into it. Every intent is durable in the
 * store before its call, so the outcomes are all that can be missing there, and a machine without the dump finds them by probing.
 */
import { readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Random } from "../base/clock.js";
import { messageOf, PankaError } from "../base/errors.js";
import { codeOf, makeFolder } from "../base/folders.js";
import { canonicalJson } from "../base/json.js";
import type { Cipher, Encrypted } from "../model/cipher.js";
import type { EventSink } from "../model/events.js";
import type { Done } from "../model/journal.js";
import { cipherFrom } from "../state/cipher-source.js";
import { replaceWhole } from "../state/durable-files.js";
import type { UnsealedJournals } from "../state/journal-reader.js";

/** Outcomes of the run that held `fence`. */
export interface RunDump {
  lineage: string;
  fence: number;
  dones: Done[];
}

/** Where the dumps of one stack and environment are kept. */
export interface DumpPlace {
  /** Writes a dump, durable, readable by its owner only; returns its path as shown to people. One of the same fence is replaced. */
  write(dump: RunDump): Promise<string>;
  /** The dumps of a lineage. Throws PankaError `unreadable-dump`. */
  read(lineage: string): Promise<RunDump[]>;
  /** Removes the dumps of a lineage. */
  clear(lineage: string): Promise<void>;
}

const VERSION = 1;

/** Whose dumps they are. */
export interface DumpOwner {
  settings: { projectRoot: string; environment: string };
  home: string;
  env: { [name: string]: string | undefined };
  random: Random;
}

/** The place of a stack's dumps below a project. */
export function dumpPlace(context: DumpOwner, stack: string): DumpPlace {
  const { settings, home, env, random } = context;
  const shown = `.panka/dumps/${stack}/${settings.environment}`;
  const cipher = cipherFrom(undefined, { home, projectRoot: settings.projectRoot, env, random, aws: { region: "" } });
  return folderOfDumps({ folder: join(settings.projectRoot, shown), shown, path: `${stack}/${settings.environment}`, cipher, random });
}

/** Dumps in a folder. `path` (`<stack>/<environment>`) is bound into what is sealed. */
export function folderOfDumps(options: { folder: string; shown: string; path: string; cipher: Cipher; random: Random }): DumpPlace {
  const { folder, shown, path, cipher, random } = options;
  const binding = (lineage: string, fence: number): string => `${path}\n${lineage}\n${fence}\ndump`;
  const names = async (lineage: string): Promise<string[]> => {
    const all = await readdir(folder).catch((error) => (codeOf(error) === "ENOENT" ? [] : Promise.reject(error)));
    return all.filter((name) => name.startsWith(`${lineage}-`) && name.endsWith(".json")).sort();
  };
  const readOne = async (name: string, lineage: string): Promise<RunDump> => {
    try {
      const file = JSON.parse(await readFile(join(folder, name), "utf8")) as { version: number; fence: number; sealed: Encrypted };
      if (file.version !== VERSION) throw new TypeError(`its format version is ${String(file.version)}; this Panka reads ${VERSION}`);
      const dones = JSON.parse(await cipher.open(file.sealed, binding(lineage, file.fence))) as Done[];
      return { lineage, fence: file.fence, dones };
    } catch (error) {
      throw new PankaError("unreadable-dump", `${shown}/${name} holds what an earlier run did, and can't be read: ${messageOf(error)}`, {
        next: `bring back ${cipher.source}, or remove the file: the next run then looks in the cloud for what was in flight`,
        cause: error,
      });
    }
  };
  return {
    async write({ lineage, fence, dones }) {
      const name = `${lineage}-${String(fence).padStart(10, "0")}.json`;
      const sealed = await cipher.seal(canonicalJson(dones), binding(lineage, fence));
      await makeFolder(folder);
      await replaceWhole(
        join(folder, name),
        `${canonicalJson({ version: VERSION, lineage, fence, sealed })}\n`,
        join(folder, random.uuid()),
      );
      return `${shown}/${name}`;
    },
    read: async (lineage) => Promise.all((await names(lineage)).map((name) => readOne(name, lineage))),
    async clear(lineage) {
      for (const name of await names(lineage)) await unlink(join(folder, name)).catch(() => {});
    },
  };
}

/**
 * What earlier runs left, with the outcomes that this machine kept. A dump counts only for intents that no later run has sealed: what it
 * says of others was settled since. Throws PankaError `unreadable-dump`.
 */
export async function withDumps(
  place: DumpPlace | undefined,
  journals: UnsealedJournals,
  lineage: string,
  emit: EventSink,
): Promise<UnsealedJournals> {
  const dumps = (await place?.read(lineage)) ?? [];
  if (dumps.length === 0) return journals;
  const kept = new Map(dumps.flatMap((d) => d.dones.map((done) => [`${d.fence}/${done.of}`, done] as const)));
  let used = 0;
  const entries = journals.entries.map((entry) => {
    const done = entry.done ? undefined : kept.get(`${entry.fence}/${entry.seq}`);
    if (!done) return entry;
    used += 1;
    return { ...entry, done };
  });
  const outcomes = used === 1 ? "1 outcome" : `${used} outcomes`;
  const message =
    used > 0 ? `Taking up ${outcomes} that an earlier run kept on this machine` : "What an earlier run kept here was settled since";
  emit({ type: "waiting", message });
  return { ...journals, entries };
}
