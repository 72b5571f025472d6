/** The built CLI as a process: what a user types, and what comes back. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { ROOT } from "./source-tree.js";

/** The launcher. */
export const PANKA = join(ROOT, "bin", "panka.js");

/** Where commands keep what each of them would make anew in a home of its own: the bundle's compiled code, schemas of the plugin. */
const CACHE = join(ROOT, ".cache", "tests");

/** What a finished command left. `signal` is set when it was killed. */
export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A command that runs. */
export interface Running {
  child: ChildProcess;
  done: Promise<Finished>;
}

/**
 * Environment of a command: nothing of the machine's AWS or Panka settings but what is given; its own home folder. Coverage is that of
 * the tests' own processes: to measure each command would take a third of its time.
 */
export function cleanEnv(home: string, extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(
    Object.entries(process.env).filter(([k]) => !/^(AWS_|PANKA_|TF_|PULUMI_|CI$|GITHUB_|FORCE_COLOR|NO_COLOR)/.test(k)),
  );
  return {
    ...kept,
    // Named, because Node hands it to a child whose environment does not say otherwise.
    NODE_V8_COVERAGE: undefined,
    HOME: home,
    NO_COLOR: "1",
    ...(process.env.PANKA_PLUGIN_DIR ? { PANKA_PLUGIN_DIR: process.env.PANKA_PLUGIN_DIR } : {}),
    ...extra,
  };
}

/** Starts `panka ARGS` in a folder. stdin is closed. */
export function startPanka(cwd: string, args: string[], env: Record<string, string | undefined> = {}): Running {
  const home = join(cwd, ".home");
  mkdirSync(home, { recursive: true });
  const child = spawn(process.execPath, [PANKA, ...args], {
    cwd,
    env: cleanEnv(home, { XDG_CACHE_HOME: CACHE, ...env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Finished = { code: null, signal: null, stdout: "", stderr: "" };
  child.stdout?.on("data", (d) => {
    out.stdout += d;
  });
  child.stderr?.on("data", (d) => {
    out.stderr += d;
  });
  const done = new Promise<Finished>((resolve) => {
    child.on("close", (code, signal) => resolve({ ...out, code, signal }));
  });
  return { child, done };
}

/** Runs `panka ARGS` to its end. */
export function panka(cwd: string, args: string[], env: Record<string, string | undefined> = {}): Promise<Finished> {
  return startPanka(cwd, args, env).done;
}

/** The finished command, which must have ended well; else the test fails with all that it said. */
export function fine(done: Finished): Finished {
  assert.is(done.code, 0, done.stdout + done.stderr);
  return done;
}

/** Writes files (path: text) below a folder. */
export function writeFiles(folder: string, files: { [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A fresh folder, with files in it; gone after `body`. */
export async function inFolder<T>(files: Record<string, string>, body: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "panka-e2e-"));
  try {
    writeFiles(folder, files);
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fresh copy of one of the examples; gone after `body`. */
export function inExample<T>(name: string, body: (folder: string) => Promise<T>): Promise<T> {
  return inFolder({}, (folder) => {
    // Without what a person who tried the example left there.
    const own = (path: string): boolean => ![".panka", "panka.out", "node_modules"].includes(basename(path));
    cpSync(join(ROOT, "examples", name), folder, { recursive: true, filter: own });
    return body(folder);
  });
}

/** The document that a --json command printed. Throws with the whole output if it is none. */
export function jsonOf(f: Finished): any {
  try {
    return JSON.parse(f.stdout);
  } catch {
    throw new Error(`not one JSON document (exit ${f.code}):\n${f.stdout}\n${f.stderr}`);
  }
}

/** The JSON lines of a streaming --json command. */
export function linesOf(f: Finished): any[] {
  return f.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
