/**
 * `npm run simulate -- --seeds N [--from K]`: the deterministic simulation of state, lock, journal and engine (docs/reference/proofs.md).
 * It is bundled first: each stretch of seeds is a process, and one file starts sooner and runs a good third faster than modules compiled as they load.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
const cache = join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "panka-simulate-"));
const outfile = join(folder, "main.mjs");
try {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(root, "test", "simulation", "main.ts")],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
  });
  const args = ["--enable-source-maps", outfile, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
