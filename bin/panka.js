#!/usr/bin/env node
/**
 * The launcher. In a package it runs the bundle; in a checkout it builds first if need be.
 * Node built-ins only, each loaded where it is used. CommonJS: Node's loader of ES modules would be a tenth of a start.
 */
const { existsSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");

/** Builds the bundle of a checkout when it is missing or older than a source. */
async function buildIfStale() {
  const { isStale } = await import("../scripts/stale.js");
  if (!isStale()) return;
  const { spawnSync } = require("node:child_process");
  const script = join(root, "scripts", "build.js");
  const built = spawnSync(process.execPath, [script, "--bundle-only"], { stdio: ["ignore", "ignore", "inherit"] });
  if (built.status === 0) return;
  console.error("panka: the build failed; run npm install, then npm run build");
  process.exit(1);
}

async function run() {
  // Only a checkout has the sources.
  if (existsSync(join(root, "cli", "main.ts"))) await buildIfStale();
  const { loadBundle } = require("./bundle.js");
  await loadBundle(/^[a-z]+$/.exec(process.argv[2] ?? "")?.[0] ?? "help")
    .cli()
    .main();
}

if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-v")) {
  console.log(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
} else {
  // As Node ends an ES module that waits for what can't come any more; the end of a run says its own code.
  process.exitCode = 13;
  run();
}
