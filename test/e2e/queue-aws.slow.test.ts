import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answering } from "../support/answering.js";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { aws, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";
import { component, stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
backend: { type: local }
environments:
  cloud: { provider: aws }
`;

/** One queue with its dead-letter queue. */
const stack = (type: string): string => `${stackHead("queues")}---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
spec: { type: ${type}, deadLetterQueue: { enabled: true, maxReceiveCount: 3 } }
`;

/** URLs of all queues, sorted. */
function queues(endpoint: string): string[] {
  const text = aws(endpoint, ["sqs", "list-queues"]).trim();
  return text ? ((JSON.parse(text).QueueUrls ?? []) as string[]).sort() : [];
}

/** Attributes of a queue. */
function attributes(endpoint: string, url: string): Record<string, string> {
  return JSON.parse(aws(endpoint, ["sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All"])).Attributes;
}

/** A deploy whose smoke test fails is taken back in the cloud, too. */
async function failsItsTest(folder: string, endpoint: string, env: Record<string, string>): Promise<void> {
  const server = await answering();
  try {
    const tested = (delay: number): string =>
      stack("fifo")
        .replace("spec: { provider:", `spec: { smokeTests: [{ http: { path: "${server.url}/health" }, retries: 0 }], provider:`)
        .replace("type: fifo", `type: fifo, delaySeconds: ${delay}`);
    const deploy = async (delay: number) => {
      writeFileSync(join(folder, "stack.yaml"), tested(delay));
      return panka(folder, ["deploy", "--yes", "-e", "cloud", "--json"], env);
    };
    const delays = (): (string | undefined)[] => queues(endpoint).map((url) => attributes(endpoint, url)["DelaySeconds"]);
    const passed = await deploy(3);
    assert.is(passed.code, 0, passed.stdout + passed.stderr);
    assert.ok(delays().includes("3"), delays().join());
    server.answer({ status: 503 });
    const failed = await deploy(7);
    assert.is(failed.code, 6, failed.stdout + failed.stderr);
    assert.ok(delays().includes("3") && !delays().includes("7"), delays().join());
  } finally {
    await server.close();
  }
}

/** Two regions on the emulator: the zone of the first is found by the second, through the provider's own look-up. */
async function sharesItsZone(endpoint: string, env: Record<string, string>): Promise<void> {
  const region = "$" + "{REGION}";
  const record = `{ name: api, type: CNAME, value: "${region}.example.net", routing: { latency: "${region}" } }`;
  const zone = component("DNS", "dns", `{ zone: { name: example.com }, records: [${record}] }`);
  const text = `${stackHead("zones", "region: us-east-1, regions: [us-east-1, eu-west-1]")}---\n${zone}`;
  await inFolder({ "stack.yaml": text, "panka.config.yaml": CONFIG }, async (folder) => {
    const run = (...args: string[]) => panka(folder, [...args, "-e", "cloud"], env);
    const before = await run("plan");
    assert.is(before.code, 0, before.stdout + before.stderr);
    const alone = await run("plan", "--region", "eu-west-1");
    assert.is(alone.code, 1, alone.stdout);
    assert.match(alone.stderr, /us-east-1, the stack's own region, is looked up in eu-west-1, and must be deployed there first/);
    const done = await run("deploy", "--yes");
    assert.is(done.code, 0, done.stdout + done.stderr);
    const zones = JSON.parse(aws(endpoint, ["route53", "list-hosted-zones"])).HostedZones;
    assert.is(zones.length, 1);
    const sets = JSON.parse(aws(endpoint, ["route53", "list-resource-record-sets", "--hosted-zone-id", zones[0].Id])).ResourceRecordSets;
    assert.equal(
      sets
        .filter((s: any) => s.Type === "CNAME")
        .map((s: any) => [s.SetIdentifier, s.Region, s.ResourceRecords[0].Value])
        .sort(),
      [
        ["eu-west-1", "eu-west-1", "eu-west-1.example.net"],
        ["us-east-1", "us-east-1", "us-east-1.example.net"],
      ],
    );
    const gone = await run("destroy", "--yes");
    assert.is(gone.code, 0, gone.stdout + gone.stderr);
    assert.equal(JSON.parse(aws(endpoint, ["route53", "list-hosted-zones"])).HostedZones, []);
  });
}

test("a queue turned into a FIFO queue is replaced with its dead-letter queue, under legal names, and destroyed", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP replacement of a queue: the plugin or the AWS CLI is missing");
    const beside = sharesItsZone(endpoint, env);
    beside.catch(() => {}); // told at the end
    await inFolder({ "stack.yaml": stack("standard"), "panka.config.yaml": CONFIG }, async (folder) => {
      const deploy = ["deploy", "--yes", "-e", "cloud"];
      const created = await panka(folder, deploy, env);
      assert.is(created.code, 0, created.stdout + created.stderr);
      const standard = queues(endpoint);
      assert.is(standard.length, 2);
      assert.not.ok(standard.some((url) => url.endsWith(".fifo")));

      const fresh = jsonOf(await panka(folder, ["plan", "-e", "cloud", "--refresh", "--json"], env));
      assert.equal(
        fresh.changes.filter((c: any) => c.action !== "same").map((c: any) => [c.urn, c.properties]),
        [],
        "what was just made must not differ from what is declared",
      );

      writeFileSync(join(folder, "stack.yaml"), stack("fifo"));
      const plan = jsonOf(await panka(folder, ["plan", "-e", "cloud", "--json"], env));
      assert.equal(
        plan.changes.map((c: any) => [c.urn.split("::").pop(), c.action]).sort(),
        [
          ["app/jobs", "replace"],
          ["app/jobs/dead-letter", "replace"],
          ["app/jobs/policy", "replace"],
        ],
        "a policy belongs to one queue, so it goes with it",
      );
      const replaced = await panka(folder, deploy, env);
      assert.is(replaced.code, 0, replaced.stdout + replaced.stderr);
      const fifo = queues(endpoint);
      assert.is(fifo.length, 2, fifo.join("\n"));
      assert.ok(
        fifo.every((url) => url.endsWith(".fifo")),
        fifo.join("\n"),
      );
      const main = fifo.map((url) => attributes(endpoint, url)).filter((a) => a.RedrivePolicy);
      assert.is(main.length, 1);
      const target = JSON.parse(main[0]?.RedrivePolicy ?? "{}");
      assert.match(target.deadLetterTargetArn, /\.fifo$/);
      assert.is(String(target.maxReceiveCount), "3");
      const again = await panka(folder, deploy, env);
      assert.match(again.stdout, /No changes\./);

      await failsItsTest(folder, endpoint, env);
      const destroyed = await panka(folder, ["destroy", "--yes", "-e", "cloud"], env);
      assert.is(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
      assert.equal(queues(endpoint), []);
    });
    await beside;
  });
});

test.run();
