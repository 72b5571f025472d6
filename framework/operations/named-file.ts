/** Files that a person names on the command line. */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { messageOf, usageError, type PankaError } from "../base/errors.js";
import { codeOf } from "../base/folders.js";
import { nearest } from "../base/nearest.js";

/** What is thrown where it can't be read. */
export interface NotRead {
  /** The error's code. */
  code: string;
  /** The next command to type. */
  next?: string;
}

/** Its text. Throws a usage error where there is no such file, with the nearest name in its folder, or where it can't be read. */
export async function readNamedFile(cwd: string, file: string, not: NotRead): Promise<string> {
  return readFile(resolve(cwd, file), "utf8").catch(async (error) => {
    throw await notRead(cwd, file, not, error);
  });
}

async function notRead(cwd: string, file: string, { code, ...options }: NotRead, error: unknown): Promise<PankaError> {
  if (codeOf(error) === "EISDIR") return usageError(code, `${file} is a folder, not a file`, options);
  if (codeOf(error) !== "ENOENT") return usageError(code, `${file} can't be read: ${messageOf(error)}`, options);
  const there = await readdir(resolve(cwd, dirname(file))).catch(() => []);
  const guess = nearest(basename(file), there);
  return usageError(code, `there is no file ${file}${guess ? `; did you mean ${join(dirname(file), guess)}?` : ""}`, options);
}
