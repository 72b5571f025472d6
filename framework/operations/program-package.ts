/**
 * `import ... from "panka"` in a program. Where the project has installed the package, that copy is used; else this one: a resolve
 * hook for ES modules and a look-up for CommonJS, both for the names `panka`, `panka/aws` and `panka/pulumi` only.
 */
import Module, { createRequire, register } from "node:module";
import { join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const NAMES = ["panka", "panka/aws", "panka/pulumi"] as const;

/** URLs of the package's entry points; `dist/` in a package, the sources when Panka itself runs from source. */
export function packageEntries(packageRoot: string): { [name: string]: string } {
  const source = fileURLToPath(import.meta.url).endsWith(".ts");
  const url = (path: string): string => pathToFileURL(join(packageRoot, path)).href;
  return source
    ? { panka: url("constructs/index.ts"), "panka/aws": url("constructs/aws.ts"), "panka/pulumi": url("constructs/pulumi.ts") }
    : { panka: url("dist/index.js"), "panka/aws": url("dist/aws.js"), "panka/pulumi": url("dist/pulumi.js") };
}

/**
 * Makes programs in `folder` that are loaded in tsx's namespace see the package. Call it after tsx is registered (the last hook runs
 * first) and call what is returned when the program has been loaded.
 */
export async function offerPackage(packageRoot: string, folder: string, namespace: string): Promise<() => void> {
  const entries = packageEntries(packageRoot);
  const root = pathToFileURL(packageRoot + sep).href;
  const unhook = await addHook({ entries, root, namespace });
  const withdraw = await offerToCommonJs(entries, packageRoot, folder);
  return () => {
    withdraw();
    unhook();
  };
}

interface HookData {
  entries: { [name: string]: string };
  root: string;
  namespace: string;
}

interface SyncHook {
  initialize(data: HookData): void;
  resolve: unknown;
  load: unknown;
}

/**
 * Node 22.15 and later run hooks in this thread (`registerHooks`), outside those of the loader's thread, and tsx uses them there; so
 * the same text without `async` and `await` is registered in this way. Older ones have the loader's thread only.
 */
async function addHook(data: HookData): Promise<() => void> {
  const { registerHooks } = Module as unknown as { registerHooks?: (hook: SyncHook) => { deregister(): void } };
  if (!registerHooks) {
    register(`data:text/javascript,${encodeURIComponent(HOOK)}`, { parentURL: import.meta.url, data });
    return () => {};
  }
  const text = `${HOOK.replace(/\b(async|await) /g, "")}\n// ${data.namespace}`;
  const hook = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as SyncHook;
  hook.initialize(data);
  const added = registerHooks({ initialize: hook.initialize, resolve: hook.resolve, load: hook.load });
  return () => added.deregister();
}

/**
 * The hook. A copy of the package that the project has installed wins; this package's own folder is no such copy.
 * A .ts file of a package without `"type": "module"` is taken as an ES module all the same, so that positions are right and nothing is
 * cached between loads; `__dirname`, `__filename` and `require` are there if it uses them.
 */
const HOOK = `
let entries, root, mark;
export function initialize(data) { entries = data.entries; root = data.root; mark = "tsx-namespace=" + data.namespace; }
export async function resolve(specifier, context, next) {
  if (Object.hasOwn(entries, specifier) && (context.parentURL ?? "").includes(mark)) {
    try {
      const found = await next(specifier, context);
      if (!found.url.startsWith(root)) return found;
    } catch {}
    return { url: entries[specifier], shortCircuit: true };
  }
  const found = await next(specifier, context);
  if (found.format !== "commonjs" || !found.url.includes(mark)) return found;
  const plain = found.url.replace(/(%3F|[?]).*$/, "");
  if (!/[.]tsx?$/.test(plain) || plain.includes("/node_modules/")) return found;
  return { ...found, url: plain + "?" + mark, format: "module" };
}
export async function load(url, context, next) {
  const loaded = await next(url, context);
  const own = url.includes(mark) && /[.]tsx?[?]/.test(url) && !url.includes("/node_modules/");
  if (!own || loaded.format !== "module" || loaded.source == null) return loaded;
  const source = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
  const names = ["__dirname", "__filename", "require"].filter((n) =>
    new RegExp("[^.\\w]" + n + "[^\\w]").test(source) && !new RegExp("(const|let|var|function|import)([ ]+|[^;=]*[,{][ ]*)" + n + "[^\\w]").test(source));
  if (names.length === 0) return loaded;
  const file = JSON.stringify(url.replace(/[?].*$/, ""));
  const shim = 'import{createRequire}from"node:module";import{fileURLToPath}from"node:url";import{dirname}from"node:path";' +
    "export const __filename=fileURLToPath(" + file + "),__dirname=dirname(__filename),require=createRequire(" + file + ");";
  return { ...loaded, source: source + String.fromCharCode(10) + "import{" + names.join(",") + '}from"data:text/javascript,' + encodeURIComponent(shim) + '";' };
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
