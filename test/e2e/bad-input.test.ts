import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Finished, inFolder, panka } from "../support/cli.js";
import { component, stackHead } from "../support/stack-text.js";

const LOCAL = "version: 1\nenvironments:\n  development: { provider: local }\n  production: { provider: aws }\n";
const HEAD = `${stackHead("bad")}---
`;
const yaml = (rest: string): Record<string, string> => ({ "panka.config.yaml": LOCAL, "stack.yaml": HEAD + rest });
const program = (text: string): Record<string, string> => ({ "panka.config.yaml": LOCAL, "stack.ts": text });

/** What must be read, whatever the problem is: no trace, nothing touched. */
function decent(folder: string, done: Finished, exits: number[]): string {
  const text = done.stdout + done.stderr;
  assert.ok(exits.includes(done.code ?? -1), `exit ${done.code}:\n${text}`);
  assert.not.match(text, /^\s+at .+:\d+/m);
  assert.is(existsSync(join(folder, ".panka", "local-cloud.json")), false, "the cloud was touched");
  return text;
}

interface Case {
  name: string;
  files: Record<string, string>;
  says: RegExp[];
  args?: string[];
  exit?: number;
  env?: Record<string, string | undefined>;
}

let bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
for (let i = 1; i < 12; i++) bomb += `a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(", ")}]\n`;

const CASES: Case[] = [
  { name: "an unknown kind", files: yaml(component("SQSS", "q", "{}")), says: [/stack\.yaml:11:/, /SQSS/, /did you mean SQS\?/] },
  {
    name: "an unknown field",
    files: yaml(component("SQS", "q", "{ visibilityTimeuot: 3 }")),
    says: [/stack\.yaml:\d+:\d+/, /visibilityTimeuot/, /did you mean visibilityTimeout\?/],
  },
  { name: "a wrong type", files: yaml(component("SQS", "q", "{ visibilityTimeout: soon }")), says: [/visibilityTimeout/, /number/] },
  { name: "a number out of range", files: yaml(component("SQS", "q", "{ visibilityTimeout: 99999 }")), says: [/43200/] },
  { name: "a missing required field", files: yaml(component("DynamoDB", "t", "{ billingMode: PAY_PER_REQUEST }")), says: [/hashKey/] },
  { name: "a bad name", files: yaml(component("SQS", "Bad_Name", "{}")), says: [/Bad_Name/, /lower/i] },
  {
    name: "a component twice",
    files: yaml(`${component("SQS", "q", "{}")}---\n${component("SQS", "q", "{}")}`),
    says: [/stack\.yaml/, /q/],
  },
  { name: "an unresolved variable", files: yaml(component("SNS", "t", '{ displayName: "${NOT_THERE}" }')), says: [/NOT_THERE/] },
  { name: "an unresolved reference", files: yaml(component("SNS", "t", '{ displayName: "${nothing.queueUrl}" }')), says: [/nothing/] },
  {
    name: "a cycle",
    files: yaml(`${component("SNS", "a", "{ dependsOn: [b] }")}---\n${component("SNS", "b", "{ dependsOn: [a] }")}`),
    says: [/app\/a -> app\/b \(stack\.yaml:13:21\) -> app\/a \(stack\.yaml:18:21\)/],
  },
  {
    name: "an overlay that matches nothing",
    files: {
      ...yaml(component("SQS", "q", "{}")),
      "environments/development/x.yaml": component("SQS", "nobody", "{}").replace("name: nobody", "name: nobody, service: app"),
    },
    says: [/environments\/development\/x\.yaml/, /nobody/],
  },
  {
    name: "two files that disagree",
    files: {
      ...yaml(component("SQS", "q", "{}")),
      "services/app/q.yaml": component("SQS", "other", "{}").replace("name: other", "name: other, service: shop"),
    },
    says: [/services\/app\/q\.yaml/, /shop/],
  },
  { name: "broken YAML", files: yaml("kind: [unclosed\nspec: {"), says: [/stack\.yaml:\d+:\d+/] },
  { name: "an alias bomb", files: { ...yaml(component("SQS", "q", "{}")), "bomb.yaml": bomb }, says: [/bomb\.yaml/, /alias/i] },
  {
    name: "deep nesting",
    files: { ...yaml(component("SQS", "q", "{}")), "deep.yaml": `a: ${"[".repeat(5000)}${"]".repeat(5000)}\n` },
    says: [/deep\.yaml/, /nest|deep/i],
  },
  { name: "a stack.ts with a syntax error", files: program("export default {{;\n"), says: [/stack\.ts:1/] },
  { name: "a stack.ts that throws", files: program('throw new Error("boom");\n'), says: [/stack\.ts:1/, /boom/] },
  { name: "a stack.ts without a default export", files: program("export const x = 1;\n"), says: [/export default/] },
  {
    name: "a Ref used as a string",
    files: program(
      'import { Service, SNS, SQS, Stack } from "panka";\nconst s = new Stack("bad", { provider: { name: "aws", region: "us-east-1" } });\nconst a = new Service(s, "app");\nconst q = new SQS(a, "q", {});\nnew SNS(a, "t", { displayName: `x-${q.queueUrl}` });\nexport default s;\n',
    ),
    says: [/stack\.ts:5/, /text`/],
  },
  {
    name: "an unknown environment",
    files: yaml(component("SQS", "q", "{}")),
    args: ["deploy", "--yes", "-e", "developmnt"],
    exit: 2,
    says: [/developmnt/, /development/],
  },
  {
    name: "no back end",
    files: yaml(component("SQS", "q", "{}")),
    args: ["deploy", "--yes", "-e", "production"],
    exit: 2,
    says: [/panka backend create/],
  },
  { name: "no stack at all", files: { "panka.config.yaml": LOCAL }, says: [/stack\.yaml/], exit: 2 },
  {
    name: "two entries",
    files: { ...yaml(component("SQS", "q", "{}")), "stack.ts": "export default 1;\n" },
    says: [/stack\.yaml/, /stack\.ts/],
  },
  { name: "an unknown command", files: {}, args: ["deplo"], exit: 2, says: [/deploy/] },
  { name: "an unknown flag", files: yaml(component("SQS", "q", "{}")), args: ["deploy", "--yess"], exit: 2, says: [/--yess/] },
  {
    name: "a command that is not built yet",
    files: yaml(component("SQS", "q", "{}")),
    args: ["drift"],
    exit: 2,
    says: [/not supported yet/],
  },
  {
    name: "a broken configuration",
    files: { ...yaml(component("SQS", "q", "{}")), "panka.config.yaml": "version: 1\nenviroments: {}\n" },
    says: [/panka\.config\.yaml:2/, /environments/],
  },
];

CASES.push(
  {
    name: "a stack.ts that can't be read",
    files: { "panka.config.yaml": LOCAL, "stack.ts/inside.txt": "a folder, not a program\n" },
    args: ["deploy", "stack.ts", "--yes", "-e", "development"],
    says: [/stack\.ts/],
  },
  {
    name: "no plugin, and none to be downloaded",
    files: {
      ...yaml(component("SQS", "q", "{}")),
      "panka.config.yaml": `${LOCAL}backend: { type: local }\n  `.replace("production", "cloud"),
    },
    args: ["deploy", "--yes", "-e", "cloud"],
    env: {
      PANKA_PLUGIN_DIR: undefined,
      XDG_CACHE_HOME: join(tmpdir(), "panka-no-such-cache"),
      AWS_ACCESS_KEY_ID: "any",
      AWS_SECRET_ACCESS_KEY: "any",
      HTTPS_PROXY: "http://127.0.0.1:1",
    },
    exit: 1,
    says: [/plugin could not be downloaded/, /next: .*PANKA_PLUGIN_DIR/],
  },
);

for (const c of CASES) {
  test(`${c.name}: one clear error, no trace, nothing touched`, async () => {
    await inFolder(c.files, async (folder) => {
      const done = await panka(folder, c.args ?? ["deploy", "--yes", "-e", "development"], c.env);
      const text = decent(folder, done, c.exit === undefined ? [1, 2] : [c.exit]);
      for (const pattern of c.says) assert.match(text, pattern);
    });
  });
}

test("a state that a newer version wrote is refused by every command that would change it, and stays as it is", async () => {
  await inFolder(yaml(component("SQS", "q", "{}")), async (folder) => {
    const deploy = ["deploy", "--yes", "-e", "development"];
    assert.is((await panka(folder, deploy)).code, 0);
    const place = join(folder, ".panka", "stacks", "bad", "development");
    const files = readdirSync(place, { recursive: true, encoding: "utf8" }).filter((name) => /^(state[.\d]*|history.*)\.json$/.test(name));
    for (const name of files) {
      const state = JSON.parse(readFileSync(join(place, name), "utf8"));
      writeFileSync(join(place, name), JSON.stringify({ ...state, version: 99 }));
    }
    const cloud = readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8");
    const read = () => files.map((name) => readFileSync(join(place, name), "utf8"));
    const before = read();
    for (const args of [deploy, ["destroy", "--yes", "-e", "development"], ["plan", "-e", "development"]]) {
      const done = await panka(folder, args);
      assert.is(done.code, 1, done.stdout + done.stderr);
      assert.match(done.stderr, /has format version 99; this Panka reads up to version/);
      assert.match(done.stderr, /next: /);
    }
    assert.equal(read(), before);
    assert.is(readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8"), cloud);
  });
});

test("all problems of a stack come in one report, in file order", async () => {
  const rest = [
    component("SQS", "a", "{ nope: 1 }"),
    component("SQS", "b", "{ delaySeconds: 901 }"),
    component("SNS", "c", '{ displayName: "${x.y}" }'),
  ].join("---\n");
  await inFolder(yaml(rest), async (folder) => {
    const done = await panka(folder, ["validate", "-e", "development", "--json"]);
    const { ok, diagnostics } = JSON.parse(done.stdout) as { ok: boolean; diagnostics: { line: number }[] };
    assert.is(ok, false);
    assert.is(done.code, 1);
    assert.ok(diagnostics.length >= 3);
    const lines = diagnostics.map((d) => d.line);
    assert.equal(
      lines,
      [...lines].sort((x, y) => x - y),
    );
  });
});

test.run();
