/** `npm run bench [name...]`: measures and prints the figures of test/bench, each beside a peer where one can run here. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
const args = ["--import", "tsx", "--expose-gc", join(root, "test", "bench", "main.ts"), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1);
