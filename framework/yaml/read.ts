/** Reads a stack's YAML documents from disk: the only file of this folder that does I/O. */
import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { compareText, DiagnosticBag } from "../base/diagnostics.js";
import { PankaError } from "../base/errors.js";
import { isPlainObject } from "../base/json.js";
import type { Registry } from "../model/kind.js";
import type { ModelDocument, ModelInput } from "../model/stack-model.js";
import { assembleInput, environmentsOf, overlaysOf } from "./assemble.js";
import { discoverFiles, type FoundFile, placeOf, rootName } from "./discover.js";
import { type ReadDocument, readDocuments } from "./documents.js";
import { type EntryRequest, locateEntry, projectRoot, type StackEntry } from "./entry.js";
import type { FileSystem } from "./files.js";
import { LIMITS, parseYaml } from "./parse.js";

export type { StackEntry } from "./entry.js";

/** What reading needs besides the entry. */
export interface ReadOptions {
  registry: Registry;
  /** Globs of the configuration, relative to the project root. */
  exclude: readonly string[];
  /** Gets `file:line` of each well-formed document that is not Panka's, for --verbose. */
  skipped?: string[];
  files?: FileSystem;
}

/** The machine's file system. */
export const nodeFiles: FileSystem = {
  kindOf(path) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile()) return "file";
    if (stat?.isDirectory()) return "folder";
    return undefined;
  },
  list: (folder) => readdirSync(folder).sort(compareText),
  real: (path) => realpathSync(path),
  read: (path) => new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)),
  size: (path) => lstatSync(realpathSync(path)).size,
};

/** Which stack a command is about; throws usage errors ({@link locateEntry}). */
export function findEntry(request: EntryRequest, files: FileSystem = nodeFiles): StackEntry {
  return locateEntry(request, files);
}

/** The project root of a folder: where panka.config.yaml is, upwards to the repository root; else the folder. */
export function findProjectRoot(folder: string, files: FileSystem = nodeFiles): string {
  return projectRoot(folder, files);
}

/** All documents of a YAML stack. Problems go to the bag; undefined if no stack can be made of what is there. */
export async function readYamlStack(entry: StackEntry, options: ReadOptions, bag: DiagnosticBag): Promise<ModelInput | undefined> {
  const files = options.files ?? nodeFiles;
  const own = new DiagnosticBag();
  const input = readInto(entry, options, files, own);
  bag.add(own.sorted());
  return input;
}

function readInto(entry: StackEntry, options: ReadOptions, files: FileSystem, bag: DiagnosticBag): ModelInput | undefined {
  const found: FoundFile[] = entry.file
    ? [{ path: entry.file, name: rootName(entry.root, entry.file) }]
    : discoverFiles({ folder: entry.folder, root: entry.root, exclude: options.exclude, files }, bag);
  const documents = readAll(found, options, bag);
  documents.push(...readAll(namedFiles(documents, found, entry, files, bag), options, bag));
  const incomplete = bag.hasErrors;
  const input = assembleInput(documents, rootName(entry.root, entry.file ?? entry.folder), incomplete, bag);
  return input && incomplete ? { ...input, incomplete } : input;
}

/**
 * What a stack.ts takes from the YAML files beside it, and from those that its own documents name: infra documents and everything below
 * environments/. Another Panka document is an error that names both files.
 */
export async function readOverlaysBeside(
  entry: StackEntry,
  own: readonly ModelDocument[],
  options: ReadOptions,
  bag: DiagnosticBag,
): Promise<{ documents: ModelDocument[]; overlays: ModelDocument[]; environments: string[] }> {
  const files = options.files ?? nodeFiles;
  const found = discoverFiles({ folder: entry.folder, root: entry.root, exclude: options.exclude, files }, bag);
  const all = readAll([...found, ...namedFiles(own, found, entry, files, bag)], options, bag);
  const program = rootName(entry.root, entry.file ?? join(entry.folder, "stack.ts"));
  const documents: ModelDocument[] = [];
  for (const d of all) {
    if (d.environment !== undefined) continue;
    if (d.apiVersion === "infra.panka.io/v1") documents.push(d);
    else
      bag.error("two-front-ends", `${d.start.file} holds a ${d.kind} document, but ${program} describes this stack`, {
        ...d.start,
        expected: `infra.panka.io documents only, or documents below environments/, beside ${program}`,
      });
  }
  return { documents, overlays: overlaysOf(all), environments: environmentsOf(undefined, all) };
}

function readAll(found: readonly FoundFile[], options: ReadOptions, bag: DiagnosticBag): ReadDocument[] {
  const files = options.files ?? nodeFiles;
  const out: ReadDocument[] = [];
  const skipped = options.skipped ?? [];
  for (const file of found) {
    const source = readSource(file, files, bag);
    if (source !== undefined) out.push(...readDocuments(parseYaml(source, file.name, bag), file, options.registry, bag, skipped));
  }
  return out;
}

function readSource(file: FoundFile, files: FileSystem, bag: DiagnosticBag): string | undefined {
  const at = { file: file.name, line: 1, column: 1 };
  try {
    if (files.size(file.path) > LIMITS.bytes) {
      bag.error("file-too-large", "the file is larger than 1 MiB", { ...at, expected: "at most 1 MiB in one file" });
      return undefined;
    }
    return files.read(file.path);
  } catch (error) {
    const binary = error instanceof TypeError;
    bag.error(
      "unreadable-file",
      binary ? "the file is not UTF-8 text" : `the file can't be read: ${(error as NodeJS.ErrnoException).code ?? "error"}`,
      at,
    );
    return undefined;
  }
}

/** Files that `infrastructure` names and the search did not find. */
function namedFiles(
  documents: readonly ModelDocument[],
  found: readonly FoundFile[],
  entry: StackEntry,
  files: FileSystem,
  bag: DiagnosticBag,
): FoundFile[] {
  const have = new Set(found.map((f) => f.path));
  const out: FoundFile[] = [];
  const realRoot = files.real(entry.root);
  for (const d of documents) {
    const paths = d.kind === "Stack" || d.kind === "Service" ? d.spec["infrastructure"] : undefined;
    if (!isPlainObject(paths)) continue;
    for (const [key, written] of Object.entries(paths).flatMap(([k, v]) => [v].flat().map((one): [string, unknown] => [k, one]))) {
      if (typeof written !== "string") continue;
      const start = d.source("");
      const path = resolve(dirname(join(entry.root, start?.file ?? "")), written);
      if (have.has(path)) continue;
      have.add(path);
      const at = { ...(d.source(`infrastructure.${key}`) ?? start), path: `${d.name}.spec.infrastructure.${key}` };
      if (files.kindOf(path) !== "file")
        bag.error("no-such-file", `there is no file ${written}`, { ...at, expected: "a path relative to this document" });
      else if (!files.real(path).startsWith(realRoot)) bag.error("link-outside", `${written} lies outside the project`, at);
      else {
        const name = rootName(entry.root, path);
        const segments = rootName(entry.folder, path).split("/").slice(0, -1);
        out.push({ path, name, ...(d.kind === "Service" ? { service: d.name } : {}), ...placeOf(segments) });
      }
    }
  }
  return out;
}

/** Reads a text file, or undefined if there is none. Throws PankaError `unreadable-file`. */
export function readTextIfThere(path: string, files: FileSystem = nodeFiles): string | undefined {
  if (files.kindOf(path) !== "file") return undefined;
  try {
    return files.read(path);
  } catch (error) {
    throw new PankaError("unreadable-file", `${path} can't be read`, { cause: error });
  }
}
