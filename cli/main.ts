/** Where the CLI starts. `panka --version` is answered before anything else is loaded. */
import { processWorld } from "./context.js";

/** Runs this process's command line, then ends the process. */
export async function main(): Promise<void> {
  // The AWS SDK's notice about its own future Node versions is nothing that a user can act on here.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const world = processWorld();
  const argv = process.argv.slice(2);
  let code = 0;
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-v")) {
    world.stdout.write(`${world.version}\n`);
  } else {
    const { runCli } = await import("./run.js");
    code = await runCli(argv, world);
  }
  // A store's open connection or a worker must not keep a finished command alive; what was written is flushed first.
  process.exitCode = code;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}
