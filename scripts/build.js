/**
 * Builds dist/: the bundle (esbuild) and the modules that export from it, and, unless `--bundle-only`, the type declarations (tsc). The
 * npm packages that every command needs are put into the bundle, the others stay outside.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/** Packages that every command needs: finding and reading their 200 files one by one would be a tenth of a start. */
const BUNDLED = ["clipanion", "fflate", "typanion", "yaml", "zod"];

/** Zod's own messages in one language; the others would be half of the bundle. */
const oneLanguage = {
  name: "one-language",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: 'export { default as en } from "./en.js";',
      resolveDir: dirname(path),
    }));
  },
};

/** The packages that stay outside, as esbuild wants them. */
function outside() {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const names = Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !BUNDLED.includes(name));
  return names.flatMap((name) => [name, `${name}/*`]);
}

/** The licences of the packages in the bundles: they ask to go where a copy goes. */
function licences() {
  return BUNDLED.map((name) => {
    const folder = join(root, "node_modules", name);
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${file ? readFileSync(join(folder, file), "utf8") : license}\n`;
  }).join("\n");
}

/** Settings of both bundles. */
const SETTINGS = {
  absWorkingDir: root,
  // Written by us, for the source maps name the sources as seen from dist/.
  write: false,
  bundle: true,
  platform: "node",
  target: "node20",
  external: outside(),
  // Those of the packages' builds that are made of ES modules.
  mainFields: ["module", "main"],
  resolveExtensions: [".ts", ".mjs", ".js", ".json"],
  alias: { fflate: "./node_modules/fflate/esm/browser.js", yaml: "./node_modules/yaml/browser/index.js" },
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
};

/** What the bundle can be asked for; all but the first are also modules of the package. */
const ENTRIES = {
  cli: "./cli/main.ts",
  index: "./constructs/index.ts",
  aws: "./constructs/aws.ts",
  testing: "./testing/index.ts",
  pulumi: "./constructs/pulumi.ts",
};

/** `import()` of a file that only a run knows is handed to the bundle: bin/bundle.js says why. */
const handedImport = {
  name: "handed-import",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]framework[\\/]operations[\\/]import-file\.ts$/ }, () => ({
      contents: "export const importFile = (url) => __importFile(url);",
    }));
  },
};

/**
 * All of Panka as one script, the value of which is a function that fills in its first parameter: bin/bundle.js calls it. A part of it
 * runs when it is first asked for. Packages that stay outside are required, for the same reason as above.
 */
function panka(build) {
  const entries = Object.entries(ENTRIES).map(([name, path]) => `exports.${name} = () => require(${JSON.stringify(path)});`);
  return build({
    ...SETTINGS,
    stdin: { contents: entries.join("\n"), resolveDir: root, sourcefile: "entries.js" },
    outfile: join(dist, "panka.bundle"),
    format: "cjs",
    banner: {
      js: "(function(exports,require,__filename,__importFile){const __url=require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: "})" },
    define: { "import.meta.url": "__url" },
    supported: { "dynamic-import": false },
    // Read as Latin-1.
    charset: "ascii",
    plugins: [oneLanguage, handedImport],
  });
}

/** The thread that renews a lock has a small module of its own. */
function worker(build) {
  return build({
    ...SETTINGS,
    entryPoints: { "heartbeat-worker": "./framework/lock/heartbeat-worker.ts" },
    outdir: dist,
    format: "esm",
    plugins: [oneLanguage],
  });
}

/** ES modules that export what the bundle's entries do, by file name. */
function modules(bundled) {
  const entries = {};
  const file = join(dist, "panka.bundle");
  new Script(bundled.text, { filename: file }).runInThisContext()(entries, createRequire(file), file);
  const names = Object.keys(ENTRIES).filter((name) => name !== "cli");
  return names.map((name) => {
    const exported = Object.keys(entries[name]()).join(", ");
    return [
      `${name}.js`,
      `import { loadBundle } from "../bin/bundle.js";\nexport const { ${exported} } = loadBundle("package").${name}();\n`,
    ];
  });
}

/** Moves the files of a fresh folder over: a process that starts meanwhile finds whole files, the bundle last. */
function moveOver(fresh) {
  const now = new Date();
  const names = readdirSync(fresh).sort((a, b) => Number(a === "panka.bundle") - Number(b === "panka.bundle"));
  for (const name of names) {
    utimesSync(join(fresh, name), now, now);
    renameSync(join(fresh, name), join(dist, name));
  }
  rmSync(fresh, { recursive: true });
  // Of earlier builds.
  for (const entry of readdirSync(dist, { withFileTypes: true }))
    if (entry.isFile() && !names.includes(entry.name)) rmSync(join(dist, entry.name), { force: true });
}

async function bundle() {
  const { build } = await import("esbuild");
  const fresh = join(dist, `.build-${process.pid}`);
  const built = (await Promise.all([panka(build), worker(build)])).flatMap(({ outputFiles }) => outputFiles);
  mkdirSync(fresh);
  for (const { path, contents } of built) writeFileSync(join(fresh, basename(path)), contents);
  for (const [name, text] of modules(built.find(({ path }) => path.endsWith("panka.bundle")))) writeFileSync(join(fresh, name), text);
  writeFileSync(join(fresh, "licences.txt"), licences());
  moveOver(fresh);
}

/** Writes the .d.ts files that package.json's exports name. */
function declarations() {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const done = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], { cwd: root, stdio: "inherit" });
  if (done.status !== 0) process.exit(1);
}

if (!existsSync(join(root, "node_modules", "esbuild"))) {
  console.error("build: node_modules is missing; run npm install");
  process.exit(1);
}
mkdirSync(dist, { recursive: true });
try {
  await bundle();
} catch {
  rmSync(join(dist, `.build-${process.pid}`), { recursive: true, force: true });
  process.exit(1);
}
if (!process.argv.includes("--bundle-only")) declarations();
