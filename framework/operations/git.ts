/** Commit and branch of the working copy, read from .git without starting git. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

/** What is known of the working copy; empty outside of one. */
export interface GitFacts {
  commit?: string;
  branch?: string;
}

/** Reads HEAD of the repository that a folder is in. Never throws. */
export function gitFacts(folder: string): GitFacts {
  try {
    const git = findGit(folder);
    if (!git) return {};
    const head = readFileSync(join(git, "HEAD"), "utf8").trim();
    if (!head.startsWith("ref: ")) return { commit: head };
    const ref = head.slice(5);
    const commit = readRef(git, ref);
    return { ...(commit ? { commit } : {}), branch: ref.replace(/^refs\/heads\//, "") };
  } catch {
    return {};
  }
}

/** `OWNER/NAME` of the remote `origin`, where it is on GitHub; undefined elsewhere. Never throws. */
export function githubRepository(folder: string): string | undefined {
  try {
    const git = findGit(folder);
    const origin = git
      ? /^\[remote "origin"\]\n(?:[ \t]+.*\n)*?[ \t]+url = (.+)$/m.exec(readFileSync(join(commonFolder(git), "config"), "utf8"))?.[1]
      : "";
    return /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(origin?.trim() ?? "")?.[1];
  } catch {
    return undefined;
  }
}

function commonFolder(git: string): string {
  return existsSync(join(git, "commondir")) ? join(git, readFileSync(join(git, "commondir"), "utf8").trim()) : git;
}

function findGit(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const git = join(at, ".git");
    if (existsSync(git)) {
      if (statSync(git).isDirectory()) return git;
      const target = /^gitdir: (.+)$/m.exec(readFileSync(git, "utf8"))?.[1]?.trim();
      return target ? (isAbsolute(target) ? target : join(at, target)) : undefined;
    }
    if (dirname(at) === at) return undefined;
  }
}

function readRef(git: string, ref: string): string | undefined {
  const common = commonFolder(git);
  const file = join(common, ref);
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const packed = join(common, "packed-refs");
  if (!existsSync(packed)) return undefined;
  const line = readFileSync(packed, "utf8")
    .split("\n")
    .find((l) => l.endsWith(` ${ref}`));
  return line?.split(" ")[0];
}
