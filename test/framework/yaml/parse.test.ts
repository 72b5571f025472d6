import { test } from "uvu";
import * as assert from "uvu/assert";
import { DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { parseYaml } from "../../../framework/yaml/parse.js";

function parse(source: string) {
  const bag = new DiagnosticBag();
  const started = Date.now();
  const documents = parseYaml(source, "f.yaml", bag);
  return { documents, values: documents.map((d) => d.value), problems: bag.sorted(), ms: Date.now() - started };
}

function refused(source: string, code: string, line: number, column: number) {
  const { documents, problems, ms } = parse(source);
  assert.equal(documents.length, 0);
  assert.is(problems[0]?.code, code);
  assert.equal([problems[0]?.file, problems[0]?.line, problems[0]?.column], ["f.yaml", line, column]);
  assert.ok(ms < 15_000, `${ms} ms`);
}

test("an alias bomb is one error in less than a second", () => {
  const names = [..."abcdefghij"];
  const bomb = names
    .map(
      (k, i) =>
        `${k}: &${k} [${Array(9)
          .fill(i === 0 ? "x" : `*${names[i - 1]}`)
          .join(",")}]`,
    )
    .join("\n");
  const { problems, ms } = parse(bomb);
  assert.equal(
    problems.map((p) => p.code),
    ["too-many-aliases"],
  );
  assert.ok((problems[0]?.line ?? 0) > 0 && ms < 15_000);
});
test("lists nested 5,000 deep are an error at the level that is too deep", () =>
  refused(`a: ${"[".repeat(5000)}${"]".repeat(5000)}`, "nested-too-deeply", 1, 68));
test("block lists nested 5,000 deep are an error", () => refused(`${"- ".repeat(5000)}x`, "nested-too-deeply", 1, 131));
test("64 levels are fine", () => assert.is(parse(`${"[".repeat(64)}${"]".repeat(64)}`).problems.length, 0));
test("a file over 1 MiB is refused before it is parsed", () => refused(`a: ${"x".repeat(1024 * 1024)}`, "file-too-large", 1, 1));
test("a key that stands twice in a map is an error at the second", () => refused("a: 1\nb: 2\na: 3", "duplicate-key", 3, 1));
test("a tag is an error", () => refused("a: !Sub x", "yaml-tag", 1, 9));
test("a merge key is an error", () => refused("x: &x {a: 1}\ny:\n  <<: *x", "merge-key", 3, 3));
test("an alias that contains itself is an error", () => refused("a: &a [*a]", "endless-alias", 1, 8));
test("an alias without an anchor is an error", () => {
  assert.is(parse("a: *b").problems.length, 1);
});
test("a list as key is an error", () => refused("? [a]\n: 1", "map-key", 1, 3));
test("broken YAML says where", () => refused("a:\n\tb: 3", "broken-yaml", 2, 1));
test("an unquoted variable inside braces is told to be quoted", () => {
  const { problems } = parse("x: 1\na: { b: ${X}, c: 2 }");
  assert.is(problems.length, 1);
  assert.match(problems[0]?.message ?? "", "quote it");
  assert.equal([problems[0]?.line, problems[0]?.column, problems[0]?.expected], [2, 9, '"${X}"']);
});
test("a quoted variable inside brackets is fine", () =>
  assert.equal(parse('a: ["${X}"]').values, [Object.assign(Object.create(null), { a: ["${X}"] })]));
test("__proto__ and constructor are keys like others and change no prototype", () => {
  const value = parse("__proto__: {polluted: 1}\nconstructor: 2").values[0] as Record<string, unknown>;
  assert.equal(Object.keys(value), ["__proto__", "constructor"]);
  assert.is(({} as { polluted?: number }).polluted, undefined);
});
test("numbers and booleans that would lose their spelling stay text", () => {
  const value = parse("a: 1.10\nb: 0x10\nc: TRUE\nd: 1.5\ne: true\nf: 012\ng: 1e3").values[0] as object;
  assert.equal({ ...value }, { a: "1.10", b: "0x10", c: "TRUE", d: 1.5, e: true, f: "012", g: "1e3" });
});
test("a position is that of the key or list item", () => {
  const d = parse("a:\n  - x\n  - b: {c: 1}\n'd.e': 2").documents[0];
  assert.equal(d?.position("a[1].b.c"), { file: "f.yaml", line: 3, column: 9 });
  assert.equal(d?.position('["d.e"]'), { file: "f.yaml", line: 4, column: 1 });
  assert.is(d?.position("a[5]"), undefined);
});
test("positions go through aliases", () => assert.is(parse("a: &a {b: 1}\nc: *a").documents[0]?.position("c.b")?.line, 1));
test("documents after --- have their own beginning", () =>
  assert.equal(
    parse("a: 1\n---\nb: 2").documents.map((d) => d.start.line),
    [1, 3],
  ));
test.run();
