/** `npm run crash`: all kill points, all power cuts and 500 runs of random signals, where `npm test` takes a slice of each. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
const env = { ...process.env, PANKA_CRASH_POINTS: "all", PANKA_SIGNAL_RUNS: process.env.PANKA_SIGNAL_RUNS ?? "500" };
const tests = ["test/crash/points.test.ts", "test/crash/power-cut.test.ts", "test/e2e/kill-local.test.ts", "test/e2e/signals.test.ts"];
let failed = 0;
for (const file of tests) {
  const started = Date.now();
  const { status } = spawnSync(process.execPath, ["--import", "tsx", join(root, file)], { cwd: root, env, stdio: "inherit" });
  if (status !== 0) failed += 1;
  console.log(`${status === 0 ? "ok  " : "FAIL"} ${file}  ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
process.exit(failed === 0 ? 0 : 1);
