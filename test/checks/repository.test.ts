import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ROOT } from "../support/source-tree.js";

const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" })
  .split("\n")
  .filter((f) => f && existsSync(join(ROOT, f)));
const texts = tracked
  .filter((f) => /\.(ts|js|json|md|ya?ml|txt)$|^\.ci\/|^\.npmrc$/.test(f))
  .map((f) => ({ path: f, text: readFileSync(join(ROOT, f), "utf8") }));

test("the lock file names no registry and resolves nothing to an address", () => {
  const lock = texts.find((t) => t.path === "package-lock.json");
  assert.ok(lock);
  assert.not.match(lock?.text ?? "", /"resolved"/);
});

test("no file names a package registry or a path of one machine", () => {
  const forbidden = /registry\.npmjs|pypi\.org|\/root\/|\/home\/[a-z]+\/|\/opt\/tf-/;
  const wrong = texts.filter((t) => t.path !== "test/checks/repository.test.ts" && forbidden.test(t.text)).map((t) => t.path);
  assert.equal(wrong, []);
});

test("each decision has a number of its own, and its title says it", () => {
  const decisions = texts.filter((t) => t.path.startsWith("docs/decisions/"));
  const numbers = decisions.map(({ path }) => path.slice("docs/decisions/".length).split("-")[0] ?? "");
  assert.ok(decisions.length > 0);
  assert.equal(numbers, [...new Set(numbers)]);
  const wrong = decisions.filter(({ text }, i) => !text.startsWith(`# ${Number(numbers[i])}. `)).map((d) => d.path);
  assert.equal(wrong, []);
});

test("the launcher may be run and uses Node's own modules only", () => {
  assert.ok(statSync(join(ROOT, "bin", "panka.js")).mode & 0o111);
  const launcher = ["panka.js", "bundle.js"].map((name) => readFileSync(join(ROOT, "bin", name), "utf8")).join();
  const required = [...launcher.matchAll(/require\("([^"]+)"\)/g)].map((m) => m[1] ?? "");
  assert.equal(
    required.filter((name) => !name.startsWith("node:")),
    ["./bundle.js"],
  );
});

test("every entry of package.json's exports has types and a default", () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    exports: Record<string, Record<string, string> | string>;
  };
  for (const [name, entry] of Object.entries(exports)) {
    if (name === "./package.json") continue;
    assert.equal(Object.keys(entry), ["types", "default"], name);
  }
});

test("every test file can fail: it runs its suite and hides no test", async () => {
  const { checkFile, findTests } = (await import("../../scripts/run-tests.js" as string)) as {
    checkFile(path: string): string[];
    findTests(folder: string): string[];
  };
  const wrong = findTests(join(ROOT, "test")).flatMap((f) => checkFile(f).map((p) => `${f}: ${p}`));
  assert.equal(wrong, []);
});

test.run();
