/** Which YAML files belong to a stack (vocabulary, "Where documents are found"). Pure but for the file system passed in. */
import { basename, join, relative, sep } from "node:path";
import type { DiagnosticBag } from "../base/diagnostics.js";
import type { FileSystem } from "./files.js";
import { globMatcher } from "./glob.js";

/** Files that make a folder a stack, in the order they are named in messages. */
export const ENTRY_FILES = ["stack.ts", "panka.ts", "stack.yaml", "panka.yaml"] as const;

/** The name of the project's configuration file. */
export const CONFIG_FILE = "panka.config.yaml";

/** The same as a program. */
export const CONFIG_PROGRAM = "panka.config.ts";

/** A file found. */
export interface FoundFile {
  /** Absolute. */
  path: string;
  /** Relative to the project root, with `/`: the name in messages. */
  name: string;
  /** From `services/<service>/...`. */
  service?: string;
  /** From `environments/<environment>/...`. */
  environment?: string;
}

/** What to search. */
export interface Search {
  folder: string;
  root: string;
  exclude: readonly string[];
  files: FileSystem;
}

const SKIPPED = new Set(["node_modules", "panka.out", "configs"]);

/** All *.yaml and *.yml below a folder that belong to its stack, sorted by name. Problems (links out of the root) go to the bag. */
export function discoverFiles(search: Search, bag: DiagnosticBag): FoundFile[] {
  const excluded = globMatcher(search.exclude);
  const realRoot = search.files.real(search.root);
  const found: FoundFile[] = [];
  const seen = new Set<string>();
  const visit = (folder: string, segments: readonly string[]): void => {
    const real = search.files.real(folder);
    if (seen.has(real)) return;
    seen.add(real);
    for (const entry of search.files.list(folder)) {
      const path = join(folder, entry);
      const name = rootName(search.root, path);
      if (entry.startsWith(".") || excluded(name)) continue;
      const kind = search.files.kindOf(path);
      if (kind === undefined || (kind === "folder" ? SKIPPED.has(entry) : !/\.ya?ml$/.test(entry) || entry === CONFIG_FILE)) continue;
      if (!inside(realRoot, search.files.real(path))) {
        bag.error("link-outside", "a symbolic link leads out of the project", {
          file: name,
          line: 1,
          column: 1,
          expected: "files below the project root",
        });
        continue;
      }
      if (kind === "folder") {
        if (!otherStack(path, search.files)) visit(path, [...segments, entry]);
      } else found.push({ path, name, ...placeOf(segments) });
    }
  };
  visit(search.folder, []);
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** True if a folder is a project or stack of its own. */
function otherStack(folder: string, files: FileSystem): boolean {
  return [CONFIG_FILE, CONFIG_PROGRAM, ...ENTRY_FILES].some((name) => files.kindOf(join(folder, name)) === "file");
}

/** What the folders between the stack's folder and a file say. */
export function placeOf(segments: readonly string[]): { service?: string; environment?: string } {
  const place: { service?: string; environment?: string } = {};
  for (let i = 0; i + 1 < segments.length; i++) {
    const next = segments[i + 1] as string;
    if (segments[i] === "environments" && place.environment === undefined) place.environment = next;
    if (segments[i] === "services" && place.service === undefined) place.service = next;
  }
  return place;
}

/** A path as it is named in messages: relative to the root, with `/`. */
export function rootName(root: string, path: string): string {
  const name = relative(root, path);
  return name === "" ? basename(path) : name.split(sep).join("/");
}

function inside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
