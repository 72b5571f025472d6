/** A power cut without one: the file calls of this process are recorded on a disk that keeps only what was synced. */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join, relative } from "node:path";
import { withFolder } from "./world.js";

/** A file as the disk has it: what was written, and whether that has reached the disk. A folder has no bytes. */
interface Node {
  bytes: Buffer | undefined;
  synced: boolean;
}

/** What is there after a power cut: path -> bytes, or undefined for a folder. */
export type Cut = ReadonlyMap<string, Buffer | undefined>;

/** A moment of a recording. */
export interface Moment {
  /** What a cut leaves of it: what was synced alone, and all entries that programs saw (their bytes only where those were synced). */
  cuts: { least: Cut; most: Cut };
  /** What the recording's `note` said then. */
  note: unknown;
}

/** A disk that keeps only what was synced: of files their bytes, of folders their entries. */
class Disk {
  /** Entries as programs see them, and as they are on the disk. */
  private readonly seen: Map<string, Node>;
  private readonly kept: Map<string, Node>;
  readonly moments: Moment[] = [];

  constructor(
    private readonly root: string,
    private readonly note: () => unknown,
    before: Map<string, Node>,
  ) {
    this.seen = new Map(before);
    this.kept = new Map(before);
  }

  folder(path: string): void {
    for (let at = path; at.startsWith(`${this.root}/`); at = dirname(at))
      if (!this.seen.has(at)) this.seen.set(at, { bytes: undefined, synced: true });
    this.moment();
  }

  write(path: string, bytes: Buffer): void {
    this.seen.set(path, { bytes, synced: false });
    this.moment();
  }

  /** Begins a sync: what it then makes durable, once it is over, is what is there now. */
  sync(path: string): () => void {
    const node = this.seen.get(path);
    const isFile = node?.bytes !== undefined;
    const entries = [...new Set([...this.seen.keys(), ...this.kept.keys()])]
      .filter((at) => !isFile && dirname(at) === path)
      .map((at) => [at, this.seen.get(at)] as const);
    return () => {
      if (isFile) node.synced = true;
      for (const [at, entry] of entries) this.keep(at, entry);
      this.moment();
    };
  }

  link(from: string, to: string): void {
    this.seen.set(to, this.seen.get(from) as Node);
    this.moment();
  }

  rename(from: string, to: string): void {
    this.seen.set(to, this.seen.get(from) as Node);
    this.seen.delete(from);
    this.moment();
  }

  unlink(path: string): void {
    this.seen.delete(path);
    this.moment();
  }

  private keep(path: string, node: Node | undefined): void {
    if (node) this.kept.set(path, node);
    else this.kept.delete(path);
  }

  private moment(): void {
    this.moments.push({ cuts: { least: this.cut(this.kept), most: this.cut(this.seen) }, note: this.note() });
  }

  /** What can be reached from the root. */
  private cut(entries: Map<string, Node>): Cut {
    const reached = (path: string): boolean => path === this.root || (entries.has(path) && reached(dirname(path)));
    const there = [...entries].filter(([path]) => reached(dirname(path)));
    return new Map(there.map(([path, { bytes, synced }]) => [path, bytes && (synced ? bytes : Buffer.alloc(0))]));
  }
}

/** All that is in a folder, synced. */
async function contentOf(root: string): Promise<Map<string, Node>> {
  const found = await fs.readdir(root, { recursive: true, withFileTypes: true });
  const nodes = found.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, { bytes: entry.isDirectory() ? undefined : await fs.readFile(path), synced: true }] as const;
  });
  return new Map(await Promise.all(nodes));
}

/** Runs `body` with this process's calls on files below `root` recorded; gives each moment, and what `note` said at it. */
export async function recorded(root: string, body: () => Promise<void>, note: () => unknown = () => undefined): Promise<Moment[]> {
  const disk = new Disk(root, note, await contentOf(root));
  const { open, link, rename, unlink, mkdir } = fs;
  const own = (path: unknown): boolean => String(path).startsWith(root);
  fs.open = async (path, ...more) => {
    const handle = await open(path, ...more);
    if (!own(path)) return handle;
    const { writeFile, sync } = handle;
    if (more[0] === "wx") disk.write(String(path), Buffer.alloc(0));
    handle.writeFile = async (data) => {
      await writeFile.call(handle, data);
      disk.write(String(path), Buffer.from(data as Uint8Array));
    };
    handle.sync = async () => {
      const synced = disk.sync(String(path));
      await sync.call(handle);
      synced();
    };
    return handle;
  };
  fs.mkdir = (async (path: string, options: { recursive: true }) => {
    const first = await mkdir(path, options);
    if (first !== undefined && own(path)) disk.folder(path);
    return first;
  }) as typeof fs.mkdir;
  fs.link = async (from, to) => {
    await link(from, to);
    if (own(to)) disk.link(String(from), String(to));
  };
  fs.rename = async (from, to) => {
    await rename(from, to);
    if (own(to)) disk.rename(String(from), String(to));
  };
  fs.unlink = async (path) => {
    await unlink(path);
    if (own(path)) disk.unlink(String(path));
  };
  syncBuiltinESMExports();
  try {
    await body();
  } finally {
    Object.assign(fs, { open, link, rename, unlink, mkdir });
    syncBuiltinESMExports();
  }
  return disk.moments;
}

/** Runs `body` on a fresh folder that holds what a cut left of `root`. */
export function afterCut<T>(root: string, cut: Cut, body: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    for (const [path, bytes] of cut) {
      const at = join(folder, relative(root, path));
      if (bytes === undefined) await fs.mkdir(at, { recursive: true });
      else await fs.mkdir(dirname(at), { recursive: true }).then(() => fs.writeFile(at, bytes, { mode: 0o600 }));
    }
    return body(folder);
  });
}
