/**
 * Builds dist/: the bundles (esbuild, code split so that a command loads only what it uses) and, unless `--bundle-only`,
 * the type declarations (tsc). npm packages stay outside the bundles.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/** Bundles into a fresh folder, then moves the files over, so that a process that starts meanwhile finds whole files. */
async function bundle() {
  const { build } = await import("esbuild");
  const fresh = join(dist, `.build-${process.pid}`);
  await build({
    absWorkingDir: root,
    entryPoints: {
      cli: "./cli/main.ts",
      index: "./constructs/index.ts",
      ...(existsSync(join(root, "constructs", "aws.ts")) ? { aws: "./constructs/aws.ts" } : {}),
      testing: "./testing/index.ts",
      pulumi: "./constructs/pulumi.ts",
      "heartbeat-worker": "./framework/lock/heartbeat-worker.ts",
    },
    outdir: fresh,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
  });
  const now = new Date();
  const names = readdirSync(fresh).sort((a, b) => Number(a === "cli.js") - Number(b === "cli.js"));
  for (const name of names) {
    utimesSync(join(fresh, name), now, now);
    renameSync(join(fresh, name), join(dist, name));
  }
  rmSync(fresh, { recursive: true });
}

/** Writes the .d.ts files that package.json's exports name. */
function declarations() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const done = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) process.exit(1);
}

if (!existsSync(join(root, "node_modules", "esbuild"))) {
  console.error("build: node_modules is missing; run npm install");
  process.exit(1);
}
mkdirSync(dist, { recursive: true });
try {
  await bundle();
} catch {
  rmSync(join(dist, `.build-${process.pid}`), { recursive: true, force: true });
  process.exit(1);
}
if (!process.argv.includes("--bundle-only")) declarations();
