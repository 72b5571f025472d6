/** Panka as a user has it: packed and unpacked, beside the npm packages of this tree. A checkout looks for changed sources at each start. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/source-tree.js";

let launcher: string | undefined;

/** The path of `bin/panka.js` of the unpacked package; made at the first call, removed when the process ends. */
export function installed(): string {
  if (launcher) return launcher;
  const folder = mkdtempSync(join(tmpdir(), "panka-installed-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(ROOT, "scripts", "build.js"), "--bundle-only"], { cwd: ROOT });
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: ROOT });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) as string;
  execFileSync("tar", ["-xzf", archive], { cwd: folder });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  launcher = join(folder, "package", "bin", "panka.js");
  return launcher;
}
