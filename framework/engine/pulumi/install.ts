/** Installs the Pulumi CLI. */
import { messageOf, PankaError } from "../../base/errors.js";
import { type CliWorld, installedRoot } from "./cli.js";
import { loadSdk } from "./sdk.js";
import { PULUMI_CLI_VERSION } from "./versions.js";

/** Puts the CLI of the pinned version into its place, unless it is there; Pulumi's installer downloads it. Throws PankaError `install-failed`, `no-pulumi-sdk`. */
export async function installCli(world: CliWorld): Promise<{ version: string; root: string }> {
  const { automation } = await loadSdk();
  const root = installedRoot(world);
  try {
    // Without its check the SDK takes the version as text; its class for versions is not a dependency of ours. The folder is the version's own.
    const { version } = await automation.PulumiCommand.install({ root, version: PULUMI_CLI_VERSION as never, skipVersionCheck: true });
    return { version: String(version ?? ""), root };
  } catch (error) {
    throw new PankaError("install-failed", `the Pulumi CLI could not be installed: ${messageOf(error).split("\n")[0]}`, {
      next: "install it as pulumi.com/docs/install says and put it on PATH, or set engine: embedded, which needs nothing installed",
      cause: error,
    });
  }
}
