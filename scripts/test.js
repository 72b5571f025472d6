/**
 * `npm test`: sets up, lints, type-checks, audits the dependencies and runs every test, with coverage. The last line is `N passed, N failed, N skipped`.
 * Arguments are patterns of test files; with any, lint and coverage are left out.
 */
import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { audit } from "./audit.js";
import { pathWithEmulator, root, setUp } from "./setup.js";

setUp();
process.env.PATH = pathWithEmulator();
const patterns = process.argv.slice(2);
const bin = (name, file) => join(root, "node_modules", ...name.split("/"), ...file.split("/"));

/** Runs a program of Node's and says how it ended; true if well. */
function check(label, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    child.on("close", (code) => {
      console.log(`${code === 0 ? "ok  " : "FAIL"} ${label}`);
      resolve(code === 0);
    });
  });
}

let failed = 0;
let skipped = "";
if (patterns.length === 0) {
  // Side by side: each keeps one core busy, or waits.
  const checks = [
    check("type check", [bin("typescript", "bin/tsc"), "--noEmit"]),
    check("lint", [bin("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings", "."]),
  ];
  const { result, words } = audit();
  if (result === "failed") failed += 1;
  if (result === "skipped") skipped = `dependency audit: ${words}`;
  failed += (await Promise.all(checks)).filter((good) => !good).length;
}
const tests = spawnSync(process.execPath, [join(root, "scripts", "run-tests.js"), ...patterns], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    PANKA_EXTRA_FAILED: String(failed),
    PANKA_EXTRA_SKIPPED: skipped,
    ...(patterns.length ? {} : { PANKA_COVERAGE: "1" }),
  },
});
process.exit(tests.status ?? 1);
