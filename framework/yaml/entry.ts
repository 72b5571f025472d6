/** Which stack a command is about: `[PATH]`, `--stack NAME`, or the one in the folder. */
import { basename, dirname, join, resolve } from "node:path";
import { usageError } from "../base/errors.js";
import { nearest } from "../base/nearest.js";
import { CONFIG_FILE, CONFIG_PROGRAM, ENTRY_FILES } from "./discover.js";
import type { FileSystem } from "./files.js";

/** Where a stack is written. */
export interface StackEntry {
  kind: "yaml" | "typescript";
  /** The program (TypeScript), or the only file to read (YAML, when PATH is a file). Absolute. */
  file?: string;
  /** The stack's folder. Absolute. */
  folder: string;
  /** The project root: the folder of panka.config.yaml, else the stack's folder. Absolute. */
  root: string;
}

/** What the command line says. */
export interface EntryRequest {
  cwd: string;
  /** `[PATH]`: a file or folder. */
  path?: string;
  /** `--stack NAME`. */
  stack?: string;
}

/**
 * Finds the entry. Throws usage errors: `no-such-file`, `not-a-stack-file`, `two-stack-files` (names both), `no-stack-here`,
 * `unknown-stack` (names the nearest).
 */
export function locateEntry(request: EntryRequest, files: FileSystem): StackEntry {
  if (request.path !== undefined) {
    const path = resolve(request.cwd, request.path);
    const kind = files.kindOf(path);
    if (kind === undefined) throw usageError("no-such-file", `there is no file or folder ${request.path}`);
    if (kind === "file") return fileEntry(path, request.path, files);
    return folderEntry(path, files) ?? { kind: "yaml", folder: path, root: projectRoot(path, files) };
  }
  const here = request.cwd;
  if (request.stack !== undefined) {
    const root = projectRoot(here, files);
    for (const base of new Set([here, root])) {
      const folder = join(base, "stacks", request.stack);
      if (files.kindOf(folder) === "folder")
        return folderEntry(folder, files) ?? { kind: "yaml", folder, root: projectRoot(folder, files) };
    }
    const entry = folderEntry(here, files);
    if (entry) return entry;
    const known = files.kindOf(join(root, "stacks")) === "folder" ? files.list(join(root, "stacks")) : [];
    const near = nearest(request.stack, known);
    throw usageError(
      "unknown-stack",
      `there is no stack "${request.stack}": no folder stacks/${request.stack}${near ? `; did you mean ${near}?` : ""}`,
    );
  }
  const entry = folderEntry(here, files);
  if (entry) return entry;
  throw usageError("no-stack-here", `there is no stack in this folder: none of ${ENTRY_FILES.join(", ")} is here`, {
    next: files.kindOf(join(here, "stacks")) === "folder" ? "panka <command> --stack NAME, with a folder of stacks/" : "panka init",
  });
}

function fileEntry(path: string, written: string, files: FileSystem): StackEntry {
  const folder = dirname(path);
  const root = projectRoot(folder, files);
  if (/\.[mc]?[jt]s$/.test(path)) return { kind: "typescript", file: path, folder, root };
  if (/\.ya?ml$/.test(path) && basename(path) !== CONFIG_FILE) return { kind: "yaml", file: path, folder, root };
  throw usageError("not-a-stack-file", `${written} is not a stack: expected a .ts, .yaml or .yml file, or a folder`);
}

function folderEntry(folder: string, files: FileSystem): StackEntry | undefined {
  const found = ENTRY_FILES.filter((name) => files.kindOf(join(folder, name)) === "file");
  const first = found[0];
  if (first === undefined) return undefined;
  if (found.length > 1) {
    throw usageError("two-stack-files", `${found.join(" and ")} are both here: one folder holds one stack`, {
      next: `name one of them: panka <command> ${first}`,
    });
  }
  const root = projectRoot(folder, files);
  return first.endsWith(".ts") ? { kind: "typescript", file: join(folder, first), folder, root } : { kind: "yaml", folder, root };
}

/** The folder of the nearest panka.config.yaml or panka.config.ts from `folder` up to the repository root (the folder with .git); else `folder`. */
export function projectRoot(folder: string, files: FileSystem): string {
  for (let at = folder; ; at = dirname(at)) {
    if ([CONFIG_FILE, CONFIG_PROGRAM].some((name) => files.kindOf(join(at, name)) === "file")) return at;
    if (files.kindOf(join(at, ".git")) !== undefined || dirname(at) === at) return folder;
  }
}
