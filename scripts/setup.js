/** What `npm start` and `npm test` do before their work: install and build if need be. Node built-ins only. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isStale } from "./stale.js";

/** The project's root folder. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a program and ends this process with its code if it fails. */
function must(command, args, label) {
  console.error(`${label} ...`);
  const started = Date.now();
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (done.status !== 0) {
    console.error(`${label} failed`);
    process.exit(done.status ?? 1);
  }
  console.error(`${label} done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/**
 * True if node_modules holds what package-lock.json asks for: npm leaves a hidden lock file there, newer than what it was
 * made from; its packages must have the versions of ours.
 */
function installed() {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const found = JSON.parse(readFileSync(hidden, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === "" || entry.optional || entry.peer || found[path]?.version === entry.version,
  );
}

/** True if a program is on PATH. */
export function onPath(name) {
  return spawnSync(process.platform === "win32" ? "where" : "which", [name], { stdio: "ignore" }).status === 0;
}

/**
 * The PATH on which tests find an AWS emulator: ours if moto_server is there, else with one from PyPI in .cache/moto, if Python
 * can install it. Tests that need it are skipped, by name and counted, where this fails.
 */
export function pathWithEmulator() {
  const own = join(root, ".cache", "moto");
  const path = [join(own, "bin"), process.env.PATH].join(process.platform === "win32" ? ";" : ":");
  if (onPath("moto_server")) return process.env.PATH;
  if (existsSync(join(own, "bin", "moto_server"))) return path;
  if (!onPath("python3")) return process.env.PATH;
  console.error("installing the AWS emulator for tests ...");
  const steps = [
    ["python3", ["-m", "venv", own]],
    [join(own, "bin", "python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "moto[server]==5.2.1"]],
  ];
  for (const [command, args] of steps) {
    if (spawnSync(command, args, { stdio: ["ignore", 2, 2], timeout: 300_000 }).status !== 0) {
      console.error("the AWS emulator could not be installed; tests that need it are skipped");
      return process.env.PATH;
    }
  }
  return path;
}

/** Installs packages if they are missing or out of date, then builds if the bundle is. */
export function setUp() {
  const [major] = process.versions.node.split(".").map(Number);
  if (major < 20) {
    console.error(`Panka needs Node 20 or newer; this is ${process.versions.node}`);
    process.exit(1);
  }
  if (!installed()) must("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], "installing packages");
  if (isStale()) must(process.execPath, [join(root, "scripts", "build.js"), "--bundle-only"], "building");
}
