/** What identifies a process beyond its pid, and whether the holder of a lock is provably dead. Protocol section 4. All reads are passed in. */
import type { LockMetadata } from "../model/locker.js";

/** The machine, as far as this needs it. Functions give undefined for what can't be read. */
export interface ProcessReads {
  /** `linux`, `darwin`, ... */
  platform: string;
  readFile(path: string): string | undefined;
  readLink(path: string): string | undefined;
  /** The output of a command. */
  run(command: string, args: string[]): string | undefined;
  /** Signal 0 to a pid: `alive` (also if not permitted), `gone` (no such process), `unknown`. */
  probe(pid: number): "alive" | "gone" | "unknown";
}

/** Facts about this machine and container; "" where they can't be read. */
export interface HostFacts {
  bootId: string;
  pidNamespace: string;
}

/** Boot id and pid namespace. Two containers on one host share a boot id, so both are needed. macOS has no namespaces: `-`. */
export function hostFacts(reads: ProcessReads): HostFacts {
  if (reads.platform === "linux") {
    return {
      bootId: reads.readFile("/proc/sys/kernel/random/boot_id")?.trim() ?? "",
      pidNamespace: reads.readLink("/proc/self/ns/pid") ?? "",
    };
  }
  if (reads.platform === "darwin") {
    return { bootId: reads.run("sysctl", ["-n", "kern.bootsessionuuid"])?.trim() ?? "", pidNamespace: "-" };
  }
  return { bootId: "", pidNamespace: "" };
}

/** When a process started: field 22 of /proc/PID/stat (ticks since boot) on Linux, `ps -o lstart=` on macOS; "" where it can't be read. `dead` = it is a zombie. */
export function startTime(pid: number, reads: ProcessReads): { startTime: string; dead: boolean } {
  if (reads.platform === "linux") {
    const stat = reads.readFile(`/proc/${pid}/stat`);
    const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
    return { startTime: fields[19] ?? "", dead: fields[0] === "Z" || fields[0] === "X" };
  }
  if (reads.platform === "darwin") return { startTime: reads.run("ps", ["-o", "lstart=", "-p", String(pid)])?.trim() ?? "", dead: false };
  return { startTime: "", dead: false };
}

/** The facts that go into a lock's metadata for a process on this machine. */
export function processFacts(pid: number, reads: ProcessReads): HostFacts & { startTime: string } {
  return { ...hostFacts(reads), startTime: startTime(pid, reads).startTime };
}

/**
 * True only if the holder ran on this boot and in this pid namespace, and its pid is gone, is a zombie, or belongs to a process that
 * started at another time. What can't be read gives no judgement: false.
 */
export function provablyDead(holder: LockMetadata, reads: ProcessReads): boolean {
  const here = hostFacts(reads);
  if (!here.bootId || !here.pidNamespace || holder.bootId !== here.bootId || holder.pidNamespace !== here.pidNamespace) return false;
  if (!Number.isInteger(holder.pid) || holder.pid <= 0) return false;
  const state = reads.probe(holder.pid);
  if (state === "gone") return true;
  if (state === "unknown") return false;
  const now = startTime(holder.pid, reads);
  if (now.dead && now.startTime === holder.startTime) return true;
  return now.startTime !== "" && holder.startTime !== "" && now.startTime !== holder.startTime;
}
