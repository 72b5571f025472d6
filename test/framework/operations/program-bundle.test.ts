import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { importModule } from "../../../framework/operations/program-module.js";

const test = suite("program-bundle");
const packageRoot = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
let folder = "";
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), "panka-bundle-"));
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

/** The default export of main.ts, in a folder with these files. */
function load(files: { [name: string]: string }, specifier = pathToFileURL(join(folder, "main.ts")).href): Promise<unknown> {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return importModule({ specifier, folder, packageRoot });
}

const manifest = (name: string, main: string, more = {}): string => JSON.stringify({ name, version: "1.0.0", main, ...more });

test("each file of a program knows its own place, as an ES module and as CommonJS", async () => {
  const files = {
    "main.ts":
      'import { at } from "./lib/es.js";\nimport cjs from "./lib/common.cjs";\nexport default [import.meta.url, __dirname, at, cjs];',
    "lib/es.ts": "export const at: string = import.meta.filename;",
    "lib/common.cjs": "module.exports = __filename;",
  };
  const [url, here, es, cjs] = (await load(files)) as string[];
  assert.is(url, pathToFileURL(join(folder, "main.ts")).href);
  assert.is(here, folder);
  assert.is(es, join(folder, "lib/es.ts"));
  assert.is(cjs, join(folder, "lib/common.cjs"));
});
test("a program may use aliases of its tsconfig.json, JSON, and TypeScript packages of its workspace", async () => {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync("../packages/shared", join(folder, "node_modules", "shared"));
  const files = {
    "main.ts":
      'import { a } from "@/deep/a";\nimport data from "./data.json";\nimport { b } from "shared";\nexport default [a, data.n, b];',
    "tsconfig.json": '{"compilerOptions":{"paths":{"@/*":["./src/*"]}}}',
    "src/deep/a.ts": "export const a: number = 1;",
    "data.json": '{"n":2}',
    "packages/shared/package.json": manifest("shared", "index.ts"),
    "packages/shared/index.ts": "enum E { three = 3 }\nexport const b: number = E.three;",
  };
  assert.equal(await load(files), [1, 2, 3]);
});
test("an installed package is taken as Node takes it, once for all loads", async () => {
  const files = {
    "main.ts": 'import { id } from "dep";\nimport { late } from "./late.js";\nexport default [id, await late()];',
    "late.ts": 'export const late = async () => (await import("dep")).id;',
    "node_modules/dep/package.json": manifest("dep", "index.cjs", { exports: { import: "./index.mjs", require: "./index.cjs" } }),
    "node_modules/dep/index.mjs": "export const id = Symbol();",
    "node_modules/dep/index.cjs": "throw new Error('the wrong one');",
  };
  const [first, late] = (await load(files)) as symbol[];
  const [second] = (await load(files)) as symbol[];
  assert.is(typeof first, "symbol");
  assert.is(first, late);
  assert.is(first, second);
});
test("a copy of panka that the project has installed wins", async () => {
  const files = {
    "main.ts": 'import { Stack } from "panka";\nexport default Stack;',
    "node_modules/panka/package.json": manifest("panka", "index.js"),
    "node_modules/panka/index.js": 'exports.Stack = "the project\'s";',
  };
  assert.is(await load(files), "the project's");
});
test("a package loads by its name, and panka need not be installed for it", async () => {
  const files = {
    "node_modules/kinds/package.json": manifest("kinds", "index.js", { type: "module" }),
    "node_modules/kinds/index.js": 'import { defineKind } from "panka";\nexport default typeof defineKind;',
  };
  assert.is(await load(files, "kinds"), "function");
});
test("a program that declares require itself loads", async () => {
  const files = {
    "main.ts":
      'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);\nexport default require("node:path").basename("/a/b");',
  };
  assert.is(await load(files), "b");
});
test.run();
