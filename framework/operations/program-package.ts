/**
 * `import ... from "panka"` in a program. Where the project has installed the package, that copy is used; else this one: a resolve
 * hook for ES modules and a look-up for CommonJS, both for the names `panka` and `panka/aws` only.
 */
import Module, { createRequire, register } from "node:module";
import { join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NAMES = ["panka", "panka/aws"] as const;

/** URLs of the package's entry points; `dist/` in a package, the sources when Panka itself runs from source. */
export function packageEntries(packageRoot: string): { [name: string]: string } {
  const source = fileURLToPath(import.meta.url).endsWith(".ts");
  const url = (path: string): string => pathToFileURL(join(packageRoot, path)).href;
  return source
    ? { panka: url("constructs/index.ts"), "panka/aws": url("constructs/aws.ts") }
    : { panka: url("dist/index.js"), "panka/aws": url("dist/aws.js") };
}

const registered = new Set<string>();

/** Offers the package to programs in `folder`. Call what is returned when the program has been loaded. */
export async function offerPackage(packageRoot: string, folder: string): Promise<() => void> {
  const entries = packageEntries(packageRoot);
  if (!registered.has(packageRoot)) {
    registered.add(packageRoot);
    const root = pathToFileURL(packageRoot + sep).href;
    register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { parentURL: import.meta.url, data: { entries, root } });
  }
  const restore = await offerToCommonJs(entries, packageRoot, folder);
  return restore;
}

/** Runs in the loader's thread. A copy that the project has installed wins; this package's own folder is no such copy. */
const HOOK = `
let entries, root;
export function initialize(data) { entries = data.entries; root = data.root; }
export async function resolve(specifier, context, next) {
  if (!Object.hasOwn(entries, specifier)) return next(specifier, context);
  try {
    const found = await next(specifier, context);
    if (!found.url.startsWith(root)) return found;
  } catch {}
  return { url: entries[specifier], shortCircuit: true };
}`;

type Load = (request: string, parent: unknown, isMain: boolean) => unknown;

/** CommonJS can't wait for an ES module, so the package is loaded first and handed over by name. */
async function offerToCommonJs(entries: { [name: string]: string }, packageRoot: string, folder: string): Promise<() => void> {
  const loader = Module as unknown as { _load: Load };
  const installed = installedIn(folder, packageRoot);
  if (installed) return () => {};
  const loaded = new Map<string, unknown>();
  for (const name of NAMES.slice(0, 1)) loaded.set(name, await import(entries[name] as string));
  const original = loader._load;
  const replaced: Load = function (this: unknown, request, parent, isMain) {
    if (loaded.has(request)) return loaded.get(request);
    return original.call(this, request, parent, isMain);
  };
  loader._load = replaced;
  return () => {
    if (loader._load === replaced) loader._load = original;
  };
}

/** True if the project has a copy of the package of its own. */
function installedIn(folder: string, packageRoot: string): boolean {
  try {
    return !createRequire(join(folder, "stack.ts"))
      .resolve("panka/package.json")
      .startsWith(packageRoot + sep);
  } catch {
    return false;
  }
}
