/**
 * What --json prints, command by command: by docs/reference/output.schema.json, and byte for byte as reviewed in test/golden/output.
 * Clock and chance are fixed. `UPDATE_GOLDEN=1` writes the files anew; review the difference.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Clock, Random } from "../../framework/base/clock.js";
import { printBackendCheck, printBackendCreate } from "../../cli/views/backend.js";
import { printEjected, printInstalled, printSwitch } from "../../cli/views/engine.js";
import { makeOutput } from "../../cli/views/output.js";
import { localLocker } from "../../framework/lock/local.js";
import { chanceOf } from "../support/generate/random.js";
import { type Validator, validatorOf } from "../support/json-schema.js";
import { ROOT } from "../support/source-tree.js";
import { metadata } from "../support/world.js";
import { project, QUEUE } from "./project.js";
import { run } from "./world.js";

const schema = JSON.parse(readFileSync(join(ROOT, "docs/reference/output.schema.json"), "utf8")) as { $defs: { [name: string]: unknown } };
const checked = new Set<string>();

/** The validator of one shape. */
function shape(name: string): Promise<Validator> {
  assert.ok(schema.$defs[name], `no $defs/${name} in docs/reference/output.schema.json`);
  checked.add(name);
  return validatorOf({ ...schema, $ref: `#/$defs/${name}` });
}

const clock: Clock = {
  now: () => Date.parse("2026-01-02T03:04:05Z"),
  monotonic: () => 0,
  sleep: (_ms, signal) => new Promise((resolve, reject) => setImmediate(() => (signal?.aborted ? reject(signal.reason) : resolve()))),
};
/** Chance from a seed. */
function randomOf(seed: number): Random {
  const chance = chanceOf(seed);
  const byte = (): number => Math.floor(chance.next() * 256);
  return {
    bytes: (count) => Uint8Array.from({ length: count }, byte),
    uuid: () => {
      const hex = Array.from({ length: 16 }, () => byte().toString(16).padStart(2, "0")).join("");
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
    },
  };
}

const random = randomOf(7);
const cwd = project();
const home = mkdtempSync(join(tmpdir(), "panka-home-"));

/** Compares text with its golden file; places of this machine are named. */
function golden(name: string, text: string): void {
  const said = text
    .replaceAll(cwd, "<project>")
    .replaceAll(home, "<home>")
    .replaceAll(/"pid": \d+/g, '"pid": 1');
  const file = join(ROOT, "test/golden/output", `${name}.json`);
  if (process.env["UPDATE_GOLDEN"]) {
    mkdirSync(join(ROOT, "test/golden/output"), { recursive: true });
    writeFileSync(file, said);
  }
  assert.fixture(said, readFileSync(file, "utf8"));
}

/** Runs a command that prints one document. */
async function document(name: string, definition: string, args: string[], exit = 0): Promise<any> {
  const ran = await run([...args, "--json"], { cwd, home, clock, random });
  assert.is(ran.code, exit, ran.stdout + ran.stderr);
  assert.equal((await shape(definition))(ran.json()), []);
  golden(name, ran.stdout);
  return ran.json();
}

/** Runs a command that prints lines. */
async function stream(name: string, args: string[], exit = 0): Promise<void> {
  const ran = await run([...args, "--json"], { cwd, home, clock, random });
  assert.is(ran.code, exit, ran.stdout + ran.stderr);
  const validate = await shape("line");
  for (const line of ran.lines()) assert.equal(validate(line), [], JSON.stringify(line));
  assert.equal((await shape("result"))(ran.lines().at(-1)), []);
  golden(name, ran.stdout);
}

test("validate, synth, graph and plan print their documents", async () => {
  await document("validate", "validate", ["validate"]);
  await document("synth", "synth", ["synth"]);
  await document("graph", "graph", ["graph"]);
  await document("plan", "plan", ["plan"]);
});

test("deploy prints a line per event and the result, also where nothing changes", async () => {
  await stream("deploy", ["deploy", "--yes"]);
  await stream("deploy-nothing", ["deploy", "--yes"]);
  await stream("deploy-failed", ["deploy", "--yes", "-e", "nope"], 2);
});

test("what stands is one document per command", async () => {
  await document("status", "status", ["status"]);
  await document("list", "list", ["list"]);
  await document("show", "show", ["show", "shop/jobs"]);
  await document("outputs", "outputs-document", ["outputs"]);
  await document("history", "history", ["history"]);
  await document("state-show", "state-show", ["state", "show"]);
  await document("doctor", "doctor", ["doctor"]);
  await document("version", "version", ["version"]);
  await document("failure", "failure", ["show", "shop/nobody"], 2);
});

test("an import is one document", async () => {
  const { result } = (await run(["outputs", "--json"], { cwd, home })).json();
  const gone = await run(["state", "rm", "shop/jobs", "--yes"], { cwd, home, clock, random });
  assert.is(gone.code, 0, gone.stderr);
  await document("import", "import", ["import", "shop/jobs", result["shop/jobs"].queueUrl, "--yes"]);
});

test("a held lock is shown, and its unlock", async () => {
  const folder = join(cwd, ".panka/stacks/tiny/development");
  const taken = await localLocker({ folder, clock, random: randomOf(8) }).acquire("*", metadata());
  assert.ok(taken.ok);
  await document("status-locked", "status", ["status"]);
  const { result } = await document("state-locks", "state-locks", ["state", "locks"]);
  await document("unlock", "unlock", ["unlock", "--lock-id", result[0].lockId, "--force", "--yes"]);
});

test("an update, and a destroy, are lines too", async () => {
  writeFileSync(join(cwd, "stack.yaml"), QUEUE.replace("60", "61"));
  await document("plan-update", "plan", ["plan"]);
  await stream("destroy", ["destroy", "--yes"]);
});

test("a stack with problems prints validate's document for synth and plan", async () => {
  writeFileSync(join(cwd, "stack.yaml"), QUEUE.replace("visibilityTimeout", "visibilityTimout"));
  for (const command of ["validate", "synth", "plan"]) await document("problems", "validate", [command], 1);
});

test("init says what it made", async () => {
  await document("init", "init", ["init", "fresh", "--template", "quickstart", "--yes"]);
});

test("a plan that is saved says where, and an approval by whom", async () => {
  writeFileSync(join(cwd, "stack.yaml"), QUEUE.replace("60", "62"));
  await document("plan-saved", "plan", ["plan", "--out", "plan.json"]);
  await document("approve", "approve", ["approve", "plan.json", "--yes"]);
});

test("tenants are set up, changed, listed and shown", async () => {
  await document("tenant-init", "tenant-init", ["tenant", "init", "payments"]);
  const file = join(cwd, "tenants/payments/tenant.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("stacks: 10", "stacks: 3"));
  await document("tenant-apply", "tenant-apply", ["tenant", "apply", file, "--yes"]);
  await document("tenant-list", "tenant-list", ["tenant", "list"]);
  await document("tenant-show", "tenant-show", ["tenant", "show", "payments"]);
});

/** What a view prints of made-up results; the commands themselves need a cloud. */
async function printed(name: string, print: (output: ReturnType<typeof makeOutput>) => number, code: number): Promise<void> {
  const stdout = new PassThrough();
  const world = { stdout, stderr: stdout, colorDepth: 1, env: {}, columns: () => 80, stdoutIsTerminal: false, stderrIsTerminal: false };
  assert.is(print(makeOutput(world as never, { json: true, verbose: false, noColor: true })), code);
  const text = String(stdout.read());
  assert.equal((await shape(name))(JSON.parse(text)), []);
  golden(name, text);
}

test("back ends say what was made and what is there", async () => {
  const place = { bucket: "acme-state", table: "panka-state-locks", region: "eu-west-1", keyAlias: "alias/panka-state" };
  const steps = [{ part: "bucket acme-state", action: "created" as const }];
  await printed("backend-create", (output) => printBackendCreate(place, steps, "panka.config.yaml", output), 0);
  const parts = [
    { part: "bucket acme-state", ok: true },
    { part: "table", ok: false, problem: "ResourceNotFoundException" },
  ];
  await printed("backend-check", (output) => printBackendCheck(place, parts, output), 1);
});

test("the commands about engines say what they did", async () => {
  const of = { stack: "shop", environment: "production", resources: 3 };
  const switched = { ...of, from: "embedded" as const, to: "pulumi" as const, switched: true, serial: 7 };
  await printed("engine-switch", (output) => printSwitch(switched, output), 0);
  await printed("engine-install", (output) => printInstalled({ version: "3.260.0", root: join(home, ".panka/pulumi/3.260.0") }, output), 0);
  const files = ["Pulumi.yaml", "index.ts", "state.json"];
  await printed("eject", (output) => printEjected({ ...of, folder: "shop-pulumi", files, next: "cat shop-pulumi/README.md" }, output), 0);
});

test("every shape is held by a command", () => {
  const parts = ["diagnostic", "summary", "change", "grant", "propertyChange", "outputs"];
  assert.equal(
    Object.keys(schema.$defs).filter((name) => !checked.has(name) && !parts.includes(name)),
    [],
  );
});

test.run();
