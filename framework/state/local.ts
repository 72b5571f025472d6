/**
 * The state store on a local folder, `.panka/stacks/<stack>/<environment>/`.
 *
 * Every version of an object is a file of its own that is never changed: a version is taken by `link()`, which fails if
 * the name is taken, so of two writers over one version one wins. `state.json` has versions `state.<n>.json`, and is itself a link
 * to one of the newest, for people to look at. Another object is its plain name, then `<name>.~2`, `<name>.~3`.
 * Superseded versions stay as empty files: a name that was used must not become free for a writer that slept.
 */
import { link, readdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compareText } from "../base/diagnostics.js";
import { PankaError } from "../base/errors.js";
import { codeOf, makeFolder, syncFolder } from "../base/folders.js";
import { sha256 } from "../base/json.js";
import type { Random } from "../base/clock.js";
import { isStoreError, type StateStore, StoreError, type WriteCondition } from "../model/state-store.js";
import { createWhole, fileFailure, replaceWhole } from "./durable-files.js";
import { checkKey, STATE_KEY } from "./keys.js";

/** Versions of state.json that keep their bytes. */
const KEEP = 20;

/** Where a local store is. */
export interface LocalStoreOptions {
  /** `<project>/.panka/stacks/<stack>/<environment>`, absolute. Made when first written to. */
  folder: string;
  /** For messages; default the folder. */
  location?: string;
  random: Random;
}

/** A store on a folder. See the head of the file. */
export function localStore(options: LocalStoreOptions): StateStore {
  const { folder, random } = options;
  const temporary = (): string => join(folder, "tmp", random.uuid());
  const fileOf = (key: string, version: number): string =>
    join(folder, key === STATE_KEY ? `state.${version}.json` : version === 1 ? key : `${key}.~${version}`);

  const put = async (key: string, bytes: Uint8Array, condition: WriteCondition): Promise<string> => {
    const current = await newest(folder, key, fileOf);
    if ("ifNoneMatch" in condition) {
      if (current) throw new StoreError("refused", `${key} exists`);
    } else {
      if (!current) throw new StoreError("missing", `${key} does not exist`);
      if (tagOf(current.version, current.bytes) !== condition.ifMatch) throw new StoreError("refused", `${key} has changed`);
    }
    const version = (current?.version ?? 0) + 1;
    const path = fileOf(key, version);
    await makeFolder(dirname(path));
    await makeFolder(join(folder, "tmp"));
    if (!(await createWhole(path, bytes, temporary()))) throw new StoreError("refused", `${key} has changed`);
    await afterWrite(key, version, path).catch(() => {});
    return tagOf(version, bytes);
  };

  /** What may fail without harm: the link for people, and emptying an old version. */
  const afterWrite = async (key: string, version: number, path: string): Promise<void> => {
    if (key === STATE_KEY) {
      const pointer = temporary();
      await link(path, pointer);
      await rename(pointer, join(folder, STATE_KEY));
    }
    const old = version - (key === STATE_KEY ? KEEP : 1);
    if (old >= 1) await replaceWhole(fileOf(key, old), "", temporary());
  };

  return {
    location: options.location ?? folder,
    async get(key) {
      checkKey(key);
      const found = await guarded(`read ${key}`, () => newest(folder, key, fileOf));
      return found ? { bytes: found.bytes, tag: tagOf(found.version, found.bytes) } : null;
    },
    async put(key, bytes, condition) {
      checkKey(key);
      return guarded(`write ${key}`, () => put(key, bytes, condition));
    },
    list: (prefix) => guarded(`list ${prefix}`, () => listKeys(folder, prefix)),
    async delete(key) {
      checkKey(key);
      await guarded(`delete ${key}`, () => remove(folder, key, fileOf));
    },
    async selfTest() {
      const safe = await guarded("try the folder", () => tryLinks(folder, temporary));
      if (safe) return;
      throw new PankaError(
        "unsafe-store",
        `the file system of ${folder} lets a link replace a file, so two runs could overwrite each other`,
        {
          next: "put the project on another file system, or use an S3 back end",
        },
      );
    },
    async close() {},
  };
}

async function guarded<T>(what: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw isStoreError(error) ? error : fileFailure(error, what);
  }
}

function tagOf(version: number, bytes: Uint8Array): string {
  return `${version}-${sha256(bytes).slice(0, 16)}`;
}

async function readOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return null;
    throw error;
  }
}

/** The newest version of a key. A version that is emptied while we read is superseded: look again. */
async function newest(
  folder: string,
  key: string,
  fileOf: (key: string, version: number) => string,
): Promise<{ version: number; bytes: Uint8Array } | null> {
  for (;;) {
    const version = key === STATE_KEY ? await newestStateVersion(folder) : await newestPlainVersion(key, fileOf);
    if (version === 0) return null;
    const bytes = await readOrNull(fileOf(key, version));
    if (bytes && bytes.length > 0) return { version, bytes };
    const again = key === STATE_KEY ? await newestStateVersion(folder) : await newestPlainVersion(key, fileOf);
    if (again === version && bytes) return { version, bytes };
    if (again === 0) return null;
  }
}

async function newestStateVersion(folder: string): Promise<number> {
  let top = 0;
  for (const name of await entries(folder)) {
    const m = /^state\.(\d+)\.json$/.exec(name);
    if (m) top = Math.max(top, Number(m[1]));
  }
  return top;
}

async function newestPlainVersion(key: string, fileOf: (key: string, version: number) => string): Promise<number> {
  for (let version = 1; ; version++) {
    try {
      await stat(fileOf(key, version));
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return version - 1;
      throw error;
    }
  }
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return [];
    throw error;
  }
}

async function listKeys(folder: string, prefix: string): Promise<string[]> {
  const from = prefix.includes("/") ? prefix.slice(0, prefix.lastIndexOf("/")) : "";
  const found: string[] = [];
  const walk = async (relative: string): Promise<void> => {
    let names: { name: string; isDirectory(): boolean }[];
    try {
      names = await readdir(join(folder, relative), { withFileTypes: true });
    } catch (error) {
      if (["ENOENT", "ENOTDIR"].includes(codeOf(error))) return;
      throw error;
    }
    for (const entry of names) {
      const key = relative ? `${relative}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (OBJECT_FOLDERS.test(`${key}/`)) await walk(key);
      } else if (!key.includes(".~") && (relative !== "" || key === STATE_KEY)) found.push(key);
    }
  };
  await walk(from);
  return found.filter((k) => k.startsWith(prefix)).sort(compareText);
}

/** Folders that hold objects; the lock's own files lie beside them. */
const OBJECT_FOLDERS = /^(history|journal|assets|approvals|releases|pulumi|dumps|selftest)\//;

async function remove(folder: string, key: string, fileOf: (key: string, version: number) => string): Promise<void> {
  const top = key === STATE_KEY ? await newestStateVersion(folder) : await newestPlainVersion(key, fileOf);
  for (let version = top; version >= 1; version--) {
    await unlink(fileOf(key, version)).catch((error) => {
      if (codeOf(error) !== "ENOENT") throw error;
    });
  }
  if (key === STATE_KEY) await unlink(join(folder, STATE_KEY)).catch(() => {});
  if (top > 0) await syncFolder(dirname(fileOf(key, 1)));
}

/** A file system without hard links, or where link() overwrites, can't keep state. */
async function tryLinks(folder: string, temporary: () => string): Promise<boolean> {
  await makeFolder(join(folder, "tmp"));
  const target = temporary();
  try {
    const first = await createWhole(target, "1", temporary());
    const second = await createWhole(target, "2", temporary());
    return first && !second;
  } finally {
    await unlink(target).catch(() => {});
  }
}
