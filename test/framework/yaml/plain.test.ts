import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { formatPath, type PathSegment } from "../../../framework/model/paths.js";
import { type ParsedDocument, parseAnyYaml, parseYaml } from "../../../framework/yaml/parse.js";
import { readPlain } from "../../../framework/yaml/plain.js";
import { type Chance, chanceOf } from "../../support/generate/random.js";
import { ROOT } from "../../support/source-tree.js";

/** Every YAML file of the examples and templates. */
const FILES = ["examples", "templates"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map(String)
    .filter((name) => /\.ya?ml$/.test(name) && !name.includes("node_modules"))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(ROOT, folder, name), "utf8") })),
);

/** What YAML is made of, and what it may be mistaken for. */
const PARTS = [
  ..."ab :#{}[],\"'\\&*!|>%@?-\n",
  ...["  ", "\n  ", "\n    ", "\n \n", "\n- ", "- ", " - ", "-", ": ", " #", ", ", "''", "---", "\n---\n", "...", "? ", "key: ", "key:\n"],
  ...["~", "null", "NULL", "true", "True", "1", "-1", "1.0", "1.10", "1e3", "1e+21", "0x1", ".5", "+1", "Infinity", "-Infinity"],
  ...["x: {a: 1}", "y: [1, 2]", "${v}", "é", "<<: ", "\u00a0", "__proto__: ", '"q": ', "'q': ", "\\n", "yes", "\t", "\r\n", "\u2028"],
];

/** Paths of all values of a document, and some of none. */
function pathsOf(value: unknown, path: PathSegment[] = []): string[] {
  const inside = Array.isArray(value) ? [...value.entries()] : typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [
    formatPath([...path, "none"]),
    formatPath([...path, 0]),
    ...inside.flatMap(([key, v]) => pathsOf(v, [...path, key])),
    formatPath(path),
  ];
}

const described = (documents: readonly ParsedDocument[]) =>
  documents.map((d) => ({
    value: JSON.stringify(d.value),
    start: d.start,
    places: pathsOf(d.value).map((path) => [path, d.position(path)]),
  }));

/** True if the text is plain: then it must be valid YAML, and mean to the whole of YAML what it means here. */
function agrees(text: string): boolean {
  if (readPlain(text, () => {}) === undefined) return false;
  const bag = new DiagnosticBag();
  const whole = described(parseAnyYaml(text, "f.yaml", bag));
  assert.equal(bag.sorted(), [], text);
  assert.equal(described(parseYaml(text, "f.yaml", bag)), whole, text);
  return true;
}

/** A part of a file with some of it lost, doubled or replaced, or a heap of parts. */
function disturbed(chance: Chance): string {
  const times = 1 + Math.floor(chance.next() * 12);
  if (chance.likely(0.5)) return Array.from({ length: times }, () => chance.pick(PARTS)).join("");
  let text = chance.pick(chance.pick(FILES).text.split(/^---$/m)).slice(0, 700);
  for (let i = 0; i < times / 4; i++) {
    const at = Math.floor(chance.next() * (text.length + 1));
    text = text.slice(0, at) + (chance.likely(0.8) ? chance.pick(PARTS) : "") + text.slice(at + (chance.likely(0.3) ? 4 : 0));
  }
  return text;
}

test("the examples and templates are plain", () => {
  assert.ok(FILES.length > 20);
  assert.equal(
    FILES.filter((file) => !agrees(file.text)).map((file) => file.name),
    [],
  );
});

test("what is plain means what it means in YAML, and stands where it stands there, whatever is done to a file", () => {
  const chance = chanceOf(28);
  let plain = 0;
  for (let i = 0; i < 6000; i++) if (agrees(disturbed(chance))) plain++;
  assert.ok(plain > 1000, `${plain} plain`);
});

test("what is written in another way is left to the whole of YAML", () => {
  const others = [
    "a: &x 1",
    "a: *x",
    "a: !t 1",
    "a: |\n  b\n",
    "a: >\n  b\n",
    "a:\tb",
    "a: b\r\n",
    "a: b\n  c\n",
    "a: {b: 1,\n  c: 2}",
    "? a",
    "8080: 1",
  ];
  for (const text of [
    ...others,
    "",
    "# nothing\n",
    "a: 1\n---\n",
    "a: 1\na: 2",
    "text",
    "<<: {}",
    "a: [1, ]",
    "a: 'b\n\n  c'",
    "%YAML 1.2\n---\na: 1",
  ])
    assert.is(
      readPlain(text, () => {}),
      undefined,
      text,
    );
});

test("a long line takes no more than its length", () => {
  const started = performance.now();
  agrees(`a: "${"x".repeat(400_000)}"\nb: x${" ".repeat(400_000)}y\nc: [${"[], ".repeat(50_000)}[]]\n`);
  assert.ok(performance.now() - started < 15_000);
});

test.run();
