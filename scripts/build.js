/**
 * Builds dist/: the bundles (esbuild, code split so that a command loads only what it uses) and, unless `--bundle-only`,
 * the type declarations (tsc). The npm packages that every command needs are put into the bundles, the others stay outside.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

/** Packages that every command needs: finding and reading their 200 files one by one would be a tenth of a start. */
const BUNDLED = ["clipanion", "typanion", "yaml", "zod"];

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

/** Bundles into a fresh folder, then moves the files over, so that a process that starts meanwhile finds whole files. */
async function bundle() {
  const { build } = await import("esbuild");
  const fresh = join(dist, `.build-${process.pid}`);
  // Written by us, for the source maps name the sources as seen from dist/.
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: {
      cli: "./cli/main.ts",
      index: "./constructs/index.ts",
      ...(existsSync(join(root, "constructs", "aws.ts")) ? { aws: "./constructs/aws.ts" } : {}),
      testing: "./testing/index.ts",
      pulumi: "./constructs/pulumi.ts",
      "heartbeat-worker": "./framework/lock/heartbeat-worker.ts",
    },
    outdir: dist,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: outside(),
    // Those of the packages' builds that are made of ES modules.
    mainFields: ["module", "main"],
    resolveExtensions: [".ts", ".mjs", ".js", ".json"],
    alias: { yaml: "./node_modules/yaml/browser/index.js" },
    plugins: [oneLanguage],
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: "linked",
    sourcesContent: false,
    logLevel: "warning",
  });
  mkdirSync(fresh);
  for (const { path, contents } of outputFiles) writeFileSync(join(fresh, basename(path)), contents);
  writeFileSync(join(fresh, "licences.txt"), licences());
  const now = new Date();
  const names = readdirSync(fresh).sort((a, b) => Number(a === "cli.js") - Number(b === "cli.js"));
  for (const name of names) {
    utimesSync(join(fresh, name), now, now);
    renameSync(join(fresh, name), join(dist, name));
  }
  rmSync(fresh, { recursive: true });
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
