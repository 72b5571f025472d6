/** `npm run crash`: all kill points and 500 runs of random signals, where `npm test` takes a slice of each. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
const env = { ...process.env, PANKA_CRASH_POINTS: "all", PANKA_SIGNAL_RUNS: process.env.PANKA_SIGNAL_RUNS ?? "500" };
const tests = ["test/crash/points.test.ts", "test/e2e/kill-local.test.ts", "test/e2e/signals.test.ts"];
let code = 0;
for (const file of tests)
  code ||= spawnSync(process.execPath, ["--import", "tsx", join(root, file)], { cwd: root, env, stdio: "inherit" }).status ?? 1;
process.exit(code);
