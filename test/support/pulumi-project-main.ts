/**
 * `FOLDER STACK`: previews the Pulumi project in a folder with the real CLI, its program as it stands there, and prints the counts of
 * what would be done as JSON. The program runs in this process, so that no language host is needed beside the CLI.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { parse } from "yaml";

const [folder = "", stackName = ""] = process.argv.slice(2);
const program = async (): Promise<Record<string, unknown>> => {
  const { outputs } = (await import(pathToFileURL(join(folder, "index.ts")).href)) as { outputs: Record<string, unknown> };
  return { outputs };
};
const { name: projectName } = parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as { name: string };
const stack = await LocalWorkspace.selectStack({ stackName, projectName, program }, { workDir: folder });
let text = "";
const { changeSummary } = await stack.preview({ diff: true, color: "never", onOutput: (line) => (text += line) });
process.stdout.write(`${JSON.stringify({ changeSummary, text })}\n`);
