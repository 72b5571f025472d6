/**
 * The audit of what is shipped: known vulnerabilities of the runtime dependencies, as the registry tells them. High and critical ones fail.
 * Where the registry does not answer, that is said and nothing fails: a machine without network can't know.
 */
import { spawnSync } from "node:child_process";
import { root } from "./setup.js";

/** How long the registry is waited for, ms. */
const PATIENCE_MS = 60_000;

/** What an audit's output says: the worst vulnerabilities by number, or undefined where there was none. */
export function verdictOf(output) {
  try {
    const { vulnerabilities } = JSON.parse(output).metadata;
    return { high: vulnerabilities.high ?? 0, critical: vulnerabilities.critical ?? 0 };
  } catch {
    return undefined;
  }
}

/** Asks, prints one line; true unless something bad is known. */
export function audit() {
  const args = ["audit", "--omit=dev", "--json", "--fetch-retries=0"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, args, { cwd: root, encoding: "utf8", timeout: PATIENCE_MS, shell: process.platform === "win32" });
  const found = verdictOf(done.stdout ?? "");
  if (!found) {
    console.log("NOTE dependency audit: NOT DONE, the registry did not answer; run `npm audit --omit=dev` where it does");
    return true;
  }
  const bad = found.high + found.critical;
  console.log(`${bad === 0 ? "ok  " : "FAIL"} dependency audit: ${found.critical} critical, ${found.high} high`);
  return bad === 0;
}
