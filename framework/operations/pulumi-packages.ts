/** Which npm packages of a project are Pulumi packages: each says so in its package.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NodePackages } from "../engine/pulumi/eject/foreign.js";

/** Pulumi package -> npm package, of those that the project depends on and has installed; what can't be read is left out. */
export function installedPulumiPackages(projectRoot: string): NodePackages {
  const { dependencies = {}, devDependencies = {} } = packageJson(projectRoot);
  const found = new Map<string, { name: string; version: string }>();
  for (const name of Object.keys({ ...dependencies, ...devDependencies }).sort()) {
    const { version, pulumi } = packageJson(join(projectRoot, "node_modules", name));
    if (pulumi?.resource === true && typeof pulumi.name === "string" && typeof version === "string")
      found.set(pulumi.name, { name, version });
  }
  return found;
}

interface PackageJson {
  version?: unknown;
  dependencies?: { [name: string]: unknown };
  devDependencies?: { [name: string]: unknown };
  /** What Pulumi's code generator writes. */
  pulumi?: { resource?: unknown; name?: unknown };
}

function packageJson(folder: string): PackageJson {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageJson;
  } catch {
    return {};
  }
}
