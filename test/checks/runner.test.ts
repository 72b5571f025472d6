import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../support/source-tree.js";

/** Runs the runner over one file with this text; returns exit code and last line. */
function runnerOn(text: string | undefined): { code: number | null; last: string } {
  const folder = mkdtempSync(join(ROOT, "test", "checks", ".runner-"));
  try {
    if (text !== undefined) writeFileSync(join(folder, "sample.test.ts"), text);
    const done = spawnSync(process.execPath, [join(ROOT, "scripts", "run-tests.js"), "--root", folder], {
      encoding: "utf8",
      env: { ...process.env, PANKA_COVERAGE: "", PANKA_EXTRA_FAILED: "" },
    });
    return { code: done.status, last: done.stdout.trim().split("\n").pop() ?? "" };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const head = `import { suite, test } from "uvu";\nimport * as assert from "uvu/assert";\n`;

test("a passing file passes and is counted", () => {
  assert.equal(runnerOn(`${head}test("a", () => assert.ok(true));\ntest.run();\n`), { code: 0, last: "1 passed, 0 failed, 0 skipped" });
});

test("a failing test fails the run", () => {
  assert.equal(runnerOn(`${head}test("a", () => assert.ok(false));\ntest.run();\n`), { code: 1, last: "0 passed, 1 failed, 0 skipped" });
});

test("a run in which no file matches fails", () => {
  assert.is(runnerOn(undefined).code, 1);
});

test("a suite that is never run fails", () => {
  assert.is(runnerOn(`${head}test("a", () => assert.ok(true));\n`).code, 1);
});

test("a hook that throws before the tests fails", () => {
  assert.is(
    runnerOn(`${head}const s = suite("s");\ns.before(() => { throw new Error("no"); });\ns("a", () => assert.ok(true));\ns.run();\n`).code,
    1,
  );
});

test("a file that hides tests by only() fails", () => {
  assert.is(runnerOn(`${head}test.run(); // test.on${"ly"}(\n`).code, 1);
});

test("each test that says SKIP is counted, also behind the marks of the ones before it", () => {
  const skip = (name: string) => `test("${name}", () => console.log("SKIP ${name}: nothing to run it on"));\n`;
  assert.is(runnerOn(`${head}${skip("a")}test("b", () => {});\n${skip("c")}test.run();\n`).last, "3 passed, 0 failed, 2 skipped");
});

test("a test that says SKIP is counted as skipped", () => {
  assert.equal(
    runnerOn(`${head}test("a", () => console.log("SKIP a: nothing to run it on"));\ntest.run();\n`).last,
    "1 passed, 0 failed, 1 skipped",
  );
});

test.run();
