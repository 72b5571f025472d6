/** panka.config.ts: the project's configuration as a program. */
import { pathToFileURL } from "node:url";
import { usageError } from "../base/errors.js";
import type { PankaConfig } from "../model/config.js";
import { checkConfig } from "../yaml/config.js";
import { programDiagnostics } from "./program-errors.js";
import { importModule } from "./program-module.js";

/**
 * The default export of a configuration program, checked as panka.config.yaml is.
 * @param file absolute
 * @param name how it is called in messages
 * @throws usage error `bad-config` with all problems
 */
export async function readConfigProgram(file: string, name: string, root: string, packageRoot: string): Promise<PankaConfig> {
  let exported: unknown;
  try {
    exported = await importModule({ specifier: pathToFileURL(file).href, folder: root, packageRoot });
  } catch (error) {
    throw usageError("bad-config", `${name} has problems`, { diagnostics: programDiagnostics(error, { root, file }) });
  }
  return checkConfig(exported, name);
}
