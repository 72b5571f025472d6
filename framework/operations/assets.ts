/** Assets: what a stack ships (folders, files, bundles), each as panka.out/assets/<sha256>.zip. The same content gives the same bytes. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { DiagnosticBag, SourcePosition } from "../base/diagnostics.js";
import { compareText } from "../base/diagnostics.js";
import { messageOf } from "../base/errors.js";
import { sha256 } from "../base/json.js";
import type { AssetRequest } from "../model/kind.js";

/** One asset that a component names. */
export interface WantedAsset extends AssetRequest {
  /** The component's address. */
  address: string;
  /** The folder of the document that names it. Absolute. */
  folder: string;
  /** Where it is named. */
  at: SourcePosition | undefined;
}

/** File name in the archive -> content and whether it may be executed. */
export type ArchiveFiles = Map<string, { bytes: Uint8Array; executable: boolean }>;

/** Bytes of a file whose text goes into a resource: no API takes more in one document. */
const LONGEST_TEXT = 64 * 1024;

/** Makes the assets of a stack, below `out`'s panka.out/; returns hash, or text where that is wanted, by `<address>#<key>`. Problems go to the bag. */
export async function buildAssets(
  wanted: readonly WantedAsset[],
  projectRoot: string,
  bag: DiagnosticBag,
  out: string = projectRoot,
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const asset of wanted) {
    const hash = await buildOne(asset, projectRoot, bag, out);
    if (hash !== undefined) hashes.set(`${asset.address}#${asset.key}`, hash);
  }
  return hashes;
}

/** Where the archive of a hash is kept. */
export function assetFile(projectRoot: string, hash: string): string {
  return join(projectRoot, "panka.out", "assets", `${hash}.zip`);
}

async function buildOne(asset: WantedAsset, projectRoot: string, bag: DiagnosticBag, out: string): Promise<string | undefined> {
  if (asset.inline) {
    const bytes = new TextEncoder().encode(asset.inline.text);
    return save(await zip(new Map([[asset.inline.file, { bytes, executable: false }]])), out);
  }
  const path = resolve(asset.folder, asset.path);
  const say = (code: string, message: string, expected?: string) =>
    bag.error(code, message, { ...asset.at, path: `${asset.address}.${asset.key}`, ...(expected ? { expected } : {}) });
  if (!existsSync(path)) {
    say("no-such-asset", `there is no file or folder ${asset.path}`, "a path relative to the file that names it");
    return undefined;
  }
  if (!inside(realpathSync(path), realpathSync(projectRoot))) {
    say("asset-outside", `${asset.path} lies outside the project`, "a path inside the project folder");
    return undefined;
  }
  if (asset.how === "text") {
    const text = textOf(path);
    if (text === undefined) say("not-text", `${asset.path} is not a text file of at most 64 KiB`, "a file of text in UTF-8");
    return text;
  }
  try {
    const files = asset.how === "bundle" ? await bundle(path, projectRoot) : collect(path, realpathSync(projectRoot));
    if (files.size === 0) {
      say("empty-asset", `${asset.path} holds no files`);
      return undefined;
    }
    return save(await zip(files), out);
  } catch (error) {
    say("bad-asset", `${asset.path} can't be packed: ${messageOf(error).split("\n").filter(Boolean).slice(0, 2).join(": ")}`);
    return undefined;
  }
}

/** The text of a file; undefined if it is too long, no file, or not text. */
function textOf(path: string): string | undefined {
  const stat = statSync(path);
  if (!stat.isFile() || stat.size > LONGEST_TEXT) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function save(bytes: Uint8Array, out: string): string {
  const hash = sha256(bytes);
  const file = assetFile(out, hash);
  if (existsSync(file) && lstatSync(file).size === bytes.length) return hash;
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${hash.slice(0, 6)}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
  return hash;
}

/** A deterministic zip: sorted names, one date, modes 644 and 755. */
export async function zip(files: ArchiveFiles): Promise<Uint8Array> {
  const { zipSync } = await import("fflate");
  const mtime = new Date(1980, 0, 1);
  const entries: Parameters<typeof zipSync>[0] = {};
  for (const name of [...files.keys()].sort(compareText)) {
    const file = files.get(name);
    if (file) entries[name] = [file.bytes, { mtime, os: 3, attrs: ((file.executable ? 0o100755 : 0o100644) << 16) >>> 0, level: 6 }];
  }
  return zipSync(entries);
}

function collect(path: string, root: string): ArchiveFiles {
  const files: ArchiveFiles = new Map();
  const add = (from: string, name: string) => {
    if (!inside(realpathSync(from), root)) throw new Error(`${name} is a link to a place outside the project`);
    const stat = statSync(from);
    if (stat.isDirectory()) {
      for (const child of readdirSync(from))
        if (child !== ".git" && child !== ".DS_Store") add(join(from, child), name ? `${name}/${child}` : child);
    } else if (stat.isFile()) files.set(name, { bytes: readFileSync(from), executable: (stat.mode & 0o111) !== 0 });
  };
  add(path, statSync(path).isFile() ? basename(path) : "");
  return files;
}

/** One .mjs with all that the entry imports; the AWS SDK stays outside, as the runtime has it. */
async function bundle(entry: string, projectRoot: string): Promise<ArchiveFiles> {
  const { build } = await import("esbuild");
  const name = basename(entry).replace(/\.[^.]+$/, "");
  const result = await build({
    absWorkingDir: realpathSync(projectRoot),
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "esm",
    external: ["@aws-sdk/*"],
    legalComments: "none",
    logLevel: "silent",
    banner: { js: 'import { createRequire as __pankaRequire } from "node:module"; const require = __pankaRequire(import.meta.url);' },
  });
  const files: ArchiveFiles = new Map();
  const output = result.outputFiles[0];
  if (output) files.set(`${name}.mjs`, { bytes: output.contents, executable: false });
  if (name !== "index") files.set("index.mjs", { bytes: new TextEncoder().encode(`export * from "./${name}.mjs";\n`), executable: false });
  return files;
}

/** True for a path in or below a folder; both real paths. */
export function inside(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
