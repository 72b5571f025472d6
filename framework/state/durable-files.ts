/** Files that are whole or absent, and stay after a power cut: temporary file, fsync, link or rename, fsync of the folder. */
import { link, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "../base/errors.js";
import { codeOf, syncFolder } from "../base/folders.js";
import { StoreError } from "../model/state-store.js";

/** A failed file call as a StoreError: no room, no permission, or unknown. */
export function fileFailure(error: unknown, what: string): StoreError {
  const code = codeOf(error);
  const failure = ["ENOSPC", "EDQUOT"].includes(code) ? "full" : ["EACCES", "EPERM", "EROFS"].includes(code) ? "denied" : "unknown";
  return new StoreError(failure, `${what}: ${messageOf(error)}`, error);
}

/** Writes bytes to a new file, readable by its owner only, and makes them durable. */
export async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Puts a complete file at `path` if nothing is there. False: something was, and that stays after a power cut, too. `temporary` lies on the
 * same file system.
 */
export async function createWhole(path: string, bytes: Uint8Array | string, temporary: string): Promise<boolean> {
  try {
    await writeSynced(temporary, bytes);
    const placed = await link(temporary, path).then(
      () => true,
      (error) => (codeOf(error) === "EEXIST" ? false : Promise.reject(error)),
    );
    await syncFolder(dirname(path));
    return placed;
  } finally {
    await unlink(temporary).catch(() => {});
  }
}

/** Puts a complete file at `path`, over whatever is there. */
export async function replaceWhole(path: string, bytes: Uint8Array | string, temporary: string): Promise<void> {
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}
