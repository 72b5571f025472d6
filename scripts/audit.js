/**
 * The audit of what is shipped: known vulnerabilities of the runtime dependencies, as the registry tells them. High and critical ones fail.
 * Where the registry does not answer, or has no audit as some mirrors have none, the audit is skipped by name, and counted: a machine
 * without network can't know. In CI an answer that is neither fails.
 */
import { spawnSync } from "node:child_process";
import { root } from "./setup.js";

/** How long the registry is waited for, ms. */
const PATIENCE_MS = 60_000;
/** Status codes of a registry without an audit. */
const NO_AUDIT = [404, 405, 501];

/**
 * What an audit's output says. `ok` and `failed`: the registry answered; `skipped`: it could not, and why; `words` to be shown.
 * `ci`: another failure of the registry than these fails, too.
 */
export function verdictOf(output, ci = false) {
  const answer = parsed(output);
  const found = answer?.metadata?.vulnerabilities;
  if (found) {
    const { critical = 0, high = 0 } = found;
    return { result: critical + high === 0 ? "ok" : "failed", words: `${critical} critical, ${high} high` };
  }
  const status = answer?.statusCode;
  if (status === undefined) return { result: "skipped", words: "the registry does not answer" };
  if (NO_AUDIT.includes(status)) return { result: "skipped", words: `the registry has no audit (it answers ${status})` };
  return { result: ci ? "failed" : "skipped", words: `the registry answers ${status}` };
}

function parsed(output) {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
}

/** Asks, and prints one line; the verdict. */
export function audit() {
  const args = ["audit", "--omit=dev", "--json", "--fetch-retries=0"];
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, args, { cwd: root, encoding: "utf8", timeout: PATIENCE_MS, shell: process.platform === "win32" });
  const verdict = verdictOf(done.stdout ?? "", Boolean(process.env.CI));
  const mark = { ok: "ok  ", failed: "FAIL", skipped: "SKIP" }[verdict.result];
  console.log(`${mark} dependency audit: ${verdict.words}`);
  return verdict;
}
