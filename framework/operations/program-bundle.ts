/** One ES module of a program and of what it imports of the project; packages stay outside, named by their files. */
import { readFileSync } from "node:fs";
import { dirname, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { packageEntries } from "./program-package.js";

/** What to load. */
export interface ProgramSource {
  /** A file's URL, or the name of a package. */
  specifier: string;
  /** Absolute. Packages named by `specifier` are looked for from here, and places in failures are given relative to it. */
  folder: string;
  /** Root of the Panka package: what `import ... from "panka"` means where the project has not installed it. */
  packageRoot: string;
}

/** The text of the module that `specifier` names, for a file at `outfile`; its source map is in it. Throws esbuild's failure, whose `errors` have places. */
export async function bundleProgram({ specifier, folder, packageRoot }: ProgramSource, outfile: string): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier],
    outfile,
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // As Node looks for packages: esbuild's own condition `module` is not one of Node's.
    conditions: ["node-addons"],
    keepNames: true,
    charset: "utf8",
    sourcemap: "inline",
    sourcesContent: false,
    define: PLACE,
    banner: { js: `import{createRequire as __pankaRequire}from"node:module";const require=__pankaRequire(${JSON.stringify(outfile)});` },
    plugins: [ownFiles, packages(packageRoot)],
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

/** What a file may say about its own place: in one bundle each file needs values of its own. */
const PLACE = {
  "import.meta.url": "__pankaUrl",
  "import.meta.filename": "__pankaFile",
  "import.meta.dirname": "__pankaFolder",
  __filename: "__pankaFile",
  __dirname: "__pankaFolder",
};

const LOADERS = [
  [/\.[cm]?ts$/, "ts"],
  [/\.tsx$/, "tsx"],
  [/\.jsx$/, "jsx"],
] as const;

/** Gives each file that asks for its place the values of {@link PLACE}, without moving a line or column of what the user wrote. */
const ownFiles: Plugin = {
  name: "own-files",
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }): OnLoadResult | undefined => {
      const text = readFileSync(path, "utf8");
      if (!/import\.meta|__dirname|__filename/.test(text)) return undefined;
      const values = { __pankaUrl: pathToFileURL(path).href, __pankaFile: path, __pankaFolder: dirname(path) };
      const written = Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      const loader = LOADERS.find(([ending]) => ending.test(path))?.[1] ?? "js";
      // An import is hoisted, so it may stand last; a CommonJS file, which has none, takes the values in its first line.
      const module = loader.startsWith("ts") || /^\s*(import|export)\b/m.test(text);
      const names = Object.keys(values).join(",");
      const place = `data:text/javascript,${encodeURIComponent(`export const ${written.join(",")};`)}`;
      const contents = module ? `${text}\nimport{${names}}from${JSON.stringify(place)};` : `const ${written.join(",")};${text}`;
      return { contents, loader };
    });
  },
};

/** Marks the resolution that the plugin itself asks for. */
const ASKED = {};

/**
 * Where the packages are that a program imports. Those of node_modules stay outside the bundle; what is not JavaScript there, and what
 * is the project's own (aliases of a tsconfig.json, packages of a workspace), goes into it.
 */
function packages(packageRoot: string): Plugin {
  const entries = packageEntries(packageRoot);
  return {
    name: "packages",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async (args): Promise<OnResolveResult | undefined> => {
        const { path, kind, pluginData } = args;
        if (pluginData === ASKED || /^(data|node):/.test(path)) return undefined;
        if (path.startsWith("file:")) return { path, external: true };
        const found = await resolvePackage(build, args);
        const missing = found.errors.length > 0;
        const own = Object.hasOwn(entries, path) ? entries[path] : undefined;
        // A copy of Panka that the project has installed wins; this package's own folder is no such copy.
        if (own !== undefined && (missing || found.path.startsWith(packageRoot + sep))) return { path: own, external: true };
        if (missing) return undefined;
        if (found.external || kind === "entry-point" || !stays(found.path))
          return { path: found.path, external: found.external, namespace: found.namespace };
        return { path: kind.startsWith("require") ? found.path : pathToFileURL(found.path).href, external: true };
      });
    },
  };
}

/** True for JavaScript of an installed package. */
function stays(file: string): boolean {
  return file.includes(`${sep}node_modules${sep}`) && !/\.([cm]?tsx?|json)$/.test(file);
}

function resolvePackage(build: PluginBuild, { path, kind, importer, resolveDir }: OnResolveArgs) {
  return build.resolve(path, {
    kind: kind === "entry-point" ? "import-statement" : kind,
    importer,
    resolveDir: resolveDir || (build.initialOptions.absWorkingDir as string),
    pluginData: ASKED,
  });
}
