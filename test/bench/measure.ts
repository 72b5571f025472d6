/** How the benchmarks measure: whole processes, best of several, with peak memory where the system tells. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One measured figure. */
export interface Figure {
  what: string;
  /** What was measured, with unit. */
  value: string;
  /** The figure to reach. */
  target: string;
  /** The same done by a peer in this run, or why not. */
  peer: string;
}

/** Seconds and peak resident memory (MB; undefined where GNU time is missing) of one process; throws if it fails. */
export function runProcess(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): { seconds: number; megabytes: number | undefined; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), "panka-time-"));
  const report = join(folder, "time");
  const gnu = existsSync("/usr/bin/time");
  const started = performance.now();
  const done = gnu
    ? spawnSync("/usr/bin/time", ["-f", "%M", "-o", report, command, ...args], { ...options, encoding: "utf8", maxBuffer: 1 << 28 })
    : spawnSync(command, args, { ...options, encoding: "utf8", maxBuffer: 1 << 28 });
  const seconds = (performance.now() - started) / 1000;
  const megabytes = gnu && existsSync(report) ? Number(readFileSync(report, "utf8").trim().split("\n").pop()) / 1024 : undefined;
  rmSync(folder, { recursive: true });
  if (done.status !== 0)
    throw new Error(`${command} ${args.join(" ")} exited ${done.status}:\n${done.stdout.slice(-2000)}\n${done.stderr.slice(-2000)}`);
  return { seconds, megabytes, stdout: done.stdout };
}

/** The quickest of `times` runs. */
export function bestOf<T extends { seconds: number }>(times: number, run: () => T): T {
  let best = run();
  for (let i = 1; i < times; i++) {
    const next = run();
    if (next.seconds < best.seconds) best = next;
  }
  return best;
}

/** `0.12 s`, with memory if known. */
export function show(m: { seconds: number; megabytes?: number | undefined }): string {
  return `${m.seconds.toFixed(2)} s${m.megabytes ? `, ${Math.round(m.megabytes)} MB` : ""}`;
}

/** True if a program is on PATH. */
export function onPath(name: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).status === 0;
}

/** The value below which a share of the samples lies. */
export function percentile(samples: number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
