import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "..", "..");
const page = (name: string): string => readFileSync(join(root, "docs", "reference", name), "utf8");

/** Links to tests: the text is a part of the test's name, the target its file. */
function named(text: string): { name: string; file: string }[] {
  return [...text.matchAll(/\[([^\]]+)\]\(\.\.\/\.\.\/(test\/[^)]+)\)/g)].map(([, name, file]) => ({
    name: name as string,
    file: file as string,
  }));
}

for (const doc of ["guarantees.md", "security.md"]) {
  test(`${doc} names tests that exist`, () => {
    const links = named(page(doc));
    assert.ok(links.length > 20);
    for (const { name, file } of links) {
      assert.ok(existsSync(join(root, file)), `${doc}: there is no ${file}`);
      assert.ok(readFileSync(join(root, file), "utf8").includes(name), `${doc}: no test of ${file} is called "${name}"`);
    }
  });
}

test("each of the 18 proofs that the protocol asks for has a named test or command, each promise a named test", () => {
  const rows = page("guarantees.md")
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\| (promise|#) |^\|-/.test(line));
  const proofs = rows.filter((row) => /^\| \d+ \|/.test(row));
  assert.equal(
    proofs.map((row) => Number(/^\| (\d+)/.exec(row)?.[1])),
    Array.from({ length: 18 }, (_, i) => i + 1),
  );
  for (const row of rows) assert.ok(named(row).length > 0 || /`npm run (bench|crash|simulate)/.test(row), row);
});

test("proofs.md lists every bug that is planted on purpose", () => {
  const planted = [...readFileSync(join(root, "test/simulation/plants.ts"), "utf8").matchAll(/^ {2}"([^"]+)": \(world\)/gm)].map(
    (m) => m[1],
  );
  const listed = page("proofs.md")
    .split("\n")
    .map((line) => line.split("|")[1]?.trim());
  assert.ok(planted.length >= 14);
  assert.equal(
    planted.filter((name) => !listed.includes(name)),
    [],
  );
});

test.run();
