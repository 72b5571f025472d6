import { suite } from "uvu";
import * as assert from "uvu/assert";
import { project } from "./project.js";
import { run } from "./world.js";

const test = suite("run");

test("an unknown command exits 2 and names the nearest", async () => {
  const ran = await run(["deplyo"]);
  assert.is(ran.code, 2);
  assert.match(ran.stderr, /unknown command "deplyo"; did you mean deploy\?/);
  assert.is(ran.stdout, "");
});

test("an unknown option exits 2 and names the nearest", async () => {
  const ran = await run(["deploy", "--environmnt", "x"]);
  assert.is(ran.code, 2);
  assert.match(ran.stderr, /no option --environmnt; did you mean --environment\?/);
});

test("a command of a later version is said to be not supported yet", async () => {
  for (const name of [
    ["secret", "rotate"],
    ["drift", "detect"],
  ]) {
    const ran = await run(name);
    assert.is(ran.code, 2);
    assert.match(ran.stderr, /not supported yet/);
  }
});

test("a flag that the command does not have is a usage error that names it", async () => {
  const ran = await run(["deploy", "--out", "plan.json", "--yes"], { cwd: project() });
  assert.is(ran.code, 2);
  assert.match(ran.stderr, /--out/);
});

test("a parse error with --json is a document on stdout", async () => {
  const ran = await run(["deplyo", "--json"]);
  assert.is(ran.code, 2);
  assert.is(ran.json().ok, false);
  assert.is(ran.json().diagnostics[0].code, "unknown-command");
});

test("version prints the version, also as JSON", async () => {
  assert.is((await run(["version"])).stdout, "1.2.3\n");
  assert.equal((await run(["version", "--json"])).json(), { version: 1, ok: true, result: { panka: "1.2.3" }, diagnostics: [] });
});

test("bad values of options are usage errors that say what is expected", async () => {
  const cwd = project();
  for (const [args, pattern] of [
    [["plan", "--var", "novalue"], /expected NAME=VALUE/],
    [["status", "-o", "xml"], /expected table, wide, json, yaml/],
    [["graph", "--format", "png"], /expected text, dot, mermaid, json/],
    [["deploy", "--yes", "--wait", "soon"], /not a duration/],
    [["unlock"], /needs --lock-id/],
  ] as const) {
    const ran = await run([...args], { cwd });
    assert.is(ran.code, 2, args.join(" "));
    assert.match(ran.stderr, pattern);
  }
});

test("no line of an error begins with at, and the trace comes only with --verbose", async () => {
  const cwd = project({ "stack.yaml": "kind: [\n" });
  const plain = await run(["validate"], { cwd });
  assert.is(plain.code, 1);
  assert.not.match(plain.stderr, /^\s*at /m);
});

test("where there is no stack the next command is said", async () => {
  const ran = await run(["deploy"], { cwd: project({}) });
  assert.is(ran.code, 2);
  assert.match(ran.stderr, /next: panka init/);
});

test.run();
