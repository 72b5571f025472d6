/** `npm run simulate -- --seeds N [--from K]`: the deterministic simulation of state, lock, journal and engine (docs/reference/proofs.md). */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
const args = ["--import", "tsx", join(root, "test", "simulation", "main.ts"), ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1);
