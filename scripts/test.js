/**
 * `npm test`: sets up, lints, type-checks, audits the dependencies and runs every test, with coverage. The last line is `N passed, N failed, N skipped`.
 * Arguments are patterns of test files; with any, lint and coverage are left out.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { audit } from "./audit.js";
import { pathWithEmulator, root, setUp } from "./setup.js";

setUp();
process.env.PATH = pathWithEmulator();
const patterns = process.argv.slice(2);
const bin = (name, file) => join(root, "node_modules", ...name.split("/"), ...file.split("/"));
const run = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } }).status ?? 1;

let failed = 0;
if (patterns.length === 0) {
  for (const [label, args] of [
    ["lint", [bin("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings", "."]],
    ["type check", [bin("typescript", "bin/tsc"), "--noEmit"]],
  ]) {
    const code = run(args);
    console.log(`${code === 0 ? "ok  " : "FAIL"} ${label}`);
    if (code !== 0) failed += 1;
  }
  if (!audit()) failed += 1;
}
const code = run([join(root, "scripts", "run-tests.js"), ...patterns], {
  PANKA_EXTRA_FAILED: String(failed),
  ...(patterns.length ? {} : { PANKA_COVERAGE: "1" }),
});
process.exit(code);
