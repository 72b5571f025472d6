/** The test plugin as a process of its own. */
import { servePulumiPlugin } from "./pulumi-plugin.js";

const plugin = await servePulumiPlugin();
process.stdout.write(`${plugin.port}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void plugin.close().then(() => process.exit(0)));
