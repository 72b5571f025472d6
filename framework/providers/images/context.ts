/** The content of a build: one hash of all that goes into an image. The same files and settings give the same hash on every machine; no Docker is needed. */
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../../base/diagnostics.js";
import { hashJson, sha256 } from "../../base/json.js";
import type { ImageBuild } from "../../model/images.js";
import { hasExceptions, type IgnoreRule, ignoreRule } from "./ignore.js";

/** Raised when what is hashed changes its form, so that every image is built anew. */
const FORM = 1;

/** One entry of a context: path, kind and permission to execute, SHA-256 of the bytes or of a link's target. */
type Entry = [path: string, kind: "file" | "program" | "link", hash: string];

/** What contexts hold, by folder and the text of the .dockerignore: each is read once, also where several images are built of it. */
export type ReadContexts = Map<string, Entry[]>;

/**
 * The content hash of a build. Times and owners do not count, as they do not in Docker's own cache. Throws what reading throws
 * (a folder that is gone, a file that may not be read). `read`: contexts that are not read again, and those read now.
 */
export function contentHash(build: Omit<ImageBuild, "address" | "content" | "shown">, read: ReadContexts = new Map()): string {
  const { context, dockerfile, target, args, platform } = build;
  const text = ignoreText(context, dockerfile);
  const key = `${context}\n${text}`;
  const entries = read.get(key) ?? entriesOf(context, text);
  read.set(key, entries);
  return hashJson({ form: FORM, entries, dockerfile: sha256(readFileSync(dockerfile)), target: target ?? "", args, platform });
}

/** `<Dockerfile>.dockerignore` wins over the context's .dockerignore, as with BuildKit. */
function ignoreText(context: string, dockerfile: string): string {
  const file = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find((f) => existsSync(f));
  return file === undefined ? "" : readFileSync(file, "utf8");
}

function entriesOf(context: string, text: string): Entry[] {
  const entries: Entry[] = [];
  collect(context, "", ignoreRule(text), hasExceptions(text), entries);
  return entries.sort(([a], [b]) => compareText(a, b));
}

function collect(root: string, folder: string, ignored: IgnoreRule, exceptions: boolean, out: Entry[]): void {
  for (const name of readdirSync(join(root, folder))) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const left = ignored(path);
    const file = join(root, path);
    const stat = lstatSync(file);
    if (stat.isDirectory()) {
      if (!left || exceptions) collect(root, path, ignored, exceptions, out);
    } else if (left) continue;
    else if (stat.isSymbolicLink()) out.push([path, "link", sha256(readlinkSync(file))]);
    else if (stat.isFile()) out.push([path, (stat.mode & 0o111) === 0 ? "file" : "program", sha256(readFileSync(file))]);
  }
}
