import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { registry } from "../../../constructs/registry.js";
import { DiagnosticBag } from "../../../framework/base/diagnostics.js";
import { isPankaError } from "../../../framework/base/errors.js";
import { loadProgram } from "../../../framework/operations/load-program.js";

const test = suite("load-program");
const packageRoot = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
let folder = "";
test.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), "panka-program-"));
});
test.after.each(() => rmSync(folder, { recursive: true, force: true }));

async function load(files: { [name: string]: string }, options: { environment?: string; stack?: string } = {}) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const bag = new DiagnosticBag();
  const entry = { kind: "typescript" as const, file: join(folder, "stack.ts"), folder, root: folder };
  const input = await loadProgram(entry, { registry, exclude: [], environment: "dev", vars: { A: "1" }, packageRoot, ...options }, bag);
  return { input, problems: bag.sorted().map((d) => `${d.file}:${d.line}:${d.column} ${d.code} ${d.message}`) };
}

const IMPORT = 'import { App, Service, SQS, Stack } from "panka";\n';
const STACK = `${IMPORT}import { n } from "./helper.js";
interface Unused { a: string }
const s = new Stack("s" + n());
new SQS(new Service(s, "svc"), "q", {});
export default s;`;
const HELPER = "let i = 0; export const n = (): number => i++;";

for (const [what, manifest] of [
  ["an ES module", '{"type":"module"}'],
  ["CommonJS", '{"name":"x"}'],
] as const) {
  test(`a program of a package that is ${what} loads, with positions, and panka need not be installed`, async () => {
    const { input, problems } = await load({ "stack.ts": STACK, "helper.ts": HELPER, "package.json": manifest });
    assert.equal(problems, []);
    assert.equal(
      input?.documents.map((d) => d.kind),
      ["Stack", "Service", "SQS"],
    );
    assert.equal(input?.documents[2]?.source(""), { file: "stack.ts", line: 5, column: 1 });
  });
  test(`no module of a program that is ${what} is shared between loads`, async () => {
    const files = { "stack.ts": STACK, "helper.ts": HELPER, "package.json": manifest };
    assert.equal([(await load(files)).input?.stack, (await load(files)).input?.stack], ["s0", "s0"]);
  });
}
test("a default export may be a function of environment and vars, async or not", async () => {
  const { input } = await load(
    { "stack.ts": `${IMPORT}export default async ({ environment, vars }: any) => new Stack(environment + "-" + vars.A);` },
    { environment: "prod" },
  );
  assert.is(input?.stack, "prod-1");
});
test("__dirname and require are there where the package is CommonJS", async () => {
  const { input, problems } = await load({
    "stack.ts": `${IMPORT}const p = require("node:path");\nexport default new Stack("d" + p.basename(__dirname).length);`,
  });
  assert.equal(problems, []);
  assert.is(input?.stack, `d${folder.split("/").pop()?.length}`);
});
test("an App with several stacks needs --stack", async () => {
  const app = `${IMPORT}const app = new App(); new Stack(app, "one"); new Stack(app, "two"); export default app;`;
  assert.is((await load({ "stack.ts": app }, { stack: "two" })).input?.stack, "two");
  for (const [stack, code] of [
    [undefined, "stack-needed"],
    ["tow", "unknown-stack"],
  ] as const) {
    try {
      await load({ "stack.ts": app }, stack ? { stack } : {});
      assert.unreachable();
    } catch (error) {
      assert.ok(isPankaError(error) && error.code === code && error.exitCode === 2);
    }
  }
});
test("an import with a pattern for its path loads the file of the project that fits", async () => {
  const { input, problems } = await load({
    "stack.ts": `${IMPORT}const place = ["de", "v"].join("");\nexport default new Stack((await import(\`./env-\${place}.ts\`)).name);`,
    "env-dev.ts": 'export const name = "chosen";',
  });
  assert.equal([problems, input?.stack], [[], "chosen"]);
});
const WRONG: [name: string, text: string, expected: RegExp][] = [
  ["a syntax error has its place", "const a = 1;\nconst b = ;", /^stack\.ts:2:11 program-syntax/],
  [
    "a throwing program gives message and its own line, no trace",
    'const a = 1;\nthrow new TypeError("boom\\nat x");',
    /^stack\.ts:2:7 program-failed the program failed: TypeError: boom$/,
  ],
  [
    "a throwing function gives its own line",
    '\nexport default () => { throw new Error("late") };',
    /^stack\.ts:2:30 program-failed .*late$/,
  ],
  ["no default export is an error", "export const a = 1;", /^stack\.ts:1:1 no-default-export/],
  ["a default export that is no stack is an error", "export default { a: 1 };", /^stack\.ts:1:1 wrong-export .*an object$/],
  [
    "an import that leads nowhere is an error at the import",
    '\nimport "./nope.js";\nexport default 1;',
    /^stack\.ts:2:\d+ program-import .*nope/,
  ],
  [
    "an import whose path is computed is an error at the import that says how to write it",
    '\nconst name = ["./other", "ts"].join(".");\nexport default (await import(name)).default;',
    /^stack\.ts:3:\d+ program-import an import with a computed path leads to "other\.ts", which is not part of the program$/,
  ],
  [
    "a package that is not installed is named",
    '\nimport x from "no-such-package-x";\nexport default x;',
    /^stack\.ts:2:\d+ program-import .*no-such-package-x/,
  ],
  [
    "a Ref used as a string is an error at the user's line",
    `${IMPORT}const q = new SQS(new Service(new Stack("s"), "v"), "q", {});\nexport const u = "x" + q.queueUrl;`,
    /^stack\.ts:3:\d+ ref-as-string .*known only after deployment$/,
  ],
];
for (const [name, text, expected] of WRONG) {
  test(name, async () => {
    const { input, problems } = await load({ "stack.ts": text });
    assert.is(input, undefined);
    assert.is(problems.length, 1);
    assert.match(problems[0] ?? "", expected);
  });
}
test("infra documents in files that a stack or service names are read, those that are not there are errors at the line", async () => {
  mkdirSync(join(folder, "configs"));
  const defaults = `apiVersion: infra.panka.io/v1
kind: ServiceInfraDefaults
metadata: { name: defaults }
spec: { scaling: { replicas: 2 } }
`;
  const program = `${IMPORT}const s = new Stack("s");
new Service(s, "svc", { infrastructure: { defaults: ["configs/defaults.yaml", "configs/none.yaml"] } });
export default s;`;
  const { input, problems } = await load({ "stack.ts": program, "configs/defaults.yaml": defaults });
  assert.equal(
    input?.documents.filter((d) => d.kind === "ServiceInfraDefaults").map((d) => [d.name, d.service]),
    [["defaults", "svc"]],
  );
  assert.equal(problems, ["stack.ts:3:1 no-such-file there is no file configs/none.yaml"]);
});
test("an unreadable program is one error", async () => {
  const { problems } = await load({});
  assert.is(problems.length, 1);
  assert.match(problems[0] ?? "", /^stack\.ts:1:1 /);
});
test.run();
