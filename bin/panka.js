#!/usr/bin/env node
/**
 * The launcher. In a package it imports the bundle beside it; in a checkout it builds first when the bundle is missing or
 * older than a source. Node built-ins only.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { spawnSync } from "node:child_process";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bundle = join(root, "dist", "cli.js");

/** The newest change below the source folders, ms since the epoch. */
function newestSource() {
  let newest = 0;
  for (const folder of ["cli", "constructs", "framework"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true })) {
      if (String(name).endsWith(".ts")) newest = Math.max(newest, statSync(join(root, folder, String(name))).mtimeMs);
    }
  }
  return newest;
}

/** True where the sources are, too: a checkout, not an installed package. */
const checkout = existsSync(join(root, "cli", "main.ts"));

if (process.argv.length === 3 && (process.argv[2] === "--version" || process.argv[2] === "-v")) {
  console.log(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
} else {
  if (checkout && (!existsSync(bundle) || newestSource() > statSync(bundle).mtimeMs)) {
    const built = spawnSync(process.execPath, [join(root, "scripts", "build.js"), "--bundle-only"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (built.status !== 0) {
      console.error("panka: the build failed; run npm install, then npm run build");
      process.exit(1);
    }
  }
  // Node 22 and later keep what they compile, by the content of each file: a tenth of a start.
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE || join(cache, "panka", "code"));
  await import(pathToFileURL(bundle).href);
}
