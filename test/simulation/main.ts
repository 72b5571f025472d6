/** `npm run simulate -- --seeds N [--from K]`, or `--seed N --trace` to see one. */
import { runSeed } from "./seed.js";

const args = process.argv.slice(2);
const value = (name: string): number | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : Number(args[at + 1]);
};
const one = value("--seed");
if (one !== undefined) {
  const trace = args.includes("--trace") ? (line: string) => console.log(line) : undefined;
  const result = await runSeed(one, trace ? { trace } : {});
  console.log(result.failure ?? "ok", result.events, "events");
  process.exit(result.failure ? 1 : 0);
}
const from = value("--from") ?? 1;
const count = value("--seeds") ?? 100;
const all = new Map<string, number>();
let events = 0;
let failed = 0;
const started = Date.now();
for (let seed = from; seed < from + count; seed++) {
  const r = await runSeed(seed);
  events += r.events;
  for (const [k, n] of r.counts) all.set(k, (all.get(k) ?? 0) + n);
  if (r.failure) {
    failed++;
    console.log(`seed ${seed}: ${r.failure.slice(0, 400)}`);
  }
}
for (const [k, n] of [...all].sort()) console.log(k.padEnd(60), n);
console.log({ events, failed, seconds: (Date.now() - started) / 1000 });
