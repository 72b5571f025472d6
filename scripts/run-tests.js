/**
 * The test runner: uvu, several processes at once; a process per test file, or one for many files of the folders in SHARED. uvu exits 0 when nothing ran, so this one fails on
 * an empty run, a file without `.run()`, a `.only(`, a total of 0 in a file that does not say `SKIP name: reason`, and a total that differs from passed.
 * Usage: node scripts/run-tests.js [pattern...]   (a pattern is part of a file's path; none = all)
 * Env: PANKA_TEST_JOBS = processes at once (default: cores).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { makeLane } from "./test-lane.js";

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

/** Folders whose files run many in one process: they only compute, so that the start of a process is most of what a file takes. */
const SHARED = ["checks", "constructs", "docs", "framework", "testing"];

/** True for a file that may share a process. */
function isShared(folder, path) {
  return !isSlow(path) && SHARED.includes(relative(folder, path).split(/[\\/]/)[0]);
}

/** Runs files side by side, prints one line each, returns the sums. `shared` tells which may share a process. */
export async function runAll(files, jobs, shared) {
  const sum = { passed: 0, failed: 0, skipped: 0, skips: [] };
  const queue = [...files];
  const one = async () => {
    const lane = makeLane(shared);
    for (let path = queue.shift(); path; path = queue.shift()) {
      const name = relative(root, path);
      const problems = checkFile(path);
      const r = problems.length ? { code: 1, output: problems.join("; "), ms: 0 } : await lane.run(path);
      const totals = parseTotals(r.output) ?? { total: 0, passed: 0, skipped: 0 };
      // uvu's own marks may stand before it on the line.
      const skips = [...stripVTControlCharacters(r.output).matchAll(/(?:^|\s)SKIP (.+)$/gm)].map((m) => m[1]);
      // uvu's total is without what test.skip left out.
      const failed = totals.total - totals.passed;
      const bad = r.code !== 0 || (totals.total === 0 && skips.length === 0) || failed > 0;
      sum.passed += totals.passed;
      sum.skipped += totals.skipped + skips.length;
      sum.failed += bad ? Math.max(failed, 1) : 0;
      sum.skips.push(...skips.map((s) => `${name}: ${s}`));
      console.log(`${bad ? "FAIL" : "ok  "} ${name}  ${totals.passed}/${totals.total}  ${(r.ms / 1000).toFixed(1)} s`);
      for (const [, figures] of stripVTControlCharacters(r.output).matchAll(/(?:^|\s)FIGURES (.+)$/gm)) console.log(`     ${figures}`);
      if (bad)
        console.log(
          r.output
            .split("\n")
            .map((l) => `     ${l}`)
            .join("\n"),
        );
    }
    await lane.close();
  };
  await Promise.all(Array.from({ length: jobs }, one));
  return sum;
}

/** Parts of the paths of the files that take minutes, the longest first: they begin first, so that a run does not end waiting for one of them. */
const LONGEST = [
  "kinds-aws",
  "kill-aws",
  "features-aws",
  "e2e/package",
  "user-platform-aws",
  "/platform-aws",
  "provider-aws",
  "import.slow",
  "watched-aws",
  "queue-aws",
  "constructs/inputs",
];

/** The same files, those of {@link LONGEST} first. */
function longestFirst(files) {
  const place = (path) => LONGEST.findIndex((part) => path.includes(part)) >>> 0;
  return [...files].sort((a, b) => place(a) - place(b));
}

/** Files that wait more than they compute (an emulator's or provider's own delays) say `.slow.test.ts`; they run beside the others. */
export function isSlow(path) {
  return /\.slow\.test\.ts$/.test(path);
}

/** Lines covered, per folder, from the V8 coverage that the test processes left. Fails under the limits. */
function reportCoverage(folder) {
  const c8 = join(root, "node_modules", "c8", "bin", "c8.js");
  const args = [
    c8,
    "report",
    "--temp-directory",
    folder,
    "--reports-dir",
    join(root, "coverage"),
    "--reporter",
    "json-summary",
    "--exclude-after-remap",
  ];
  args.push(
    "--include",
    "framework/**",
    "--include",
    "constructs/**",
    "--include",
    "cli/**",
    "--include",
    "testing/**",
    "--all",
    "--src",
    root,
  );
  spawnSync(process.execPath, ["--max-old-space-size=4096", ...args], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const summary = JSON.parse(readFileSync(join(root, "coverage", "coverage-summary.json"), "utf8"));
  const sums = { total: [0, 0], framework: [0, 0], constructs: [0, 0], cli: [0, 0], testing: [0, 0] };
  for (const [path, entry] of Object.entries(summary)) {
    if (path === "total") continue;
    const [top] = relative(root, path).split(/[\\/]/);
    for (const key of ["total", top]) {
      if (!sums[key]) continue;
      sums[key][0] += entry.lines.covered;
      sums[key][1] += entry.lines.total;
    }
  }
  let failed = 0;
  for (const [name, [covered, total]] of Object.entries(sums)) {
    const percent = total ? (100 * covered) / total : 0;
    const limit = name === "total" ? 85 : 80;
    if (percent < limit) failed += 1;
    console.log(`${percent < limit ? "FAIL" : "ok  "} coverage of ${name}: ${percent.toFixed(1)} % of lines (at least ${limit})`);
  }
  return failed;
}

/** Skipped tests that must have run: those of the real provider, where plugin and emulator are both there. */
function forbiddenSkips(skips) {
  const emulator = spawnSync("sh", ["-c", "command -v moto_server"], { stdio: "ignore" }).status === 0;
  if (!process.env.PANKA_PLUGIN_DIR || !emulator) return [];
  return skips.filter((s) => /official provider|plugin|emulator|moto/i.test(s));
}

/** `--root DIR`: the folder that is searched (default: test/). */
function readArguments(argv) {
  const at = argv.indexOf("--root");
  const folder = at >= 0 ? argv[at + 1] : join(root, "test");
  const patterns = argv.filter((a, i) => !a.startsWith("-") && (at < 0 || i !== at + 1));
  return { folder, patterns };
}

async function main() {
  const { folder, patterns } = readArguments(process.argv.slice(2));
  const all = findTests(folder);
  const files = patterns.length ? all.filter((f) => patterns.some((p) => relative(root, f).includes(p))) : all;
  if (files.length === 0) {
    console.log(`no test file matches ${patterns.join(" ") || folder}`);
    console.log("0 passed, 1 failed, 0 skipped");
    process.exit(1);
  }
  const coverage = process.env.PANKA_COVERAGE ? join(root, "coverage", "tmp") : undefined;
  if (coverage) {
    rmSync(coverage, { recursive: true, force: true });
    mkdirSync(coverage, { recursive: true });
    process.env.NODE_V8_COVERAGE = coverage;
  }
  const jobs = Number(process.env.PANKA_TEST_JOBS) || Math.max(availableParallelism(), 2);
  const slow = longestFirst(files.filter(isSlow));
  const others = longestFirst(files.filter((f) => !isSlow(f)));
  const shared = (path) => isShared(folder, path);
  const [a, b] = await Promise.all([runAll(slow, Math.min(slow.length, 6), shared), runAll(others, jobs, shared)]);
  delete process.env.NODE_V8_COVERAGE;
  const passed = a.passed + b.passed;
  // What was skipped before the tests is named and counted with them.
  const before = process.env.PANKA_EXTRA_SKIPPED ? [process.env.PANKA_EXTRA_SKIPPED] : [];
  const skips = [...before, ...a.skips, ...b.skips];
  let failed = a.failed + b.failed + (Number(process.env.PANKA_EXTRA_FAILED) || 0);
  if (passed === 0 && failed === 0) {
    console.log("FAIL no test ran");
    failed = 1;
  }
  if (coverage) failed += reportCoverage(coverage);
  for (const s of skips) console.log(`skipped: ${s}`);
  const forbidden = forbiddenSkips(skips);
  if (forbidden.length > 0)
    console.log(`FAIL ${forbidden.length} tests of the real provider were skipped although plugin and emulator are here`);
  failed += forbidden.length;
  console.log(`${passed} passed, ${failed} failed, ${before.length + a.skipped + b.skipped} skipped`);
  process.exit(failed === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
