/**
 * The locker on a local folder, beside the local state store.
 *
 *     fences/<n>            a fence is taken by creating n + 1; never removed
 *     lock                  who holds `*`; complete, placed by link(), never changed. Other scopes: `lock@<scope>`, with `/` as `@`
 *     beats/<lockId>        lastHeartbeat and heartbeatSeq of a lock, rewritten by its holder alone
 *     lock.dead.<fence>     a lock that is being taken over or released
 *     heads/<serial>        the head of the state; the highest counts
 *
 * A lock is removed only by renaming it away and reading back what was renamed; if it was another's it is linked back.
 */
import { join } from "node:path";
import type { Clock, Random } from "../base/clock.js";
import { makeFolder } from "../base/folders.js";
import { canonicalJson } from "../base/json.js";
import type { Lease, LockInfo, Locker, LockMetadata, LockScope } from "../model/locker.js";
import { overlaps, STACK_SCOPE } from "../model/scopes.js";
import type { Head } from "../model/state-file.js";
import { StoreError } from "../model/state-store.js";
import { createEmpty, drop, guarded, moveAway, names, place, putBack, readText, temporaryIn } from "./local-files.js";

/** A local lock is shown as expiring an hour after its last beat, like a remote one; nothing removes it by itself. */
const LEASE_MS = 3_600_000;
/** Attempts against contenders that take fences at the same time. */
const ATTEMPTS = 200;

/** Where the local locks are. */
export interface LocalLockerOptions {
  /** `<project>/.panka/stacks/<stack>/<environment>`, absolute. Made when first written to. */
  folder: string;
  location?: string;
  clock: Clock;
  random: Random;
}

interface LockFile {
  scope: LockScope;
  lockId: string;
  fence: number;
  lockedAt: string;
  metadata: LockMetadata;
}

const fileName = (scope: LockScope): string => (scope === STACK_SCOPE ? "lock" : `lock@${scope.replace("/", "@")}`);

/** A locker on a folder. See the head of the file. */
export function localLocker(options: LocalLockerOptions): Locker {
  const files = new LockFiles(options);
  return {
    location: options.location ?? options.folder,
    acquire: (scope, metadata) => guarded("take the lock", () => acquire(files, scope, metadata)),
    beat: (lease) => guarded("beat the lock", () => beat(files, lease)),
    release: (lease) => guarded("release the lock", () => files.remove(lease.scope, lease.lockId, lease.fence).then(() => {})),
    takeover: (observed, metadata) => guarded("take the lock over", () => takeover(files, observed, metadata)),
    list: () => guarded("list locks", async () => ({ locks: await files.locks(), serverTime: files.now() })),
    readHead: () => guarded("read the head", () => files.readHead()),
    advanceHead: (head) => guarded("write the head", () => files.advanceHead(head)),
    async close() {},
  };
}

async function acquire(files: LockFiles, scope: LockScope, metadata: LockMetadata) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const held = (await files.locks()).filter((l) => overlaps(l.scope, scope));
    if (held.length) return { ok: false as const, held, serverTime: files.now() };
    const fence = await files.takeFence();
    const lease = await files.placeLock(scope, fence, metadata);
    if (lease && (await stands(files, lease))) return { ok: true as const, lease };
    if (lease) await files.remove(scope, lease.lockId, fence);
  }
  throw new StoreError("unavailable", "too many processes want this lock at once");
}

/**
 * True if a lock that was placed just now may hold: no higher fence may have been a holder's while we slept, and no overlapping
 * scope's lock, looked for after ours stands. Of two that place theirs at once the one sees the other's lock or its fence.
 */
async function stands(files: LockFiles, lease: Lease): Promise<boolean> {
  const others = (await files.locks()).filter((l) => l.lockId !== lease.lockId && overlaps(l.scope, lease.scope));
  return !others.some((l) => l.fence < lease.fence) && (await files.highestFence()) === lease.fence;
}

async function beat(files: LockFiles, lease: Lease): Promise<"mine" | "lost"> {
  const mine = async (): Promise<boolean> => {
    const lock = await files.read(lease.scope);
    return lock?.lockId === lease.lockId && lock.fence === lease.fence;
  };
  if (!(await mine())) return "lost";
  const seq = (await files.readBeat(lease.lockId))?.heartbeatSeq ?? 0;
  await files.writeBeat(lease.lockId, seq + 1);
  return (await mine()) ? "mine" : "lost";
}

async function takeover(files: LockFiles, observed: LockInfo, metadata: LockMetadata) {
  const locks = await files.locks();
  if (locks.some((l) => l.scope !== observed.scope && overlaps(l.scope, observed.scope))) return { ok: false as const };
  const current = locks.find((l) => l.scope === observed.scope);
  if (current?.lockId !== observed.lockId || current.heartbeatSeq !== observed.heartbeatSeq) return { ok: false as const };
  const fence = await files.takeFence();
  const seq = observed.heartbeatSeq;
  if (!(await files.remove(observed.scope, observed.lockId, undefined, fence, seq))) return { ok: false as const };
  const lease = await files.placeLock(observed.scope, fence, metadata);
  return lease ? { ok: true as const, lease } : { ok: false as const };
}

/** The files of one stack and environment. */
class LockFiles {
  private readonly folder: string;
  constructor(private readonly options: LocalLockerOptions) {
    this.folder = options.folder;
  }

  now(): string {
    return new Date(this.options.clock.now()).toISOString();
  }

  private temporary(): string {
    return temporaryIn(this.folder, this.options.random.uuid());
  }

  async read(scope: LockScope): Promise<LockFile | null> {
    const text = await readText(join(this.folder, fileName(scope)));
    return text === null ? null : (JSON.parse(text) as LockFile);
  }

  async locks(): Promise<LockInfo[]> {
    const found: LockInfo[] = [];
    for (const name of (await names(this.folder)).filter((n) => n === "lock" || n.startsWith("lock@")).sort()) {
      const text = await readText(join(this.folder, name));
      if (text === null) continue;
      const lock = JSON.parse(text) as LockFile;
      const beat = (await this.readBeat(lock.lockId)) ?? { lastHeartbeat: lock.lockedAt, heartbeatSeq: 0 };
      const expiresAt = new Date(Date.parse(beat.lastHeartbeat) + LEASE_MS).toISOString();
      found.push({ ...lock, ...beat, expiresAt });
    }
    return found;
  }

  async readBeat(lockId: string): Promise<{ lastHeartbeat: string; heartbeatSeq: number } | null> {
    const text = await readText(join(this.folder, "beats", lockId));
    return text === null ? null : (JSON.parse(text) as { lastHeartbeat: string; heartbeatSeq: number });
  }

  async writeBeat(lockId: string, heartbeatSeq: number): Promise<void> {
    await makeFolder(join(this.folder, "beats"));
    const text = canonicalJson({ lastHeartbeat: this.now(), heartbeatSeq });
    await place(join(this.folder, "beats", lockId), text, this.temporary(), "rename");
  }

  async highestFence(): Promise<number> {
    return Math.max(0, ...(await names(join(this.folder, "fences"))).map(Number).filter(Number.isInteger));
  }

  async takeFence(): Promise<number> {
    await makeFolder(join(this.folder, "fences"));
    for (let n = (await this.highestFence()) + 1; ; n++) {
      if (await createEmpty(join(this.folder, "fences", String(n)))) return n;
    }
  }

  /** Places the lock file; null if another stands there. */
  async placeLock(scope: LockScope, fence: number, metadata: LockMetadata): Promise<Lease | null> {
    const lockId = this.options.random.uuid();
    const lock: LockFile = { scope, lockId, fence, lockedAt: this.now(), metadata };
    const placed = await place(join(this.folder, fileName(scope)), `${canonicalJson(lock, 2)}\n`, this.temporary(), "link");
    return placed ? { scope, lockId, fence, metadata } : null;
  }

  /** Renames the lock away if it is the one with this id (fence, beat) and drops it; anything else is put back. */
  async remove(scope: LockScope, lockId: string, fence?: number, suffix: number | string = this.options.random.uuid(), seq?: number) {
    const path = join(this.folder, fileName(scope));
    const fits = (lock: LockFile | null): boolean => lock?.lockId === lockId && (fence === undefined || lock.fence === fence);
    if (!fits(await this.read(scope))) return false;
    const dead = join(this.folder, `${fileName(scope).replace("lock", "lock.dead")}.${suffix}`);
    if (!(await moveAway(path, dead))) return false;
    const text = await readText(dead);
    const moved = text === null ? null : (JSON.parse(text) as LockFile);
    const moving = seq !== undefined && ((await this.readBeat(lockId))?.heartbeatSeq ?? 0) !== seq;
    if (!fits(moved) || moving) {
      await putBack(dead, path);
      return false;
    }
    await drop(dead);
    await drop(join(this.folder, "beats", lockId));
    return true;
  }

  async readHead(): Promise<Head | null> {
    const serials = (await names(join(this.folder, "heads"))).map(Number).filter(Number.isInteger);
    if (serials.length === 0) return null;
    const text = await readText(join(this.folder, "heads", String(Math.max(...serials))));
    return text === null ? this.readHead() : (JSON.parse(text) as Head);
  }

  async advanceHead(head: Head): Promise<"written" | "behind"> {
    const folder = join(this.folder, "heads");
    await makeFolder(folder);
    const serials = (await names(folder)).map(Number).filter(Number.isInteger);
    if (serials.some((s) => s >= head.serial)) return "behind";
    const placed = await place(join(folder, String(head.serial)), canonicalJson(head), this.temporary(), "link");
    for (const old of serials.filter((s) => s < head.serial - 3)) await drop(join(folder, String(old)));
    return placed ? "written" : "behind";
  }
}
