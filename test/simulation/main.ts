/**
 * `npm run simulate -- --seeds N [--from K] [--jobs J]`: N seeds, spread over the cores. `--seed N [--trace]`: one, told line by line.
 * Prints how often each fault, takeover and recovery row occurred; exit 1 on a failure, or, from 500 seeds on, on one that never occurred.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Counts } from "./counts.js";
import { missing, occurrences, WANTED } from "./coverage.js";
import { PLANTS } from "./plants.js";
import { runSeed, type SeedResult } from "./seed.js";

/** With fewer seeds a rare thing may not occur. */
const ENOUGH = 500;
/** Seeds that one process runs at a stretch. */
const STRETCH = 100;

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
      next += Math.min(STRETCH, from + count - at);
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
  return new Promise((resolve, reject) => {
    const argv = [...process.execArgv, fileURLToPath(import.meta.url), "--stretch", String(from), "--seeds", String(count)];
    const run = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    run.stdout.on("data", (data) => {
      output += data;
    });
    run.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`a stretch from seed ${from} ended with ${code}`)),
    );
  });
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

async function main(): Promise<number> {
  if (text("--seed") !== undefined) {
    const plant = text("--plant");
    const result: SeedResult = await runSeed(value("--seed", 1), {
      ...(args.includes("--trace") ? { trace: (line) => console.log(line) } : {}),
      ...(plant ? { plant: PLANTS[plant] } : {}),
    });
    console.log(`seed ${result.seed}: ${result.failure ?? "ok"}, ${result.events} events`);
    return result.failure === undefined ? 0 : 1;
  }
  if (text("--stretch") !== undefined) {
    process.stdout.write(JSON.stringify(await stretch(value("--stretch", 1), value("--seeds", STRETCH))));
    return 0;
  }
  const began = performance.now();
  const result = await spread(value("--from", 1), value("--seeds", 1_000), value("--jobs", availableParallelism()));
  report(result, performance.now() - began);
  const absent = result.seeds >= ENOUGH ? missing(new Map(result.counts)) : [];
  for (const name of absent) console.log(`FAIL never occurred: ${name}`);
  return result.failures.length + absent.length === 0 ? 0 : 1;
}

process.exitCode = await main();
