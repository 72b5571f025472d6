/** Finds the Pulumi CLI: PANKA_PULUMI_HOME, then PATH, then where `panka engine install` puts it. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { PankaError } from "../../base/errors.js";
import { PULUMI_CLI_VERSION } from "./versions.js";

/** Where the CLI is looked for. */
export interface CliWorld {
  env: { [name: string]: string | undefined };
  home: string;
}

/** Where `panka engine install` puts the CLI: a folder with `bin/pulumi`. */
export function installedRoot(world: CliWorld): string {
  return join(world.home, ".panka", "pulumi", PULUMI_CLI_VERSION);
}

/** The installation's root, with `bin/pulumi` in it; no root: the one on PATH. Throws PankaError `no-pulumi`. */
export function findCli(world: CliWorld): { root?: string } {
  const program = process.platform === "win32" ? "pulumi.exe" : "pulumi";
  const named = world.env.PANKA_PULUMI_HOME;
  if (named) {
    if (existsSync(join(named, "bin", program))) return { root: named };
    throw missing(`PANKA_PULUMI_HOME is ${named}, and there is no ${join("bin", program)} in it`);
  }
  const path = (world.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  if (path.some((folder) => existsSync(join(folder, program)))) return {};
  const installed = installedRoot(world);
  if (existsSync(join(installed, "bin", program))) return { root: installed };
  throw missing("it was not found: not on PATH, not in PANKA_PULUMI_HOME, not installed by Panka");
}

function missing(message: string): PankaError {
  return new PankaError("no-pulumi", `engine: pulumi needs the Pulumi CLI; ${message}`, {
    next: "panka engine install, or set engine: embedded, which needs nothing installed",
  });
}
