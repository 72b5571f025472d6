/** The file calls of the local locker. A file appears whole or not at all; what returned stays after a power cut. */
import { link, open, readdir, readFile, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "../base/errors.js";
import { codeOf, makeFolder, syncFolder } from "../base/folders.js";
import { isStoreError, StoreError } from "../model/state-store.js";

/** Runs `body`; what a file call throws becomes a StoreError. */
export async function guarded<T>(what: string, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (isStoreError(error)) throw error;
    const code = codeOf(error);
    const failure = ["ENOSPC", "EDQUOT"].includes(code) ? "full" : ["EACCES", "EPERM", "EROFS"].includes(code) ? "denied" : "unknown";
    throw new StoreError(failure, `${what}: ${messageOf(error)}`, error);
  }
}

/** Names in a folder; none if it is absent. */
export async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** The text of a file, or null if it is absent. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Creates an empty file. False: it was there. */
export async function createEmpty(path: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx", 0o600);
    await handle.sync();
    await handle.close();
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  await syncFolder(dirname(path));
  return true;
}

/** Places a complete file at `path`: `link` only if nothing is there (false: something was), `rename` over what is there. */
export async function place(path: string, text: string, temporary: string, by: "link" | "rename"): Promise<boolean> {
  await makeFolder(dirname(temporary));
  const handle = await open(temporary, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    if (by === "rename") await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    if (by === "link") await unlink(temporary).catch(() => {});
  }
  await syncFolder(dirname(path));
  return true;
}

/** Moves a file away. False: it was not there. */
export async function moveAway(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Puts a moved file back, unless another stands there now. */
export async function putBack(moved: string, path: string): Promise<void> {
  await link(moved, path).catch((error) => {
    if (codeOf(error) !== "EEXIST") throw error;
  });
  await drop(moved);
}

/** Removes a file; none is fine. */
export async function drop(path: string): Promise<void> {
  await unlink(path).catch((error) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
}

/** A path for a temporary file in the folder. */
export function temporaryIn(folder: string, id: string): string {
  return join(folder, "tmp", id);
}
