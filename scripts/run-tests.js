/**
 * The test runner: uvu, one process per test file, several at once. uvu exits 0 when nothing ran, so this one fails on
 * an empty run, a file without `.run()`, a `.only(`, a total of 0, and a total that differs from passed + skipped.
 * Usage: node scripts/run-tests.js [pattern...]   (a pattern is part of a file's path; none = all)
 * Env: PANKA_TEST_JOBS = processes at once (default: cores).
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));

/** All `*.test.ts` below a folder, sorted. */
export function findTests(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.endsWith(".test.ts") && statSync(path).isFile())
    .sort();
}

/** Reasons why a test file can't be trusted. */
export function checkFile(path) {
  const source = readFileSync(path, "utf8");
  const problems = [];
  if (!/\.run\(\)/.test(source)) problems.push("never calls .run()");
  if (/\.only\(/.test(source)) problems.push("has .only(, which hides other tests");
  return problems;
}

/** The counts that uvu printed, or undefined. */
export function parseTotals(output) {
  const text = stripVTControlCharacters(output);
  const number = (label) => {
    const all = [...text.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)`, "gm"))];
    const last = all[all.length - 1];
    return last ? Number(last[1]) : undefined;
  };
  const total = number("Total");
  if (total === undefined) return undefined;
  return { total, passed: number("Passed") ?? 0, skipped: number("Skipped") ?? 0 };
}

/** Runs one file in a process of its own. */
function runFile(path) {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(process.execPath, ["--import", "tsx", path], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
    });
    let output = "";
    child.stdout.on("data", (d) => (output += d));
    child.stderr.on("data", (d) => (output += d));
    child.on("close", (code) => resolve({ path, code, output, ms: Date.now() - started }));
  });
}

/** Runs files side by side, prints one line each, returns the sums. */
export async function runAll(files, jobs) {
  const sum = { passed: 0, failed: 0, skipped: 0, skips: [] };
  const queue = [...files];
  const one = async () => {
    for (let path = queue.shift(); path; path = queue.shift()) {
      const name = relative(root, path);
      const problems = checkFile(path);
      const r = problems.length ? { code: 1, output: problems.join("; "), ms: 0 } : await runFile(path);
      const totals = parseTotals(r.output) ?? { total: 0, passed: 0, skipped: 0 };
      const skips = [...r.output.matchAll(/^SKIP (.+)$/gm)].map((m) => m[1]);
      const failed = Math.max(totals.total - totals.passed - totals.skipped, 0);
      const bad = r.code !== 0 || totals.total === 0 || failed > 0;
      sum.passed += totals.passed;
      sum.skipped += totals.skipped + skips.length;
      sum.failed += bad ? Math.max(failed, 1) : 0;
      sum.skips.push(...skips.map((s) => `${name}: ${s}`));
      console.log(`${bad ? "FAIL" : "ok  "} ${name}  ${totals.passed}/${totals.total}  ${(r.ms / 1000).toFixed(1)} s`);
      if (bad)
        console.log(
          r.output
            .split("\n")
            .map((l) => `     ${l}`)
            .join("\n"),
        );
    }
  };
  await Promise.all(Array.from({ length: jobs }, one));
  return sum;
}

/** Long-running files first, so that they do not come last alone: those that say `slow` in their name. */
export function order(files) {
  const slow = (f) => (/\.slow\.test\.ts$/.test(f) ? 0 : 1);
  return [...files].sort((a, b) => slow(a) - slow(b));
}

async function main() {
  const patterns = process.argv.slice(2).filter((a) => !a.startsWith("-"));
  const all = findTests(join(root, "test"));
  const files = order(patterns.length ? all.filter((f) => patterns.some((p) => relative(root, f).includes(p))) : all);
  if (files.length === 0) {
    console.error(`no test file matches ${patterns.join(" ")}`);
    process.exit(1);
  }
  const jobs = Number(process.env.PANKA_TEST_JOBS) || Math.max(availableParallelism(), 2);
  const sum = await runAll(files, jobs);
  for (const s of sum.skips) console.log(`skipped: ${s}`);
  if (sum.passed === 0 && sum.failed === 0) sum.failed = 1;
  console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  process.exit(sum.failed === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
