import { test } from "uvu";
import * as assert from "uvu/assert";
import { ignoreRule } from "../../../../framework/providers/images/ignore.js";

/** Those of the paths that a .dockerignore leaves out. */
function left(text: string, ...paths: string[]): string[] {
  const ignored = ignoreRule(text);
  return paths.filter(ignored);
}

test("a line leaves out a file or folder at the root of the context, with all below it", () => {
  assert.equal(left("node_modules\n", "node_modules/a/b.js", "app/node_modules/c.js", "node_modules"), [
    "node_modules/a/b.js",
    "node_modules",
  ]);
  assert.equal(left("/dist/\n./tmp/../logs", "dist/a", "logs/x", "tmp/x"), ["dist/a", "logs/x"]);
});

test("one star stays within a name, two go through folders", () => {
  assert.equal(left("*/temp*\n", "a/temporary.txt", "a/b/temp.txt", "temp.txt"), ["a/temporary.txt"]);
  assert.equal(left("*/*/temp*\n", "a/b/temporary.txt", "a/temp.txt"), ["a/b/temporary.txt"]);
  assert.equal(left("**/*.md\n", "README.md", "a/b/README.md", "a.mdx"), ["README.md", "a/b/README.md"]);
  assert.equal(left("temp?\n", "tempa", "temp", "tempab"), ["tempa"]);
  assert.equal(left("[a-c].txt\n", "a.txt", "d.txt"), ["a.txt"]);
});

test("the last line that matches decides: an exception brings back, a later line takes again", () => {
  const text = "# a comment\n*.md\n!README*.md\nREADME-secret.md\n";
  assert.equal(left(text, "a.md", "README.md", "README-secret.md"), ["a.md", "README-secret.md"]);
});

test("a dot is a dot, blank lines and comments say nothing", () => {
  assert.equal(left("\n  \n#x\na.b\n", "a.b", "axb", "x", "#x"), ["a.b"]);
});

test.run();
