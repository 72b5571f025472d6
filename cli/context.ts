/** The world as a value: everything that the CLI takes from the process it runs in. Tests make their own. */
import { existsSync, readFileSync } from "node:fs";
import { randomBytes, randomUUID } from "node:crypto";
import { homedir, hostname, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Readable, Writable } from "node:stream";
import type { Clock, Random } from "../framework/base/clock.js";
import type { ProcessReads } from "../framework/lock/process-facts.js";
import { systemReads } from "../framework/lock/process-reads.js";
import type { ProcessInfo } from "../framework/operations/context.js";

/** A signal that asks the run to stop. */
export type StopSignalName = "SIGINT" | "SIGTERM";

/** What a command sees of the world; extends clipanion's BaseContext. */
export interface World {
  env: { [name: string]: string | undefined };
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  colorDepth: number;
  cwd: string;
  home: string;
  /** A person can answer questions: stdin and stderr are terminals. */
  interactive: boolean;
  /** stdout is a terminal. */
  stdoutIsTerminal: boolean;
  /** stderr is a terminal. */
  stderrIsTerminal: boolean;
  /** Width of the terminal, 80 where there is none. */
  columns(): number;
  clock: Clock;
  random: Random;
  packageRoot: string;
  version: string;
  process: ProcessInfo;
  /** To identify processes of this machine. */
  reads: ProcessReads;
  /** Calls back at each SIGINT and SIGTERM; returns its own removal. */
  onSignal(listener: (signal: StopSignalName) => void): () => void;
  /** Ends this process at once, as kill -9 does (fault points). */
  kill(): void;
  /** Leaves at once with this exit code (second signal). */
  exit(code: number): void;
}

/** The folder of the package: the nearest one upwards whose package.json is named `panka`. */
export function findPackageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "panka") return folder;
    if (dirname(folder) === folder) throw new Error("the package of panka is incomplete: package.json is missing");
  }
}

/** The version in package.json. */
export function packageVersion(root: string): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}

/** Time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", stop, { once: true });
    }),
};

/** Randomness of this machine. */
export const systemRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)), uuid: () => randomUUID() };

/** The process that runs now. */
export function processWorld(): World {
  const { stdin, stdout, stderr, env } = process;
  const packageRoot = findPackageRoot();
  return {
    env,
    stdin,
    stdout,
    stderr,
    colorDepth: stdout.isTTY ? stdout.getColorDepth(env) : 1,
    cwd: process.cwd(),
    home: env.HOME ?? homedir(),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    stdoutIsTerminal: stdout.isTTY === true,
    stderrIsTerminal: stderr.isTTY === true,
    columns: () => stdout.columns ?? stderr.columns ?? 80,
    clock: systemClock,
    random: systemRandom,
    packageRoot,
    version: packageVersion(packageRoot),
    process: { user: userName(env), host: hostname(), pid: process.pid },
    reads: systemReads(process.platform, (pid, signal) => process.kill(pid, signal)),
    onSignal: listenToSignals,
    kill: () => process.kill(process.pid, "SIGKILL"),
    exit: (code) => process.exit(code),
  };
}

function listenToSignals(listener: (signal: StopSignalName) => void): () => void {
  const int = () => listener("SIGINT");
  const term = () => listener("SIGTERM");
  process.on("SIGINT", int);
  process.on("SIGTERM", term);
  return () => {
    process.off("SIGINT", int);
    process.off("SIGTERM", term);
  };
}

function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    return env.USER ?? "unknown";
  }
}
