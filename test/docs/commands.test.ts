/** docs/reference/commands.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { COMMANDS } from "../../cli/commands/index.js";
import { commandsPage } from "../../scripts/commands.js";
import { ROOT } from "../support/source-tree.js";

const page = readFileSync(join(ROOT, "docs/reference/commands.md"), "utf8");

test("the page says what --help says", () => {
  assert.is(page, commandsPage(), "run npm run docs");
});

test("the page has a section for every command", () => {
  for (const { paths } of COMMANDS) assert.ok(page.includes(`\n### panka ${paths[0]?.join(" ")}\n`), paths[0]?.join(" "));
});

test.run();
