/**
 * The cloud on its file. Every mutation is read, change, write under a lock between processes; the write is a temporary file, fsync,
 * rename, fsync of the folder: a kill at any instant leaves the old file or the new one. Mutations that arrive while one
 * write is under way share the next one; each resolves only when it is durable.
 */
import { basename, dirname, join } from "node:path";
import type { Clock, Random } from "../../base/clock.js";
import { PankaError } from "../../base/errors.js";
import { ProviderError } from "../../model/provider.js";
import { Cloud, emptyCloud, parseCloud, printCloud } from "./cloud.js";
import { withFileLock } from "./file-lock.js";
import type { LocalFs } from "./local-fs.js";

/** Reads and changes the cloud. */
export interface CloudStore {
  /** The cloud as it is on the file now. Not to be changed. */
  read(): Promise<Cloud>;
  /** Runs `change` on the current cloud and resolves when its effect is durable. `change` either puts everything or throws before it puts anything. */
  mutate<T>(change: (cloud: Cloud) => T): Promise<T>;
  /** Resolves when no write is under way. */
  idle(): Promise<void>;
}

interface Waiting {
  change: (cloud: Cloud) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

/** Opens the store; nothing is read or written until it is used. */
export function openCloudStore(options: { file: string; account: string; clock: Clock; random: Random; fs: LocalFs }): CloudStore {
  const { file, fs } = options;
  const nonce = () => hex(options.random, 8);
  let cached: { stamp: string; cloud: Cloud } | undefined;
  let queue: Waiting[] = [];
  let running: Promise<void> | undefined;
  let swept = false;

  async function load(): Promise<Cloud> {
    const stamp = await stampOf(fs, file);
    if (cached && cached.stamp === stamp) return cached.cloud;
    const cloud = new Cloud(
      stamp === "" ? emptyCloud(options.account, hex(options.random, 16)) : parseCloud(await fs.readFile(file, "utf8"), file),
    );
    cached = { stamp, cloud };
    return cloud;
  }

  async function flush(batch: Waiting[]): Promise<void> {
    const results: (() => void)[] = [];
    await fs.mkdir(dirname(file), { recursive: true });
    await withFileLock(fs, options.clock, `${file}.lock`, nonce, async () => {
      if (!swept) await sweep(fs, file);
      swept = true;
      const cloud = await load();
      for (const w of batch) results.push(attempt(w, cloud));
      if (!cloud.dirty) return;
      cached = undefined; // A failed write must not leave its changes in memory.
      await writeDurably(fs, file, printCloud(cloud.file), nonce());
      cloud.dirty = false;
      cached = { stamp: await stampOf(fs, file), cloud };
    });
    for (const settle of results) settle();
  }

  async function pump(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        await flush(batch);
      } catch (error) {
        for (const w of batch) w.reject(storeError(error, file));
      }
    }
    running = undefined;
  }

  return {
    read: load,
    mutate<T>(change: (cloud: Cloud) => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        queue.push({ change, resolve: resolve as (value: unknown) => void, reject });
        running ??= new Promise((next) => setImmediate(next)).then(pump);
      });
    },
    async idle() {
      while (running) await running;
    },
  };
}

function attempt(w: Waiting, cloud: Cloud): () => void {
  try {
    const value = w.change(cloud);
    return () => w.resolve(value);
  } catch (error) {
    return () => w.reject(error);
  }
}

/** Changes whenever the file is replaced or edited; "" if there is none. */
async function stampOf(fs: LocalFs, file: string): Promise<string> {
  try {
    const s = await fs.stat(file, { bigint: true });
    return `${s.ino}-${s.mtimeNs}-${s.size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

async function writeDurably(fs: LocalFs, file: string, text: string, nonce: string): Promise<void> {
  const temporary = `${file}.tmp-${process.pid}-${nonce}`;
  try {
    const handle = await fs.open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
  const folder = await fs.open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Removes temporary files of killed processes. Runs under the lock, so no other writer's file can be among them. */
async function sweep(fs: LocalFs, file: string): Promise<void> {
  const prefix = `${basename(file)}.tmp-`;
  for (const name of await fs.readdir(dirname(file))) if (name.startsWith(prefix)) await fs.rm(join(dirname(file), name), { force: true });
}

function storeError(error: unknown, file: string): unknown {
  if (error instanceof PankaError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new ProviderError("failed", `the local cloud could not be written to ${file}: ${(error as Error).message}`, {
    outcome: code === "ENOSPC" || code === "EACCES" || code === "EROFS" ? "none" : "unknown",
    cause: error,
  });
}

/** Random hex digits. */
export function hex(random: Random, digits: number): string {
  return Buffer.from(random.bytes(Math.ceil(digits / 2)))
    .toString("hex")
    .slice(0, digits);
}
