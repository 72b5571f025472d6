/** {@link ProcessReads} of the real machine. The caller passes what only the CLI may touch. */
import { readFileSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import type { ProcessReads } from "./process-facts.js";

/** Loads a built-in module where it is used: few commands start a process. */
const load = createRequire(import.meta.url);

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
      attempt(() => {
        const { execFileSync } = load("node:child_process") as typeof import("node:child_process");
        return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 2_000 });
      }),
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
