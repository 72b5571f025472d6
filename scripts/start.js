/** `npm start`: deploys examples/quickstart to the local model of AWS. No prompt, no cloud, no plugin; a second run changes nothing. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
const args = [join(root, "bin", "panka.js"), "deploy", join(root, "examples", "quickstart", "typescript"), "--yes", "-e", "development"];
const done = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
process.exit(done.status ?? 1);
