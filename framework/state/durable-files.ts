/** Files that are whole or absent, and stay after a power cut: temporary file, fsync, link or rename, fsync of the folder. */
import { constants } from "node:fs";
import { link, mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf } from "../base/errors.js";
import { StoreError } from "../model/state-store.js";

/** The error code of a failed file call, such as `ENOENT`; "" for anything else. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

/** A failed file call as a StoreError: no room, no permission, or unknown. */
export function fileFailure(error: unknown, what: string): StoreError {
  const code = codeOf(error);
  const failure = ["ENOSPC", "EDQUOT"].includes(code) ? "full" : ["EACCES", "EPERM", "EROFS"].includes(code) ? "denied" : "unknown";
  return new StoreError(failure, `${what}: ${messageOf(error)}`, error);
}

/** Makes a folder and what is above it; the new entries are durable. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

/** Makes the entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
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

/** Puts a complete file at `path` if nothing is there. False: something was. `temporary` lies on the same file system. */
export async function createWhole(path: string, bytes: Uint8Array | string, temporary: string): Promise<boolean> {
  try {
    await writeSynced(temporary, bytes);
    try {
      await link(temporary, path);
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
    await syncFolder(dirname(path));
    return true;
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
