import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Finished, panka } from "../support/cli.js";
import { component, stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";
const stack = (name = '"shop"'): string => `${stackHead(name)}---
`;
const lambda = (path: string): string =>
  component("Lambda", "fn", `{ runtime: nodejs20.x, handler: index.handler, code: { path: ${path} } }`);

/** Names as YAML texts, each hostile in a way of its own. */
const NAMES = {
  "the folder above": '".."',
  "a path": '"a/../../b"',
  "an absolute path": '"/etc/cron.d/x"',
  "an encoded slash": '"a%2f..%2fb"',
  "a backslash": '"a\\\\..\\\\b"',
  "a NUL": '"a\\0b"',
  "CR and LF": '"a\\r\\nb"',
  "a look-alike letter": '"sh\\u043Ep"',
  "a zero-width joiner": '"sh\\u200Dop"',
  "a right-to-left mark": '"shop\\u202E"',
  "a leading dash": '"--force"',
  "a reserved service": '"_stack"',
  "an empty name": '""',
};

/** Everything below a folder but for its project: paths and times. */
function outside(sandbox: string): string[] {
  const list = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (path === join(sandbox, "project")) return [];
      return entry.isDirectory() ? [path, ...list(path)] : [`${path} ${statSync(path).mtimeMs} ${statSync(path).size}`];
    });
  return list(sandbox).sort();
}

/** Runs a command in a project beside things that are none of its business. */
async function attempt(files: Record<string, string>, args: string[], links: Record<string, string> = {}): Promise<Finished> {
  const sandbox = mkdtempSync(join(tmpdir(), "panka-hostile-"));
  try {
    const project = join(sandbox, "project");
    for (const folder of ["project", "secret", "b"]) mkdirSync(join(sandbox, folder));
    writeFileSync(join(sandbox, "secret", "key.txt"), "outside-the-project-7c1f");
    for (const [path, text] of Object.entries({ "panka.config.yaml": CONFIG, ...files })) writeFileSync(join(project, path), text);
    for (const [path, target] of Object.entries(links)) symlinkSync(join(sandbox, target), join(project, path));
    const before = outside(sandbox);
    const done = await panka(project, args);
    assert.equal(outside(sandbox), before, "something outside the project changed");
    const text = done.stdout + done.stderr;
    assert.not.match(text, /outside-the-project-7c1f/);
    assert.not.match(text, /^\s+at .+:\d+/m);
    assert.not.ok(existsSync(join(project, ".panka", "local-cloud.json")) && done.code !== 0, "something was deployed");
    return done;
  } finally {
    rmSync(sandbox, { recursive: true, force: true });
  }
}

for (const [what, name] of Object.entries(NAMES)) {
  test(`${what} as the name of a stack or component reads and writes nothing outside the project`, async () => {
    const texts = [stack(name) + component("SQS", "q", "{}"), stack() + component("SQS", name, "{}")];
    for (const done of await Promise.all(texts.map((text) => attempt({ "stack.yaml": text }, ["deploy", "--yes"]))))
      assert.ok(done.code === 1 || done.code === 2, `exit ${done.code}: ${done.stdout}${done.stderr}`);
  });
}

test("an environment, a stack or a component that is named on the command line reads and writes nothing outside the project", async () => {
  const files = { "stack.yaml": stack() + component("SQS", "q", "{}") };
  for (const args of [
    ["deploy", "--yes", "-e", "../../b"],
    ["status", "-e", "a%2f..%2f..%2fb"],
    ["deploy", "--yes", "--component", "../../b"],
    ["outputs", "--stack", "../b"],
    ["unlock", "--lock-id", "../../b"],
    ["state", "restore", "../../secret/key"],
    ["init", "new", "--template", "../../secret"],
  ]) {
    const done = await attempt(files, args);
    assert.ok(done.code !== 0, `${args.join(" ")}: exit ${done.code}: ${done.stdout}`);
  }
});

test("code of a function outside the project, named or through a link, reads and writes nothing outside the project", async () => {
  for (const path of ["../secret", "../secret/key.txt", "/etc", "./link", "./link/key.txt"]) {
    const done = await attempt({ "stack.yaml": stack() + lambda(path) }, ["deploy", "--yes"], { link: "secret" });
    assert.is(done.code, 1, `${path}: ${done.stdout}${done.stderr}`);
    assert.match(done.stdout + done.stderr, /outside|project|not found|no such/i);
  }
});

test.run();
