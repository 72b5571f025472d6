import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answering, type Answering } from "../support/answering.js";
import { validatorOf } from "../support/json-schema.js";
import { ROOT } from "../support/source-tree.js";
import { CONFIG, project } from "./project.js";
import { run } from "./world.js";

const test = suite("smoke tests");
let server: Answering;
test.before(async () => {
  server = await answering();
});
test.after(() => server.close());
test.before.each(() => {
  server.asked.length = 0;
  server.answer({ status: 200, body: "all is well" });
  server.onAsked = () => {};
});

/** A stack of one queue whose stack-wide test asks the server. */
function stack(timeout: number, more = ""): string {
  return `apiVersion: core.panka.io/v1
kind: Stack
metadata: { name: tiny }
spec:
  provider: { name: aws, region: us-east-1 }
  smokeTests:
    - name: health
      http: { path: "${server.url}/health", bodyContains: well, headers: { x-key: open-sesame } }
      retries: 1
      intervalSeconds: 1
---
apiVersion: core.panka.io/v1
kind: Service
metadata: { name: shop }
${more}---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs, service: shop }
spec: { visibilityTimeout: ${timeout} }
---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: mails, service: shop }
spec: { visibilityTimeout: ${timeout} }
`;
}

function fresh(): { cwd: string; write(timeout: number, more?: string): void } {
  const cwd = project({ "stack.yaml": stack(60), "panka.config.yaml": CONFIG });
  return { cwd, write: (timeout, more) => writeFileSync(join(cwd, "stack.yaml"), stack(timeout, more)) };
}

/** Visibility timeouts of what stands. */
async function timeouts(cwd: string): Promise<number[]> {
  const state = JSON.parse((await run(["state", "pull"], { cwd })).stdout);
  return Object.values<any>(state.resources).flatMap((r) => r.inputs.visibilityTimeoutSeconds ?? []);
}

async function releases(cwd: string): Promise<string[]> {
  const { result } = (await run(["history", "--json"], { cwd })).json();
  return result.map((r: any) => `${r.operation} ${r.status}`);
}

const line = validatorOf({
  ...JSON.parse(readFileSync(join(ROOT, "docs/reference/output.schema.json"), "utf8")),
  $ref: "#/$defs/line",
});

test("a deploy whose smoke test fails brings the last good release back under its lock, exits 6, and says why", async () => {
  const { cwd, write } = fresh();
  const first = await run(["deploy", "--yes"], { cwd });
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stderr, /test stack health: GET http:\/\/127.0.0.1:\d+\/health answered 200/);
  assert.is(server.asked[0]?.headers["x-key"], "open-sesame");

  write(90);
  server.answer({ status: 500 });
  const failed = await run(["deploy", "--yes"], { cwd });
  assert.is(failed.code, 6, failed.stdout + failed.stderr);
  assert.match(failed.stderr, /stack health: answered 500, expected 200; again in 1 s \(1 try left\)/);
  assert.match(failed.stderr, /The deploy of tiny in development did not pass and was rolled back to serial \d+/);
  assert.match(
    failed.stdout + failed.stderr,
    /the smoke test "health" failed: GET http:\S+\/health answered 500, expected 200 \(2 tries\)/,
  );
  assert.equal(await timeouts(cwd), [60, 60]);
  assert.equal(await releases(cwd), ["rollback good", "deploy failed", "deploy good"]);

  const again = await run(["deploy", "--yes", "--json"], { cwd });
  assert.is(again.code, 6);
  const validate = await line;
  for (const event of again.lines()) assert.equal(validate(event), [], JSON.stringify(event));
  const result = again.lines().at(-1);
  assert.is(result.ok, false);
  assert.type(result.rolledBackTo, "number");
  assert.is(result.diagnostics[0].code, "smoke-test-failed");
  for (const said of [first, failed, again]) assert.not.match(said.stdout + said.stderr, /open-sesame/);

  server.answer({ status: 200, body: "all is well" });
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  assert.equal(await timeouts(cwd), [90, 90]);
  server.asked.length = 0;
  const nothing = await run(["deploy", "--yes"], { cwd });
  assert.match(nothing.stdout, /No changes/);
  assert.is(server.asked.length, 0, "what was verified is not verified again");
});

test("a first deploy that fails its test has nothing to go back to: it stays, and the next deploy tests it again although nothing changes", async () => {
  const { cwd } = fresh();
  server.answer({ status: 200, body: "oh no" });
  const failed = await run(["deploy", "--yes"], { cwd });
  assert.is(failed.code, 1, failed.stdout + failed.stderr);
  assert.match(failed.stderr, /was not rolled back: there is no earlier good release to go back to/);
  assert.match(failed.stdout + failed.stderr, /answered 200, but without the text "well"/);
  assert.equal(await timeouts(cwd), [60, 60]);
  const status = await run(["status"], { cwd });
  assert.match(status.stdout, /serial \d+ failed its verification and stands/);
  const again = await run(["deploy", "--yes"], { cwd });
  assert.is(again.code, 1, again.stdout + again.stderr);
  server.answer({ status: 200, body: "well" });
  const good = await run(["deploy", "--yes"], { cwd });
  assert.is(good.code, 0, good.stdout + good.stderr);
  assert.equal(await releases(cwd), ["deploy good", "deploy failed", "deploy failed"]);
});

test("a run that is stopped while it verifies stays so, and the next deploy verifies it first", async () => {
  const { cwd, write } = fresh();
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  write(90);
  server.answer({ status: 200, hold: true });
  let send: (signal: "SIGINT" | "SIGTERM") => void = () => {};
  server.onAsked = () => send("SIGINT");
  const stopped = await run(["deploy", "--yes"], { cwd, signals: (own) => (send = own) });
  assert.is(stopped.code, 130, stopped.stderr);
  assert.match(stopped.stderr, /the next deploy verifies it first/);
  assert.equal(await releases(cwd), ["deploy verifying", "deploy good"]);
  assert.equal(await timeouts(cwd), [90, 90]);
  const status = await run(["status"], { cwd });
  assert.match(status.stdout, /serial \d+ is not verified yet: the next deploy runs its tests first/);
  assert.match((await run(["doctor"], { cwd })).stdout, /serial \d+ is not verified yet/);

  server.onAsked = () => {};
  server.answer({ status: 500 });
  const failed = await run(["deploy", "--yes"], { cwd });
  assert.is(failed.code, 6, failed.stdout + failed.stderr);
  assert.equal(await timeouts(cwd), [60, 60]);
  assert.equal(await releases(cwd), ["rollback good", "deploy failed", "deploy good"]);
});

test("tests of what the local provider only pretends are not run, and the deploy says so", async () => {
  const { cwd, write } = fresh();
  const hello = `---
apiVersion: components.panka.io/v1
kind: Lambda
metadata: { name: hello, service: shop }
spec:
  runtime: nodejs20.x
  handler: index.handler
  code: { zipFile: "exports.handler = async () => 1" }
  url: { auth: none }
`;
  write(60, `spec: { smokeTests: [{ component: hello, http: { path: /x } }] }\n${hello}`);
  const ran = await run(["deploy", "--yes"], { cwd });
  assert.is(ran.code, 0, ran.stdout + ran.stderr);
  assert.match(ran.stderr, /1 smoke test was not run: the local provider makes nothing that answers/);
});

test("a deploy of one component runs no test of the whole, and one that fails is taken back alone", async () => {
  const { cwd, write } = fresh();
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  write(90, `spec: { smokeTests: [{ http: { path: "${server.url}/shop" }, retries: 0 }] }\n`);
  server.asked.length = 0;
  server.answer({ status: 404 });
  const part = await run(["deploy", "--yes", "--component", "shop/jobs"], { cwd });
  assert.is(part.code, 0, part.stdout + part.stderr);
  assert.is(server.asked.length, 0);
  assert.equal(await timeouts(cwd), [90, 60]);
  const service = await run(["deploy", "--yes", "--service", "shop"], { cwd });
  assert.is(server.asked.length, 1);
  assert.is(service.code, 1, "going back to the last whole release would undo the part that was good");
  assert.match(service.stderr, /serial \d+ was of a part of the stack/);
});

test("of a stack in several regions the first that fails its test is the last that is deployed", async () => {
  const { cwd } = fresh();
  const file = join(cwd, "stack.yaml");
  writeFileSync(file, stack(60).replace("region: us-east-1 }", "region: us-east-1, regions: [us-east-1, eu-west-1] }"));
  assert.is((await run(["deploy", "--yes"], { cwd })).code, 0);
  assert.is(server.asked.length, 2);
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("visibilityTimeout: 60", "visibilityTimeout: 90"));
  server.asked.length = 0;
  server.answer({ status: 500 });
  const failed = await run(["deploy", "--yes"], { cwd });
  assert.is(failed.code, 6, failed.stdout + failed.stderr);
  assert.is(server.asked.length, 2, "two tries in the first region, none in the second");
});

test.run();
