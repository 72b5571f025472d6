import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Clock } from "../../../../framework/base/clock.js";
import { isProviderError, type ProviderError } from "../../../../framework/model/provider.js";
import { loadSchemaIndex } from "../../../../framework/providers/aws/schema-index.js";
import { parseLocalFaults } from "../../../../framework/providers/local/faults.js";
import { createLocalProvider, type LocalProviderOptions } from "../../../../framework/providers/local/provider.js";

const schemas = loadSchemaIndex("framework/providers/aws/data");
const clock: Clock = { now: Date.now, monotonic: () => performance.now(), sleep: (ms) => new Promise((r) => setTimeout(r, ms)) };
const TOPIC = "aws:sns/topic:Topic";
const topic = (name: string) => ({ urn: `urn:pulumi:dev::s::${TOPIC}::a/${name}`, type: TOPIC, inputs: { name } });
const test = suite<{ folder: string; file: string }>("faults on demand");
test.before.each((ctx) => {
  ctx.folder = mkdtempSync(join(tmpdir(), "panka-faults-"));
  ctx.file = join(ctx.folder, "local-cloud.json");
});
test.after.each((ctx) => rmSync(ctx.folder, { recursive: true, force: true }));
const open = (file: string, faults: LocalProviderOptions["faults"], more: Partial<LocalProviderOptions> = {}) =>
  createLocalProvider({ file, schemas, region: "us-east-1", clock, faults, ...more });
const failed = async (work: Promise<unknown>): Promise<ProviderError> => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  assert.ok(isProviderError(error), String(error));
  return error as ProviderError;
};

test("the second create fails with the code asked for and made nothing; the first and third work", async ({ file }) => {
  const p = open(file, '[{"op":"create","type":"aws:sns/topic:Topic","nth":2,"fail":"throttled"}]');
  await p.create(topic("one"));
  const error = await failed(p.create(topic("two")));
  assert.equal([error.code, error.outcome], ["throttled", "none"]);
  await p.create(topic("three"));
  assert.not(readFileSync(file, "utf8").includes('"two"'));
});

test("times 0 fails every call from the nth on, only for URNs that contain the text", async ({ file }) => {
  const p = open(file, [{ op: "create", urn: "a/bad", times: 0, fail: "denied" }]);
  await p.create(topic("good"));
  await failed(p.create(topic("bad")));
  await failed(p.create(topic("bad")));
});

test("a lost reply: the thing is there, the caller is told that nobody knows", async ({ file }) => {
  const p = open(file, [{ op: "create", loseReply: true }]);
  assert.is((await failed(p.create(topic("one")))).outcome, "unknown");
  assert.ok(await p.import({ urn: "u", type: TOPIC, importId: "arn:aws:sns:us-east-1:000000000000:one" }));
});

test("a partial create says what it made", async ({ file }) => {
  const p = open(file, [{ op: "create", partial: true }]);
  const error = await failed(p.create(topic("one")));
  assert.equal([error.outcome, error.partial?.id], ["partial", "arn:aws:sns:us-east-1:000000000000:one"]);
});

test("a held resource is creating on the file until the file says ready; create and waitReady wait for it", async ({ file }) => {
  const p = open(file, [{ op: "create", hold: true }]);
  let done = false;
  const creating = p.create(topic("one")).then((r) => {
    done = true;
    return r;
  });
  while (!existsSync(file) || !readFileSync(file, "utf8").includes('"creating"')) await clock.sleep(5);
  const prior = { id: "arn:aws:sns:us-east-1:000000000000:one", inputs: {}, outputs: {}, private: "", schemaVersion: 0 };
  const waiting = open(file, []).waitReady({ urn: "u", type: TOPIC, prior, timeoutSeconds: 20 });
  const short = await failed(open(file, []).waitReady({ urn: "u", type: TOPIC, prior, timeoutSeconds: 0.05 }));
  assert.is(short.outcome, "partial");
  assert.is(done, false);
  writeFileSync(`${file}.new`, readFileSync(file, "utf8").replace('"creating"', '"ready"'));
  renameSync(`${file}.new`, file);
  assert.is((await creating).id, prior.id);
  assert.is((await waiting)?.id, prior.id);
});

test("a hold of so many ms ends by itself", async ({ file }) => {
  const p = open(file, [{ op: "create", hold: 60 }]);
  const began = performance.now();
  await p.create(topic("one"));
  assert.ok(performance.now() - began >= 50);
  assert.not(readFileSync(file, "utf8").includes('"creating"'));
});

test("latency is waited on the clock that was given", async ({ file }) => {
  const slept: number[] = [];
  const p = open(file, [], { latency: { create: 7 }, clock: { ...clock, sleep: async (ms) => void slept.push(ms) } });
  await p.validate({ ...topic("x") });
  await p.create(topic("one"));
  assert.equal(slept, [7]);
});

for (const [text, why] of [
  ["{", /not JSON/],
  ['{"op":"create"}', /exactly one of/],
  ['{"op":"creat","fail":"x"}', /"op" must be one of/],
  ['{"op":"create","fial":"x"}', /did you mean "fail"/],
  ['{"op":"create","nth":"2","fail":"x"}', /whole number/],
  ["[1]", /item 1 is not an object/],
] as const) {
  test(`faults that can't be read are refused with the reason: ${text}`, () => {
    assert.throws(() => parseLocalFaults(text), why);
  });
}

test("no text means no faults", () => {
  assert.equal(parseLocalFaults(" "), []);
});

test.run();
