/** `npm run test:aws -- --account ID`: six scenarios on a real sandbox account, or on the endpoint that AWS_ENDPOINT_URL names. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
const args = ["--import", "tsx", join(root, "test", "aws", "main.ts"), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1);
