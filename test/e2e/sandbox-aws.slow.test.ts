import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startAwsProxy } from "../support/aws-proxy.js";
import { awsJson, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";
import { ROOT } from "../support/source-tree.js";

/** Runs `npm run test:aws` as a process. */
function testAws(args: string[], env: Record<string, string>): Promise<{ code: number | null; text: string }> {
  const main = join(ROOT, "test", "aws", "main.ts");
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args], { cwd: ROOT, env: { ...process.env, ...env } });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data) => {
      text += data;
    });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}

/** Topics, buckets and tables in the account. */
function there(endpoint: string): unknown[][] {
  const commands = [
    ["sns", "list-topics"],
    ["s3api", "list-buckets"],
    ["dynamodb", "list-tables"],
  ];
  const [topics, buckets, tables] = awsJson(endpoint, commands);
  return [topics.Topics, buckets.Buckets, tables.TableNames];
}

test("without an account the scenarios for a real one are skipped by name, and counted", async () => {
  const skipped = await testAws([], {});
  assert.is(skipped.code, 0, skipped.text);
  assert.is(skipped.text.match(/^SKIP /gm)?.length, 6, skipped.text);
  assert.match(skipped.text, /0 passed, 0 failed, 6 skipped/);
});

test("the scenarios are refused for another account, sweep up after themselves, and what one could not remove is named and swept later", async () => {
  await withMoto(async (endpoint, own) => {
    if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP scenarios for a real account: the plugin or the AWS CLI is missing");
    const proxy = await startAwsProxy(endpoint);
    const env = { ...own, AWS_ENDPOINT_URL: proxy.endpoint, PANKA_SETTLE_MS: "1000" };
    const id = ["--account", "123456789012"];
    try {
      const refused = await testAws(["--account", "210987654321"], env);
      assert.is(refused.code, 2, refused.text);
      assert.match(refused.text, /of account 123456789012, not of 210987654321/);
      assert.equal(
        proxy.calls.map((call) => call.operation),
        ["GetCallerIdentity"],
      );

      const denied =
        "<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>";
      proxy.fault = (call) => (call.operation === "DeleteTopic" ? { status: 403, body: denied } : undefined);
      const failed = await testAws([...id, "--only", "crash"], env);
      assert.is(failed.code, 1, failed.text);
      assert.match(failed.text, /^FAIL crash/m);
      assert.match(failed.text, /^LEFT stack t\w+-crash \(its state is in panka-test-123456789012-t\w+\)/m);
      assert.equal(
        there(endpoint).map((all) => all.length),
        [4, 1, 1],
        "the state stays with what only it knows",
      );

      proxy.fault = () => undefined;
      const swept = await testAws([...id, "--sweep"], env);
      assert.is(swept.code, 0, swept.text);
      assert.match(swept.text, /^swept t\w+\nnothing is left behind$/m);
      assert.equal(there(endpoint), [[], [], []]);

      const done = await testAws([...id, "--only", "simple"], env);
      assert.is(done.code, 0, done.text);
      assert.match(done.text, /nothing is left behind\n1 passed, 0 failed, 5 skipped/);
    } finally {
      await proxy.stop();
    }
  });
});

test.run();
