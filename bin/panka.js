#!/usr/bin/env node
/**
 * The launcher. In a package it runs the bundle; in a checkout it builds first when the bundle is missing or older than a source.
 * Node built-ins only, each loaded where it is used.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, "dist", "panka.bundle");

/** The newest change of a source in a folder, ms since the epoch. By hand: readdir's own recursion takes 30 ms more. */
function newestSource(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) newest = Math.max(newest, newestSource(path));
    else if (entry.name.endsWith(".ts")) newest = Math.max(newest, statSync(path).mtimeMs);
  }
  return newest;
}

/** True where the sources are, too, and the bundle is older: a checkout, not an installed package. */
function isStale() {
  if (!existsSync(join(root, "cli", "main.ts"))) return false;
  const built = existsSync(bundle) ? statSync(bundle).mtimeMs : 0;
  return ["cli", "constructs", "framework", "testing"].some((folder) => newestSource(join(root, folder)) > built);
}

async function build() {
  const { spawnSync } = await import("node:child_process");
  const script = join(root, "scripts", "build.js");
  const built = spawnSync(process.execPath, [script, "--bundle-only"], { stdio: ["ignore", "ignore", "inherit"] });
  if (built.status === 0) return;
  console.error("panka: the build failed; run npm install, then npm run build");
  process.exit(1);
}

if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-v")) {
  console.log(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
} else {
  if (isStale()) await build();
  const { loadBundle } = await import("./bundle.js");
  await loadBundle(/^[a-z]+$/.exec(process.argv[2] ?? "")?.[0] ?? "help")
    .cli()
    .main();
}
