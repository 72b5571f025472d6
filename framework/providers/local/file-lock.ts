/**
 * A lock between processes of one machine, held for milliseconds: a file made with link(), which fails if it exists.
 *
 * A holder that died is found by its pid and start time. Its lock is removed only under a second lock (`<path>.b`), which is
 * taken the same way: so two processes can never both remove "the dead one's" lock, of which the second is already someone else's.
 */
import type { Clock } from "../../base/clock.js";
import { PankaError } from "../../base/errors.js";
import type { LocalFs } from "./local-fs.js";

interface Holder {
  pid: number;
  /** Start time of the process, in the kernel's ticks; "" where the system does not say. */
  started: string;
  /** Machine boot and pid namespace: pids of another one say nothing. */
  where: string;
  nonce: string;
}

/** How long to wait for a holder that is alive, ms. */
const PATIENCE = 30_000;

/** Runs `work` while holding the lock at `path`. Throws PankaError `local-cloud-locked` after 30 s behind a holder that lives. */
export async function withFileLock<T>(fs: LocalFs, clock: Clock, path: string, nonce: () => string, work: () => Promise<T>): Promise<T> {
  const release = await acquire(fs, clock, path, nonce);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function acquire(fs: LocalFs, clock: Clock, path: string, nonce: () => string): Promise<() => Promise<void>> {
  const me: Holder = { pid: process.pid, started: await startOf(fs, process.pid), where: await whereAmI(fs), nonce: nonce() };
  const mine = `${path}.${me.pid}-${me.nonce}`;
  await fs.writeFile(mine, JSON.stringify(me), { mode: 0o600 });
  const until = clock.monotonic() + PATIENCE;
  try {
    for (let wait = 1; ; wait = Math.min(wait * 2, 20)) {
      if (await linked(fs, mine, path)) return () => fs.rm(path, { force: true });
      const holder = await readHolder(fs, path);
      if (holder && (await isDead(fs, holder, me.where))) await removeDead(fs, clock, path, nonce, holder);
      else if (clock.monotonic() > until) throw lockedError(path, holder);
      else await clock.sleep(wait);
    }
  } finally {
    await fs.rm(mine, { force: true });
  }
}

async function removeDead(fs: LocalFs, clock: Clock, path: string, nonce: () => string, dead: Holder): Promise<void> {
  await withFileLock(fs, clock, `${path}.b`, nonce, async () => {
    const now = await readHolder(fs, path);
    if (now?.nonce === dead.nonce) await fs.rm(path, { force: true });
  });
}

async function linked(fs: LocalFs, from: string, to: string): Promise<boolean> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function readHolder(fs: LocalFs, path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await fs.readFile(path, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

async function isDead(fs: LocalFs, holder: Holder, where: string): Promise<boolean> {
  if (holder.where !== where) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  return (await startOf(fs, holder.pid)) !== holder.started;
}

/** Field 22 of /proc/<pid>/stat; a zombie counts as gone. */
async function startOf(fs: LocalFs, pid: number): Promise<string> {
  try {
    const stat = await fs.readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "gone" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

async function whereAmI(fs: LocalFs): Promise<string> {
  try {
    return `${(await fs.readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim()} ${await fs.readlink("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

function lockedError(path: string, holder: Holder | undefined): PankaError {
  return new PankaError(
    "local-cloud-locked",
    `the local cloud is locked by process ${holder?.pid ?? "?"} for over ${PATIENCE / 1000} s (${path})`,
    {
      next: `wait for that process; if there is none any more: rm ${path}`,
    },
  );
}
