/** Loads a module of the project, TypeScript or JavaScript, as its own code would: with tsx, and with `panka` to import. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { offerPackage } from "./program-package.js";

/** What to load. */
export interface ModuleRequest {
  /** A file's URL, or the name of a package. */
  specifier: string;
  /** From where packages are looked for. Absolute. */
  folder: string;
  /** Root of the Panka package: what `import ... from "panka"` means where the project has not installed it. */
  packageRoot: string;
}

let loads = 0;

/** The module's default export. Modules of the project are loaded anew for each call; the package itself is shared. Throws what the module throws. */
export async function importModule({ specifier, folder, packageRoot }: ModuleRequest): Promise<unknown> {
  const [{ register }, commonJs] = await Promise.all([import("tsx/esm/api"), import("tsx/cjs/api")]);
  // tsx puts a program on few lines; its source maps give messages the user's own lines back.
  process.setSourceMapsEnabled(true);
  const namespace = `panka-program-${++loads}`;
  const unregister = commonJs.register({ namespace });
  const api = register({ namespace });
  const withdraw = await offerPackage(packageRoot, folder, namespace);
  try {
    const module = (await api.import(specifier, pathToFileURL(join(folder, "panka.config.yaml")).href)) as { default?: unknown };
    const exported = module.default;
    // A CommonJS program's exports object arrives as the default export.
    if (typeof exported === "object" && exported !== null && (exported as { __esModule?: boolean }).__esModule)
      return (exported as { default?: unknown }).default;
    return exported;
  } finally {
    await api.unregister();
    unregister();
    withdraw();
  }
}
