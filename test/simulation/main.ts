/**
 * `npm run simulate -- --seeds N [--from K] [--jobs J]`: N seeds, spread over the cores. `--seed N [--trace]`: one, told line by line.
 * `--seed N --plant NAME`: with a planted bug.
 * `--figures [--rounds N]`: contention and recovery in virtual time. `--plants`: the first seeds that find each planted bug.
 * Prints how often each fault, takeover and recovery row occurred; exit 1 on a failure, or, from 100 seeds on (rare ones: from 5,000), on one that never occurred.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Counts } from "./counts.js";
import { missing, occurrences, WANTED } from "./coverage.js";
import { percentile } from "../bench/measure.js";
import { contend, deployers, recoveryTimes } from "./figures.js";
import { PLACE_PLANTS, PLANTS, VERIFIED_PLANTS } from "./plants.js";
import { layoutOf, runSeed, type SeedResult } from "./seed.js";

/** With fewer seeds nothing is asked for. */
const SOME = 100;
/** With fewer seeds a rare thing may not occur. */
const ENOUGH = 5_000;
/** Seeds that one process runs at a stretch: many, for its code becomes faster as it runs; a failure is told when its stretch ends. */
const STRETCH = 500;
/** Options of V8 that save a fifth of the time: errors are made by the thousand and a failing seed is replayed with their stacks; most of the memory dies young. */
const FASTER = ["--stack-trace-limit=0", "--max-semi-space-size=64"];

const args = process.argv.slice(2);
const text = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const value = (name: string, otherwise: number): number => Number(text(name) ?? otherwise);

/** What a stretch of seeds came to. */
interface Stretch {
  seeds: number;
  events: number;
  counts: [string, number][];
  failures: { seed: number; failure: string }[];
  cpuMs: number;
}

async function stretch(from: number, count: number): Promise<Stretch> {
  const counts = new Counts();
  const out: Stretch = { seeds: 0, events: 0, counts: [], failures: [], cpuMs: 0 };
  for (let seed = from; seed < from + count; seed++) {
    const result = await runSeed(seed);
    out.seeds += 1;
    out.events += result.events;
    counts.merge(result.counts);
    if (result.failure !== undefined) out.failures.push({ seed, failure: result.failure });
  }
  return { ...out, counts: [...counts.all], cpuMs: process.cpuUsage().user / 1000 };
}

/** Runs stretches in processes of their own. */
async function spread(from: number, count: number, jobs: number): Promise<Stretch> {
  const counts = new Counts();
  const sum: Stretch = { seeds: 0, events: 0, counts: [], failures: [], cpuMs: 0 };
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < from + count) {
      const at = next;
      next += Math.min(STRETCH, Math.ceil(count / jobs), from + count - at);
      const one = await child(at, next - at);
      for (const f of one.failures) console.log(failureText(f));
      sum.seeds += one.seeds;
      sum.events += one.events;
      sum.cpuMs += one.cpuMs;
      sum.failures.push(...one.failures);
      counts.merge(one.counts);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return { ...sum, counts: [...counts.all] };
}

function failureText({ seed, failure }: { seed: number; failure: string }): string {
  return `FAIL seed ${seed}: ${failure}\n     npm run simulate -- --seed ${seed} --trace`;
}

function child(from: number, count: number): Promise<Stretch> {
  return new Promise((resolve) => {
    const argv = [...FASTER, ...process.execArgv, fileURLToPath(import.meta.url), "--stretch", String(from), "--seeds", String(count)];
    const run = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    run.stdout.on("data", (data) => {
      output += data;
    });
    run.on("close", (code, signal) =>
      resolve(code === 0 ? JSON.parse(output) : deadStretch(from, `the process of ${count} seeds from here ended with ${code ?? signal}`)),
    );
  });
}

/** A stretch whose process died is a failure like others: those of the other processes count. */
function deadStretch(seed: number, failure: string): Stretch {
  return { seeds: 0, events: 0, counts: [], failures: [{ seed, failure }], cpuMs: 0 };
}

function report(result: Stretch, wallMs: number): void {
  const counts = new Map(result.counts);
  for (const name of Object.keys(WANTED)) console.log(`${name.padEnd(48)} ${occurrences(counts, name)}`);
  if (args.includes("--all")) for (const [name, n] of [...counts].sort()) console.log(`  ${name.padEnd(64)} ${n}`);
  const perSecond = Math.round(result.events / (result.cpuMs / 1000));
  console.log(
    `${result.seeds} seeds, ${result.events} events, ${result.failures.length} failed; ${perSecond} events per second of CPU, ${(wallMs / 1000).toFixed(0)} s`,
  );
}

/** Figures in virtual time: how long it would take, whatever the machine. */
async function figures(rounds: number): Promise<number> {
  const began = performance.now();
  const { contenders, attempts, messages } = await contend(rounds, 50);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${rounds} rounds of ${contenders} contenders: ${attempts} attempts, one winner each, ${messages} messages, ${seconds.toFixed(0)} s`,
  );
  const { sameStack, sameStackByService } = await deployers(10);
  const shown = (times: number[]): string =>
    `p50 ${(percentile(times, 0.5) / 1000).toFixed(1)} s, p99 ${(percentile(times, 0.99) / 1000).toFixed(1)} s`;
  console.log(`10 deployers of one stack at once, until each is done: ${shown(sameStack)}; by service locks: ${shown(sameStackByService)}`);
  const { automatic, takeover } = await recoveryTimes();
  const minutes = (ms: number): string => `${(ms / 60_000).toFixed(1)} min`;
  console.log(`kill -9 on another machine to the next good commit: ${minutes(automatic)} by itself, ${minutes(takeover)} with --takeover`);
  return 0;
}

/** Runs a seed with a planted bug: one stack alone, but where the bug shows only among several or where deploys are verified. */
function runPlanted(seed: number, name: string, trace?: (line: string) => void): Promise<SeedResult> {
  const elsewhere = { ...PLACE_PLANTS, ...VERIFIED_PLANTS }[name];
  const plant = PLANTS[name] ?? elsewhere;
  if (!plant) throw new Error(`no planted bug is called "${name}"; npm run simulate -- --plants lists them`);
  return runSeed(seed, { plant, ...(elsewhere ? { layout: layoutOf(seed) } : {}), ...(trace ? { trace } : {}) });
}

async function plants(from: number, count: number): Promise<number> {
  let unfound = 0;
  for (const name of Object.keys({ ...PLANTS, ...PLACE_PLANTS, ...VERIFIED_PLANTS })) {
    const found: number[] = [];
    for (let seed = from; seed < from + count && found.length < 3; seed++)
      if ((await runPlanted(seed, name)).failure !== undefined) found.push(seed);
    console.log(`${name.padEnd(56)} ${found.join(", ") || "not found"}`);
    if (found.length === 0) unfound += 1;
  }
  return unfound === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  if (text("--seed") !== undefined) {
    const plant = text("--plant");
    const seed = value("--seed", 1);
    const trace = args.includes("--trace") ? (line: string): void => console.log(line) : undefined;
    const result = plant === undefined ? await runSeed(seed, trace ? { trace } : {}) : await runPlanted(seed, plant, trace);
    console.log(`seed ${result.seed}: ${result.failure ?? "ok"}, ${result.events} events`);
    return result.failure === undefined ? 0 : 1;
  }
  if (args.includes("--figures")) return figures(value("--rounds", 10_000));
  if (args.includes("--plants")) return plants(value("--from", 1), value("--seeds", 300));
  if (text("--stretch") !== undefined) {
    process.stdout.write(JSON.stringify(await stretch(value("--stretch", 1), value("--seeds", STRETCH))));
    return 0;
  }
  const began = performance.now();
  const result = await spread(value("--from", 1), value("--seeds", 1_000), value("--jobs", availableParallelism()));
  report(result, performance.now() - began);
  const absent = result.seeds >= SOME ? missing(new Map(result.counts), result.seeds < ENOUGH) : [];
  for (const name of absent) console.log(`FAIL never occurred: ${name}`);
  return result.failures.length + absent.length === 0 ? 0 : 1;
}

process.exitCode = await main();
