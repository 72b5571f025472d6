/**
 * The process in which test files of the shared folders run one after the other: it reads a path per line from stdin, runs that
 * file, and ends its output with `END` and an exit code on stdout and stderr. A file that leaves the process other than it found it
 * (environment, working folder, replaced globals) fails, so that no file depends on another.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { END } from "./test-lane.js";

globalThis.UVU_DEFER = 1;
const { exec } = await import("uvu");

/** What tests like to replace, as [owner, key]. */
const REPLACED = [
  ...["Date", "fetch", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"].map((key) => [globalThis, key]),
  ...["log", "error", "warn", "info"].map((key) => [console, key]),
  ...["exit", "cwd", "emitWarning"].map((key) => [process, key]),
  ...[process.stdout, process.stderr].map((stream) => [stream, "write"]),
  [Date, "now"],
  [Math, "random"],
];

/** Notes the surroundings; what is returned puts them back and names what had changed. */
function surroundings() {
  const folder = process.cwd();
  const env = { ...process.env };
  const values = REPLACED.map(([owner, key]) => owner[key]);
  return () => {
    const changed = [];
    if (process.cwd() !== folder) changed.push("another working folder");
    process.chdir(folder);
    for (const name of new Set([...Object.keys(env), ...Object.keys(process.env)])) {
      if (process.env[name] === env[name]) continue;
      changed.push(`environment variable ${name}`);
      if (env[name] === undefined) delete process.env[name];
      else process.env[name] = env[name];
    }
    for (const [i, [owner, key]] of REPLACED.entries()) {
      if (owner[key] === values[i]) continue;
      changed.push(`another ${key}`);
      owner[key] = values[i];
    }
    return changed;
  };
}

/** Runs one file; 0 if it is good. */
async function run(path) {
  const restore = surroundings();
  globalThis.UVU_QUEUE = [[null]];
  try {
    await import(pathToFileURL(path).href);
    await exec();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  }
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  const left = restore();
  if (left.length === 0) return code;
  console.error(`the file leaves behind, for the files after it: ${left.join(", ")}`);
  return 1;
}

for await (const path of createInterface({ input: process.stdin })) {
  const code = await run(path);
  for (const stream of [process.stdout, process.stderr]) stream.write(`\n${END} ${code}\n`);
}
process.exit(0);
