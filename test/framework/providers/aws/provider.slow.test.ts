/** Slow parts of the AWS provider over the real plugin: a queue (the provider waits 25 s), a type whose schema does not ship, a crash. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ProviderError } from "../../../../framework/model/index.js";
import { startMoto } from "../../../support/moto.js";
import { providerOn, whyNoPlugin } from "../../../support/plugin.js";

const test = suite("aws provider, slow");
const QUEUE = "aws:sqs/queue:Queue";
const DOCUMENT = "aws:ssm/document:Document";

const why = process.platform === "linux" ? whyNoPlugin() : "it looks at /proc";
if (why) console.log(`SKIP slow tests of the AWS provider: ${why}`);
const real = why ? test.skip : test;

real("a queue is created, found the same, adopted by its URL, and deleted", async () => {
  const moto = await startMoto();
  const aws = providerOn(moto);
  try {
    const call = { urn: "u", type: QUEUE };
    const inputs = { name: "jobs", visibilityTimeoutSeconds: 60, tags: { "panka:urn": "u" } };
    const made = await aws.create({ ...call, inputs });
    const prior = { id: made.id, inputs, outputs: made.outputs, private: made.private, schemaVersion: made.schemaVersion };
    assert.is((await aws.plan({ ...call, inputs, prior })).action, "same");
    const [found] = await aws.findByTags(QUEUE, { "panka:urn": "u" });
    assert.is(found, made.id);
    const adopted = await aws.import({ ...call, importId: made.id });
    assert.is(adopted?.inputs.visibilityTimeoutSeconds, 60);
    await aws.delete({ ...call, inputs, prior });
    assert.is(await aws.read({ ...call, prior }), null);
  } finally {
    await aws.close();
    await moto.stop();
  }
});

real("a type that does not ship is served from the plugin's own schema, kept in the cache folder", async () => {
  const moto = await startMoto();
  const cacheDir = mkdtempSync(join(tmpdir(), "panka-cache-"));
  const inputs = { name: "doc", documentType: "Command", content: JSON.stringify({ schemaVersion: "2.2", mainSteps: [] }) };
  const first = providerOn(moto, { cacheDir });
  const second = providerOn(moto, { cacheDir });
  try {
    assert.is((await first.plan({ urn: "u", type: DOCUMENT, inputs, prior: null })).action, "create");
    const [file] = readdirSync(cacheDir);
    assert.match(file ?? "", /^aws-schema-5\.100\.0\.json$/);
    assert.is((await second.plan({ urn: "u", type: DOCUMENT, inputs, prior: null })).action, "create");
    const unknown = await second.plan({ urn: "u", type: "aws:sqs/queue:Quue", inputs, prior: null }).catch((e: Error) => e);
    assert.match((unknown as Error).message, /did you mean aws:sqs\/queue:Queue\?/);
  } finally {
    await Promise.all([first.close(), second.close()]);
    rmSync(cacheDir, { recursive: true, force: true });
    await moto.stop();
  }
});

real("when the plugin dies, a change in flight has an unknown outcome, and the next call starts another", async () => {
  const moto = await startMoto();
  const aws = providerOn(moto);
  try {
    await aws.identity();
    const lost = aws.create({ urn: "u", type: QUEUE, inputs: { name: "lost" } }).catch((e: unknown) => e);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const pid of ownPlugins()) process.kill(pid, "SIGKILL");
    const error = (await lost) as ProviderError;
    assert.equal([error.code, error.outcome], ["died", "unknown"]);
    assert.match(error.message, /was killed \(signal 9\)/);
    const topic = await aws.create({ urn: "t", type: "aws:sns/topic:Topic", inputs: { name: "after" } });
    assert.ok(topic.id.endsWith(":after"));
  } finally {
    await aws.close();
    await moto.stop();
  }
});

/** Plugins that this process started: children of its watchdogs. */
function ownPlugins(): number[] {
  const childrenOf = (pid: number): number[] => {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  };
  const isPlugin = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("terraform-provider-aws_v");
  return childrenOf(process.pid)
    .flatMap(childrenOf)
    .filter((pid) => isPlugin(pid) && !readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("/bin/sh"));
}

test("a machine that has the plugin, the emulator and /proc runs them", () => {
  if (process.env.PANKA_PLUGIN_DIR) assert.is(why === undefined || /moto_server|\/proc/.test(why), true, why);
});

test.run();
