import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cleanEnv, inFolder, PANKA } from "../support/cli.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";
const HEAD = `${stackHead("shop")}---
`;
const queue = (spec: string, name = "q"): string =>
  `${HEAD}apiVersion: components.panka.io/v1\nkind: SQS\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const many = (n: number, text: (i: number) => string): string => Array.from({ length: n }, (_, i) => text(i)).join("");
const LONG = "a".repeat(200_000);

/** A small text each, and what the one report says of it. */
const HOSTILE: { [name: string]: { text: string; says: RegExp } } = {
  "an alias bomb": { text: `a0: &a0 [x]\n${many(20, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}]\n`)}`, says: /alias/ },
  "flow lists nested 5,000 deep": { text: `a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`, says: /nest/ },
  "flow maps nested 5,000 deep": { text: `a: ${"{a: ".repeat(5_000)}1${"}".repeat(5_000)}`, says: /nest/ },
  "block lists nested 5,000 deep": { text: `${"- ".repeat(5_000)}x`, says: /nest/ },
  "__proto__ as a field of a spec": { text: queue("{ __proto__: { delaySeconds: 5 } }"), says: /__proto__/ },
  "constructor.prototype as a field of a spec": { text: queue("{ constructor: { prototype: { polluted: 1 } } }"), says: /constructor/ },
  "__proto__ as a name": { text: queue("{}", "__proto__"), says: /__proto__/ },
  "merge keys": { text: `x: &x {a: 1}\n${many(2_000, (i) => `y${i}:\n  <<: *x\n`)}`, says: /merge/ },
  "a key twice": { text: `${HEAD}kind: SQS\nkind: SNS\n`, says: /twice|duplicate/i },
  "a tag that makes an object": { text: queue("!!js/function 'return 1'"), says: /tag/ },
  "a file of 3 MiB": { text: `a: ${"x".repeat(3 * 1024 * 1024)}`, says: /MiB|large/ },
  "30,000 documents": { text: "---\n".repeat(30_000), says: /document|kind|empty/ },
  "a key of 200,000 characters": { text: `${LONG}: 1`, says: /kind|apiVersion|key|YAML/i },
  "a name of 200,000 characters": { text: queue("{}", LONG), says: /name|characters/ },
  "a name that makes patterns backtrack": { text: queue("{}", `${"a-".repeat(50_000)}!`), says: /name|characters/ },
  "a variable that never ends": { text: queue(`{ queueName: "${"${a".repeat(40_000)}" }`), says: /\$\{|queueName/ },
  "a duration of 100,000 digits": { text: queue(`{ visibilityTimeout: "${"1".repeat(100_000)}s" }`), says: /visibilityTimeout/ },
  "a number of 100,000 digits": { text: queue(`{ delaySeconds: ${"9".repeat(100_000)} }`), says: /delaySeconds/ },
};

/** Says at the end what the process cost. */
const METER = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { maxRSS, userCPUTime } = process.resourceUsage(); process.stderr.write('COST ' + maxRSS + ' ' + userCPUTime + '\\n'); })",
)}`;

interface Cost {
  code: number | null;
  text: string;
  rssMiB: number;
  cpuMs: number;
}

/** Validates a folder with this stack.yaml in a process that is measured. */
async function validate(text: string): Promise<Cost> {
  return inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": text }, async (folder) => {
    const home = join(folder, ".home");
    mkdirSync(home, { recursive: true });
    const run = spawnSync(process.execPath, ["--import", METER, PANKA, "validate"], {
      cwd: folder,
      env: cleanEnv(home),
      encoding: "utf8",
      timeout: 60_000,
    });
    const cost = /COST (\d+) (\d+)/.exec(run.stderr);
    return { code: run.status, text: run.stdout + run.stderr, rssMiB: Number(cost?.[1]) / 1024, cpuMs: Number(cost?.[2]) / 1000 };
  });
}

/** CPU time above that of a good stack. All of them take less than half a second; a machine whose cores are shared counts up to twice as much. */
const BLOW_UP_MS = 2_000;

let usual: Cost | undefined;

for (const [name, { text, says }] of Object.entries(HOSTILE)) {
  test(`${name} is a typed error, soon and in little memory`, async () => {
    usual ??= await validate(queue("{}"));
    assert.is(usual.code, 0, usual.text);
    const done = await validate(text);
    assert.is(done.code, 1, done.text.slice(0, 500));
    assert.match(done.text, says);
    assert.not.match(done.text, /^\s+at .+:\d+|RangeError|heap|Maximum call stack/m);
    assert.ok(done.cpuMs - usual.cpuMs < BLOW_UP_MS, `${done.cpuMs} ms of CPU, ${usual.cpuMs} for a good stack`);
    assert.ok(done.rssMiB < 256, `${done.rssMiB} MiB`);
    assert.ok(done.text.length < 20_000, `the report has ${done.text.length} characters`);
  });
}

test("keys of YAML reach no prototype, through reading, merging and filling", async () => {
  const { DiagnosticBag } = await import("../../framework/base/diagnostics.js");
  const { parseYaml } = await import("../../framework/yaml/parse.js");
  const { layer, merge } = await import("../../framework/overlays/layered.js");
  const bag = new DiagnosticBag();
  const [base] = parseYaml("a: { b: 1 }\n__proto__: { polluted: 1 }\n", "base.yaml", bag);
  const [over] = parseYaml("a: { __proto__: { polluted: 2 } }\nconstructor: { prototype: { polluted: 3 } }\n", "over.yaml", bag);
  const writer = { literal: false, shared: false, locate: () => undefined };
  const merged = merge(layer(base?.value, writer), layer(over?.value, writer)).value as Record<string, unknown>;
  assert.is(({} as Record<string, unknown>)["polluted"], undefined);
  assert.equal(Object.keys(merged).sort(), ["__proto__", "a", "constructor"]);
  assert.ok([null, Object.prototype].includes(Object.getPrototypeOf(merged["a"])));
});

test("a folder with thousands of files is read up to a limit or in good time", async () => {
  await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": queue("{}") }, async (folder) => {
    for (let i = 0; i < 2_000; i++) writeFileSync(join(folder, `x${i}.txt`), "x");
    const run = spawnSync(process.execPath, [PANKA, "validate"], { cwd: folder, env: cleanEnv(folder), encoding: "utf8", timeout: 60_000 });
    assert.is(run.status, 0, run.stdout + run.stderr);
  });
});

test.run();
