/** Folders that stay after a power cut. */
import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";

/** Folders whose entries, theirs and those of all above them, this process has made durable or is making so. */
const durable = new Map<string, Promise<void>>();

/** The error code of a failed file call, such as `ENOENT`; "" for anything else. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
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

/**
 * Makes a folder and what is above it. When it returns they are durable, whoever made them: of two callers at once one makes the folder, and
 * the other must not take for durable what it then puts there; a process that was killed may have made it and nothing more.
 */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  // Made anew: what was known of folders of these names is void.
  if (first !== undefined) for (let at = folder; at.length >= first.length; at = dirname(at)) durable.delete(at);
  await keep(folder, first ?? folder);
}

/** Makes the entry of a folder durable, and those of all above it; once in a process. `made`: the first folder that did not exist before. */
function keep(folder: string, made: string): Promise<void> {
  const known = durable.get(folder);
  if (known) return known;
  const keeping = keepEntries(folder, made);
  durable.set(folder, keeping);
  keeping.catch(() => durable.delete(folder));
  return keeping;
}

async function keepEntries(folder: string, made: string): Promise<void> {
  const above = dirname(folder);
  if (above === folder) return;
  await keep(above, made);
  // A folder of the system may not be open to us; it was there before.
  const old = folder.length < made.length;
  await syncFolder(above).catch((error) => (old ? undefined : Promise.reject(error)));
}
