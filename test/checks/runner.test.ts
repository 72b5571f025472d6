import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeFiles } from "../support/cli.js";
import { ROOT } from "../support/source-tree.js";

interface Run {
  code: number | null;
  last: string;
  /** `ok 1/1` or `FAIL 0/1` by file. */
  results: { [name: string]: string };
  /** The lines that name skipped tests. */
  skipped: string[];
}

/** Runs the runner over files with these texts, by name, as where there is no plugin, unless `environment` says so. */
function runOn(files: { [name: string]: string }, environment: NodeJS.ProcessEnv = {}): Run {
  const folder = mkdtempSync(join(ROOT, "test", "checks", ".runner-"));
  try {
    writeFiles(folder, files);
    const done = spawnSync(process.execPath, [join(ROOT, "scripts", "run-tests.js"), "--root", folder], {
      encoding: "utf8",
      env: {
        ...process.env,
        PANKA_COVERAGE: "",
        PANKA_EXTRA_FAILED: "",
        PANKA_EXTRA_SKIPPED: "",
        PANKA_PLUGIN_DIR: "",
        PANKA_TEST_JOBS: "1",
        NODE_V8_COVERAGE: "",
        ...environment,
      },
    });
    const lines = [...done.stdout.matchAll(/^(ok|FAIL) +\S+[\\/]\.runner-[^\\/]+[\\/](\S+) +(\S+) /gm)];
    const results = Object.fromEntries(lines.map(([, mark, name, counts]) => [name, `${mark} ${counts}`]));
    const all = done.stdout.trim().split("\n");
    return { code: done.status, last: all.at(-1) ?? "", results, skipped: all.filter((line) => line.startsWith("skipped: ")) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const head = `import { suite, test } from "uvu";\nimport * as assert from "uvu/assert";\n`;
const good = `${head}test("a", () => assert.ok(true));\ntest.run();\n`;
const skip = (name: string): string => `test("${name}", () => console.log("SKIP ${name}: nothing to run it on"));\n`;

/** Files that must fail, and how they are counted. */
const BAD: { [name: string]: [text: string, result: string] } = {
  "a-failing-test": [`${head}test("a", () => assert.ok(false));\ntest.run();\n`, "FAIL 0/1"],
  "a-suite-that-is-never-run": [`${head}test("a", () => assert.ok(true));\n`, "FAIL 0/0"],
  "a-hook-that-throws": [
    `${head}const s = suite("s");\ns.before(() => { throw new Error("no"); });\ns("a", () => assert.ok(true));\ns.run();\n`,
    "FAIL 0/1",
  ],
  "tests-hidden-by-only": [`${head}test.run(); // test.on${"ly"}(\n`, "FAIL 0/0"],
  "no-test-at-all": [`${head}test.run();\n`, "FAIL 0/0"],
  "an-import-that-throws": [`${head}test("a", () => {});\ntest.run();\nthrow new Error("no");\n`, "FAIL 0/0"],
  "a-test-that-ends-the-process": [`${head}test("a", () => process.exit(0));\ntest.run();\n`, "FAIL 0/0"],
};

/** Those that could touch the files after them: they fail where files share a process. */
const LEAVING: { [name: string]: string } = {
  "leaves-a-variable": `${head}test("a", () => { process.env.LEFT = "1"; });\ntest.run();\n`,
  "leaves-another-clock": `${head}test("a", () => { Date.now = () => 0; });\ntest.run();\n`,
  "leaves-another-folder": `${head}test("a", () => process.chdir("test"));\ntest.run();\n`,
};

for (const [where, folder] of [
  ["in a process of its own", "own"],
  ["in a process shared with others", "checks"],
] as const) {
  test(`a file whose tests pass is counted, and each that says SKIP, ${where}`, () => {
    const files = {
      [`${folder}/good.test.ts`]: good,
      // Behind the marks of the ones before it, too.
      [`${folder}/skips.test.ts`]: `${head}${skip("a")}test("b", () => {});\n${skip("c")}test.run();\n`,
    };
    const results = { [`${folder}/good.test.ts`]: "ok 1/1", [`${folder}/skips.test.ts`]: "ok 3/3" };
    const run = runOn(files);
    assert.equal([run.code, run.last, run.results], [0, "4 passed, 0 failed, 2 skipped", results]);
  });

  test(`a file that says SKIP by name and runs nothing is skipped, and fails nothing, ${where}`, () => {
    const says = `console.log("SKIP the plugin: there is none");\n`;
    const files = {
      [`${folder}/good.test.ts`]: good,
      [`${folder}/empty.test.ts`]: `${head}${says}test.run();\n`,
      [`${folder}/never-run.test.ts`]: `${head}test("a", () => assert.ok(false));\n${says}if (process.env.NO_SUCH) test.run();\n`,
    };
    const results = {
      [`${folder}/empty.test.ts`]: "ok 0/0",
      [`${folder}/good.test.ts`]: "ok 1/1",
      [`${folder}/never-run.test.ts`]: "ok 0/0",
    };
    const run = runOn(files);
    assert.equal([run.code, run.last, run.results, run.skipped.length], [0, "1 passed, 0 failed, 2 skipped", results, 2]);
  });

  test(`what was left out hides no test that failed, and none that ended the process, ${where}`, () => {
    const failing = ["a", "b"].map((name) => `test("${name}", () => assert.ok(false));\n`).join("");
    const run = runOn({
      [`${folder}/ended.test.ts`]: `${head}${skip("a")}test("b", () => process.exit(0));\ntest.run();\n`,
      [`${folder}/failing.test.ts`]: `${head}${failing}test.skip("c", () => {});\ntest.run();\n`,
    });
    const results = { [`${folder}/ended.test.ts`]: "FAIL 0/0", [`${folder}/failing.test.ts`]: "FAIL 0/2" };
    assert.equal([run.code, run.last, run.results], [1, "0 passed, 3 failed, 2 skipped", results]);
  });

  test(`what can't be trusted fails, and nothing else does, ${where}`, () => {
    const files: { [name: string]: string } = { [`${folder}/z-good.test.ts`]: good };
    const results: { [name: string]: string } = { [`${folder}/z-good.test.ts`]: "ok 1/1" };
    for (const [name, [text, result]] of Object.entries(BAD)) {
      files[`${folder}/${name}.test.ts`] = text;
      results[`${folder}/${name}.test.ts`] = result;
    }
    const failed = Object.keys(BAD).length;
    const run = runOn(files);
    assert.equal([run.code, run.last, run.results], [1, `1 passed, ${failed} failed, 0 skipped`, results]);
  });
}

test("what was skipped before the tests is named and counted with them", () => {
  const run = runOn({ "own/a.test.ts": good }, { PANKA_EXTRA_SKIPPED: "dependency audit: the registry does not answer" });
  const named = ["skipped: dependency audit: the registry does not answer"];
  assert.equal([run.code, run.last, run.skipped], [0, "1 passed, 0 failed, 1 skipped", named]);
});

test("a file that leaves a shared process other than it was fails, and those after it find it as it was", () => {
  const untouched = `${head}test("a", () => { assert.is(process.env.LEFT, undefined); assert.ok(Date.now() > 0); assert.ok(!/test$/.test(process.cwd())); });\ntest.run();\n`;
  const files: { [name: string]: string } = { "checks/z-untouched.test.ts": untouched };
  const results: { [name: string]: string } = { "checks/z-untouched.test.ts": "ok 1/1" };
  for (const [name, text] of Object.entries(LEAVING)) {
    files[`checks/${name}.test.ts`] = text;
    results[`checks/${name}.test.ts`] = "FAIL 1/1";
  }
  assert.equal(runOn(files).results, results);
});

test("files of folders that only compute share a process; others and slow ones don't", () => {
  const pid = `${head}test("a", () => console.log("SKIP " + process.pid + ": its process"));\ntest.run();\n`;
  const names = ["checks/a.test.ts", "checks/b.slow.test.ts", "constructs/c.test.ts", "e2e/d.test.ts", "e2e/e.test.ts"];
  const { skipped } = runOn(Object.fromEntries(names.map((name) => [name, pid])));
  assert.is(skipped.length, 5);
  assert.is(new Set(skipped.map((line) => line.split(" ")[2])).size, 4);
});

test("what is skipped for want of plugin or emulator fails a run where both are there, and nothing else that is skipped", () => {
  const tools = mkdtempSync(join(tmpdir(), "panka-tools-"));
  try {
    writeFileSync(join(tools, "moto_server"), "", { mode: 0o755 });
    const files = { "own/a.test.ts": `${head}${skip("the plugin")}${skip("a real account")}test.run();\n` };
    const both = { PANKA_PLUGIN_DIR: tools, PATH: `${tools}:${process.env.PATH}` };
    assert.equal([runOn(files).last, runOn(files, both).last], ["2 passed, 0 failed, 2 skipped", "2 passed, 1 failed, 2 skipped"]);
  } finally {
    rmSync(tools, { recursive: true });
  }
});

test("a run in which no file matches fails, and so does one in which all is skipped", () => {
  assert.is(runOn({}).code, 1);
  assert.is(runOn({ "own/a.test.ts": `console.log("SKIP a: nothing to run it on"); // test.run()\n` }).code, 1);
});

test.run();
