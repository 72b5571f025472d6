import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnv } from "../support/cli.js";
import { ROOT } from "../support/source-tree.js";

const STACK = readFileSync(join(ROOT, "examples", "quickstart", "typescript", "stack.ts"), "utf8");
const TEST = `import stack from "./stack.js";
import { rehearse, synth } from "panka/testing";
(await synth(stack)).count("aws:sqs/queue:Queue", 2);
const rehearsal = await rehearse(stack);
if (rehearsal.last.kind !== "done") throw new Error(rehearsal.last.kind);
await rehearsal.close();
`;

/** Programs beside the quickstart's stack, all checked in one go: the package's types are most of what a check takes. */
const PROGRAMS: { [file: string]: string } = {
  "stack.ts": STACK,
  "misspelt.ts": STACK.replace("visibilityTimeout", "visibilityTimeot"),
  "wrong-type.ts": STACK.replace("visibilityTimeout: 60", 'visibilityTimeout: "sixty"'),
  "tests/stack.ts": STACK,
  "tests/stack.test.ts": TEST,
};
const TSCONFIG = {
  compilerOptions: { strict: true, module: "nodenext", moduleResolution: "nodenext", target: "es2023", noEmit: true, types: [] },
  files: Object.keys(PROGRAMS),
};

const it = suite<{ folder: string }>("package");
it.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "panka-package-"));
  const build = spawnSync(process.execPath, [join(ROOT, "scripts", "build.js")], { cwd: ROOT, encoding: "utf8" });
  assert.is(build.status, 0, build.stdout + build.stderr);
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", context.folder], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const packed0 = JSON.parse(packed);
  const { filename } = (Array.isArray(packed0) ? packed0[0] : Object.values(packed0)[0]) as { filename: string };
  writeFileSync(join(context.folder, "package.json"), '{ "private": true }');
  const install = [
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    `./${filename}`,
    "ts5@npm:typescript@5.9",
    "ts6@npm:typescript@6.0",
  ];
  const installed = spawnSync("npm", install, { cwd: context.folder, encoding: "utf8" });
  assert.is(installed.status, 0, installed.stdout + installed.stderr);
  mkdirSync(join(context.folder, "tests"));
  for (const [file, text] of Object.entries(PROGRAMS)) writeFileSync(join(context.folder, file), text);
  writeFileSync(join(context.folder, "tests", "package.json"), '{ "type": "module" }');
  writeFileSync(join(context.folder, "tsconfig.json"), JSON.stringify(TSCONFIG));
});
it.after((context) => rmSync(context.folder, { recursive: true, force: true }));

for (const version of ["ts5", "ts6"]) {
  it(`a stack and a test of it type-check strictly with ${version} in an empty folder; a misspelt property and a wrong type are refused`, ({
    folder,
  }) => {
    const tsc = join(folder, "node_modules", version, "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", "."], { cwd: folder, encoding: "utf8" });
    const problems = stdout.split("\n").filter((line) => /^\S.*error TS/.test(line));
    assert.equal(problems.map((line) => line.replace(/[(:].*/, "")).sort(), ["misspelt.ts", "wrong-type.ts"], stdout);
    assert.match(stdout, /misspelt\.ts.*visibilityTimeot/);
    assert.match(stdout, /wrong-type\.ts.*not assignable/);
  });
}

it("the installed package validates and synthesizes the stack", ({ folder }) => {
  const run = (args: string[]) =>
    spawnSync(process.execPath, [join(folder, "node_modules", "panka", "bin", "panka.js"), ...args], {
      cwd: folder,
      encoding: "utf8",
      env: cleanEnv(folder),
    });
  const synth = run(["synth", "-e", "development", "--json"]);
  assert.is(synth.status, 0, synth.stdout + synth.stderr);
  const assembly = JSON.parse(synth.stdout) as { resources: { type: string }[] };
  assert.ok(assembly.resources.some((r) => r.type === "aws:sqs/queue:Queue"));
});

it("a test of one's own imports panka/testing from the installed package, and runs", ({ folder }) => {
  const tests = join(folder, "tests");
  const tsx = join(folder, "node_modules", "tsx", "dist", "loader.mjs");
  const done = spawnSync(process.execPath, ["--import", tsx, "stack.test.ts"], { cwd: tests, encoding: "utf8", env: cleanEnv(folder) });
  assert.is(done.status, 0, done.stdout + done.stderr);
});

it("the installed package deploys to the local provider", ({ folder }) => {
  writeFileSync(join(folder, "panka.config.yaml"), "version: 1\nenvironments:\n  development: { provider: local }\n");
  const panka = join(folder, "node_modules", "panka", "bin", "panka.js");
  const done = spawnSync(process.execPath, [panka, "deploy", "--yes", "-e", "development"], {
    cwd: folder,
    encoding: "utf8",
    env: cleanEnv(folder),
  });
  assert.is(done.status, 0, done.stdout + done.stderr);
});

it.run();
