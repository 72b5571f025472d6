/** Where the CLI starts. The launcher has answered `panka --version` before. */
import { processWorld } from "./context.js";
import { runCli } from "./run.js";

/** Runs this process's command line, then ends the process. */
export async function main(): Promise<void> {
  // The AWS SDK's notice about its own future Node versions is nothing that a user can act on here.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const code = await runCli(process.argv.slice(2), processWorld());
  // A store's open connection or a worker must not keep a finished command alive; what was written is flushed first.
  process.exitCode = code;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}
