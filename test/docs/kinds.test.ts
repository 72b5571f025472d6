/** The pages of docs/reference/kinds: their examples compile, type-check, and say the same in both languages. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../constructs/registry.js";
import { canonicalJson } from "../../framework/base/json.js";
import { compileTypescript, compileYaml, docPages, typeErrors } from "../support/doc-examples.js";

const pages = docPages();

test("every kind of component and of infra document has a page, named after it", () => {
  const kinds = registry.kinds.filter((k) => k.group !== "core").map((k) => k.name);
  assert.equal(pages.map((p) => p.kind).sort(), [...kinds].sort());
  assert.equal(
    pages.filter((p) => p.file !== `${p.kind.toLowerCase()}.md`).map((p) => p.file),
    [],
  );
});

for (const { kind, examples } of pages)
  test(`the examples of ${kind} use it and give one assembly in TypeScript and in YAML, byte for byte`, async () => {
    for (const example of examples) {
      const [typescript, yaml] = [await compileTypescript(example), await compileYaml(example)];
      assert.equal([...typescript.problems, ...yaml.problems], [], example.name);
      assert.ok((typescript.assembly?.resources.length ?? 0) > 0, example.name);
      assert.match(example.yaml, new RegExp(`^kind: ${kind}$`, "m"), example.name);
      assert.is(canonicalJson(typescript.assembly as never, 2), canonicalJson(yaml.assembly as never, 2), example.name);
    }
  });

test("the TypeScript examples of all pages pass the type checker", () => {
  assert.equal(typeErrors(pages.flatMap((p) => p.examples)), []);
});

test.run();
