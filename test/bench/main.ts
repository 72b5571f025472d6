/** Runs the benchmarks named on the command line (all without a name) and prints one table. */
import { cloud } from "./cloud.js";
import { graph, state } from "./core.js";
import { engines } from "./engines.js";
import { journal } from "./journal.js";
import type { Figure } from "./measure.js";
import { platform, startUp, synth, thousand } from "./processes.js";

// The AWS SDK's notice about its own future Node versions.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

const ALL: Record<string, () => Figure[] | Promise<Figure[]>> = {
  startUp,
  synth,
  platform,
  thousand,
  graph,
  state,
  journal,
  cloud,
  engines,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!(name in ALL)) {
    console.error(`no benchmark called ${name}; there are ${Object.keys(ALL).join(", ")}`);
    process.exit(2);
  }
}
for (const [name, run] of Object.entries(ALL)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const f of await run())
    console.log(`${f.what.padEnd(52)} ${f.value.padEnd(28)} target ${f.target}${f.peer ? `   peer ${f.peer}` : ""}`);
}
