/** An ejected Pulumi project in the hands of the real CLI. */
import { execFile } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./source-tree.js";

/** A project folder and what its commands get. */
export interface PulumiProject {
  folder: string;
  stack: string;
  /** Commands' environment beside the machine's own. */
  env: Record<string, string>;
}

/** The project with its packages (by default those of this tree) and a back end of its own in `state`. */
export function pulumiProject(
  folder: string,
  stack: string,
  state: string,
  env: Record<string, string>,
  modules = join(ROOT, "node_modules"),
): PulumiProject {
  symlinkSync(modules, join(folder, "node_modules"));
  const own = {
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_HOME: join(state, "home"),
    PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase.key"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  return { folder, stack, env: { ...process.env, ...env, ...own } as Record<string, string> };
}

/** What a command printed on stdout. Rejects with both streams where it fails. */
function run(project: PulumiProject, command: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) =>
    execFile(command, args, { cwd: project.folder, env: project.env, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      error ? reject(new Error(`${command} ${args.join(" ")}: ${error.message}\n${stdout}\n${stderr}`)) : resolve(stdout),
    ),
  );
}

/** `pulumi ARGS` in the project. */
export function pulumi(project: PulumiProject, ...args: string[]): Promise<string> {
  return run(project, "pulumi", ["--non-interactive", "--color", "never", ...args]);
}

/** What the type checker says of the program, strictly; nothing if it is right. */
export async function typeErrors(project: PulumiProject): Promise<string> {
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  // The project asks for the TypeScript that Pulumi's own templates have; this tree's one calls its settings old.
  return run(project, process.execPath, [tsc, "-p", ".", "--types", "node", "--ignoreDeprecations", "6.0"]).catch(
    (error: Error) => error.message,
  );
}

/** What a preview would do, by number of resources, and what it said. */
export async function previewed(project: PulumiProject): Promise<{ changeSummary: Record<string, number>; text: string }> {
  const main = join(ROOT, "test", "support", "pulumi-project-main.ts");
  const out = await run(project, process.execPath, [
    "--import",
    join(ROOT, "node_modules/tsx/dist/loader.mjs"),
    main,
    project.folder,
    project.stack,
  ]);
  return JSON.parse(out.trim().split("\n").pop() ?? "");
}
