/** {@link ProcessReads} of the real machine. The caller passes what only the CLI may touch. */
import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import type { ProcessReads } from "./process-facts.js";

/** Reads from /proc and from commands. `kill` is process.kill. */
export function systemReads(platform: string, kill: (pid: number, signal: 0) => unknown): ProcessReads {
  const attempt = <T>(body: () => T): T | undefined => {
    try {
      return body();
    } catch {
      return undefined;
    }
  };
  return {
    platform,
    readFile: (path) => attempt(() => readFileSync(path, "utf8")),
    readLink: (path) => attempt(() => readlinkSync(path)),
    run: (command, args) =>
      attempt(() => execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 2_000 })),
    probe(pid) {
      try {
        kill(pid, 0);
        return "alive";
      } catch (error) {
        const code = (error as { code?: string }).code;
        return code === "ESRCH" ? "gone" : code === "EPERM" ? "alive" : "unknown";
      }
    },
  };
}
