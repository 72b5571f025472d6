/** Eject: writes a deployed stack as a project of another tool, which goes on from its state. Changes nothing in the cloud and nothing in the state. */
import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { PankaError, usageError } from "../base/errors.js";
import { requireState, withBackend } from "./access.js";
import { mustBeAsDeployed, mustBeSettled } from "./as-deployed.js";
import { compile } from "./compile.js";
import type { OperationContext } from "./context.js";
import { awsSettings } from "./provider.js";
import { installedPulumiPackages } from "./pulumi-packages.js";
import { fetchAsset } from "./stored-assets.js";

/** What came of it. */
export interface Ejected {
  stack: string;
  environment: string;
  /** As the user would type it. */
  folder: string;
  resources: number;
  /** Relative to the folder, sorted. */
  files: string[];
  next: string;
}

/**
 * Writes the project into `folder` (default `<stack>-pulumi`). Throws PankaError `not-deployed`, `not-settled`, `would-overwrite`,
 * `not-the-cloud`, `pending-changes`, with nothing written.
 */
export async function eject(context: OperationContext, request: { folder?: string }): Promise<Ejected> {
  const { settings, cwd, random } = context;
  const compiled = await compile(context);
  const { stack, environment } = compiled.model;
  const where = `${stack} in ${environment}`;
  if (settings.provider !== "aws") {
    throw usageError(
      "not-the-cloud",
      `${where} is only a model on this machine (provider: ${settings.provider}); there is nothing to eject`,
    );
  }
  const folder = resolve(cwd, request.folder ?? `${stack}-pulumi`);
  const shown = relative(cwd, folder) || ".";
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new PankaError("would-overwrite", `${shown} is not empty`, {
      exitCode: 2,
      next: "panka eject --to pulumi --out FOLDER, with a new folder",
    });
  }
  const { state } = await requireState(context);
  await withBackend(context, compiled.model, (backend) => mustBeSettled(backend, state, where));
  mustBeAsDeployed(state, compiled, where);
  const [{ ejectProject }, { pulumiPackage }] = await Promise.all([
    import("../engine/pulumi/eject/index.js"),
    import("../providers/aws/pulumi.js"),
  ]);
  const of = pulumiPackage(compiled.schemas, awsSettings(context, compiled.model));
  const project = ejectProject({
    assembly: compiled.synth.assembly,
    state,
    package: of,
    packages: installedPulumiPackages(settings.projectRoot),
    random,
  });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(project.files)) {
    await writeFile(join(folder, name), text, { flag: "wx", ...(project.secret.includes(name) ? { mode: 0o600 } : {}) });
  }
  await withBackend(context, compiled.model, async ({ store }) => {
    for (const [sha, name] of project.assets) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await copyFile(join(settings.projectRoot, await fetchAsset(context, sha, store)), join(folder, name));
    }
  });
  const files = [...Object.keys(project.files), ...project.assets.values()].sort();
  return {
    stack,
    environment,
    folder: shown,
    resources: Object.keys(state.resources).length,
    files,
    next: `cat ${join(shown, "README.md")}`,
  };
}
