/** A docker program on a PATH of its own: the double, and what it was asked. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ROOT } from "./source-tree.js";

/** One call of the double. */
export interface DockerCall {
  command: string;
  args: string[];
  stdin?: string;
}

/** Puts the double into a folder; gives the environment that finds it first. */
export function dockerDouble(folder: string, more: { fault?: string; ecr?: string } = {}) {
  const bin = join(folder, "docker-double");
  mkdirSync(bin, { recursive: true });
  const program = join(bin, "docker");
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "test/support/docker-double.mjs")}" "$@"\n`);
  chmodSync(program, 0o755);
  const log = join(bin, "calls.jsonl");
  const env: { [name: string]: string } = {
    PATH: [bin, process.env.PATH ?? ""].join(delimiter),
    DOUBLE_LOG: log,
    ...(more.fault ? { DOUBLE_FAULT: more.fault } : {}),
    ...(more.ecr ? { DOUBLE_ECR: more.ecr } : {}),
  };
  const calls = (command?: string): DockerCall[] => {
    if (!existsSync(log)) return [];
    const all = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as DockerCall);
    return all.filter((call) => command === undefined || call.command === command);
  };
  return { env, calls };
}
