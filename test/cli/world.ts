/** A world of strings for commands: what goes in, what came out. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { Clock, Random } from "../../framework/base/clock.js";
import { findPackageRoot, systemClock, systemRandom, type StopSignalName, type World } from "../../cli/context.js";
import { runCli } from "../../cli/run.js";

/** What a command left. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
  /** The document of a --json command. */
  json(): any;
  /** The lines of a stream. */
  lines(): any[];
}

/** What to run a command with. */
export interface WorldOptions {
  cwd?: string;
  env?: { [name: string]: string };
  /** Answers to questions, in order; their presence makes a terminal. */
  answers?: string[];
  /** Default: this machine's. */
  clock?: Clock;
  random?: Random;
  home?: string;
  /** Who types; default ada. */
  user?: string;
  /** Gets the function that sends a signal. */
  signals?: (send: (signal: StopSignalName) => void) => void;
}

/** One person's home folder for all commands of a test file: its key encrypts their states. */
const HOME = mkdtempSync(join(tmpdir(), "panka-home-"));

/** Runs `panka ARGS` in this process. */
export async function run(args: string[], options: WorldOptions = {}): Promise<Ran> {
  const out = { stdout: "", stderr: "" };
  const sink = (name: "stdout" | "stderr") => {
    const stream = new PassThrough();
    stream.on("data", (d) => {
      out[name] += d;
    });
    return stream;
  };
  const stdin = new PassThrough();
  const stderr = sink("stderr");
  const answers = [...(options.answers ?? [])];
  stderr.on("data", (d) => {
    if (/(\]|:) $/.test(String(d)) && answers.length > 0) setImmediate(() => stdin.write(`${answers.shift()}\n`));
  });
  const listeners = new Set<(signal: StopSignalName) => void>();
  options.signals?.((signal) => {
    for (const listener of listeners) listener(signal);
  });
  const world: World = {
    env: options.env ?? {},
    stdin,
    stdout: sink("stdout"),
    stderr,
    colorDepth: 1,
    cwd: options.cwd ?? mkdtempSync(join(tmpdir(), "panka-cli-")),
    home: options.home ?? HOME,
    interactive: options.answers !== undefined,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: () => 80,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    packageRoot: findPackageRoot(),
    version: "1.2.3",
    process: { user: options.user ?? "ada", host: "engine", pid: process.pid },
    reads: { platform: "none", readFile: () => undefined, readLink: () => undefined, run: () => undefined, probe: () => "unknown" },
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    kill: () => {
      throw new Error("killed");
    },
    exit: (code) => {
      throw new Error(`exit ${code}`);
    },
  };
  const code = await runCli(args, world);
  await new Promise((resolve) => setImmediate(resolve));
  return {
    code,
    ...out,
    json: () => JSON.parse(out.stdout),
    lines: () =>
      out.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
  };
}
