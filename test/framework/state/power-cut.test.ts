import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join, relative } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withFolder } from "../../support/world.js";

/** A file as the disk has it: what was written, and whether that has reached the disk. */
interface Written {
  bytes: Buffer;
  synced: boolean;
}

/** A disk that keeps only what was synced: of files their bytes, of folders their entries. */
class Disk {
  /** Entries as programs see them, and as they are on the disk. */
  private readonly seen = new Map<string, Written>();
  private readonly kept = new Map<string, Written>();
  /** What is there after a power cut, at each moment; with entries that were not synced, or without. */
  readonly cuts: Map<string, Buffer>[] = [];

  write(path: string, bytes: Buffer): void {
    this.seen.set(path, { bytes, synced: false });
    this.moment();
  }

  sync(path: string): void {
    const file = this.seen.get(path);
    if (file) file.synced = true;
    else for (const at of [...this.seen.keys(), ...this.kept.keys()]) if (dirname(at) === path) this.keep(at);
    this.moment();
  }

  link(from: string, to: string): void {
    this.seen.set(to, this.seen.get(from) as Written);
    this.moment();
  }

  unlink(path: string): void {
    this.seen.delete(path);
    this.moment();
  }

  private keep(path: string): void {
    const file = this.seen.get(path);
    if (file) this.kept.set(path, file);
    else this.kept.delete(path);
  }

  private moment(): void {
    for (const entries of [this.kept, this.seen])
      this.cuts.push(new Map([...entries].map(([path, file]) => [path, file.synced ? file.bytes : Buffer.alloc(0)])));
  }
}

/** Runs `body` with the file calls of this process recorded on a disk. */
async function recorded(body: () => Promise<void>): Promise<Disk> {
  const disk = new Disk();
  const { open, link, rename, unlink } = fs;
  fs.open = async (path, ...more) => {
    const handle = await open(path, ...more);
    const { writeFile, sync } = handle;
    handle.writeFile = async (data) => {
      await writeFile.call(handle, data);
      disk.write(String(path), Buffer.from(data as Uint8Array));
    };
    handle.sync = async () => {
      await sync.call(handle);
      disk.sync(String(path));
    };
    return handle;
  };
  fs.link = async (from, to) => {
    await link(from, to);
    disk.link(String(from), String(to));
  };
  fs.rename = async (from, to) => {
    await rename(from, to);
    disk.link(String(from), String(to));
    disk.unlink(String(from));
  };
  fs.unlink = async (path) => {
    await unlink(path);
    disk.unlink(String(path));
  };
  syncBuiltinESMExports();
  try {
    await body();
  } finally {
    Object.assign(fs, { open, link, rename, unlink });
    syncBuiltinESMExports();
  }
  return disk;
}

test("a power cut at any moment leaves the old content or the new, and after the write is confirmed the new", async () => {
  const { localStore } = await import("../../../framework/state/local.js");
  const { realRandom: random } = await import("../../support/world.js");
  await withFolder(async (folder) => {
    const store = localStore({ folder, location: "here", random });
    const text = (n: number): Buffer => Buffer.from(`content ${n} `.repeat(50));
    const { cuts } = await recorded(async () => {
      let tag = await store.put("state.json", text(0), { ifNoneMatch: true });
      for (let n = 1; n <= 3; n++) tag = await store.put("state.json", text(n), { ifMatch: tag });
    });
    assert.ok(cuts.length > 30, `${cuts.length} moments`);
    let newest = -1;
    for (const [i, cut] of cuts.entries()) {
      const after = await withFolder(async (other) => {
        for (const [path, bytes] of cut) {
          const at = join(other, relative(folder, path));
          await fs.mkdir(dirname(at), { recursive: true });
          await fs.writeFile(at, bytes);
        }
        return localStore({ folder: other, location: "there", random }).get("state.json");
      });
      const found = after ? [0, 1, 2, 3].findIndex((n) => text(n).equals(Buffer.from(after.bytes))) : -1;
      if (after) assert.ok(found >= 0, `moment ${i}: neither old nor new: ${Buffer.from(after.bytes).toString().slice(0, 40)}`);
      if (i % 2 === 0) {
        assert.ok(found >= newest, `moment ${i}: content ${found} after ${newest}`);
        newest = found;
      }
    }
    assert.is(newest, 3, "what was confirmed is there");
  });
});

test.run();
