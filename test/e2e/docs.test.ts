import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { yamlReference } from "../../scripts/docs.js";
import { cleanEnv, inFolder, PANKA } from "../support/cli.js";
import { ROOT } from "../support/source-tree.js";

/** The commands of a document's `sh` blocks, in order. */
function commandsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((m) => (m[1] ?? "").trim().split("\n"));
}

/** A folder for PATH in which npx and panka run this package. */
function fakeBin(folder: string): string {
  const bin = join(folder, ".bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "panka"), `#!/bin/sh\nexec '${process.execPath}' '${PANKA}' "$@"\n`);
  writeFileSync(join(bin, "npx"), '#!/bin/sh\nshift\nexec panka "$@"\n');
  for (const name of ["panka", "npx"]) chmodSync(join(bin, name), 0o755);
  return bin;
}

for (const file of ["README.md", "docs/guide/getting-started.md"]) {
  test(`the commands of ${file} work one after the other`, async () => {
    await inFolder({}, async (folder) => {
      const bin = fakeBin(folder);
      const script = commandsOf(file)
        .filter((c) => !c.startsWith("npm "))
        .map((c) => (c.endsWith(" deploy") || c.endsWith(" destroy") ? `${c} --yes` : c));
      assert.ok(script.length >= 6);
      const env = cleanEnv(join(folder, ".home"), { PATH: `${bin}:${process.env.PATH}` });
      const done = spawnSync("sh", ["-exc", script.join("\n")], { cwd: folder, encoding: "utf8", env });
      assert.is(done.status, 0, done.stdout + done.stderr);
    });
  });
}

test("every page that a document links to exists", () => {
  for (const file of ["README.md", "docs/guide/getting-started.md", "docs/guide/concepts.md", "docs/guide/how-deploy-works.md"]) {
    const text = readFileSync(join(ROOT, file), "utf8");
    for (const [, link] of text.matchAll(/\]\(([^)#]+)\)/g)) {
      if (link && !link.startsWith("http"))
        assert.ok(readFileSync !== undefined && spawnSync("test", ["-e", join(ROOT, file, "..", link)]).status === 0, `${file} -> ${link}`);
    }
  }
});

test("the YAML reference says what the schemas say", () => {
  assert.is(readFileSync(join(ROOT, "docs", "reference", "yaml.md"), "utf8"), yamlReference(), "run npm run docs");
});

test.run();
