import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AwsCall, type Fault, startAwsProxy } from "../support/aws-proxy.js";
import { type Finished, inFolder, panka } from "../support/cli.js";
import { hasPlugin, withMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
environments:
  development: { provider: local }
  shared: { provider: aws, backend: { type: s3, bucket: 123456789012-panka-state, region: us-east-1 } }
  alone: { provider: aws, backend: { type: local } }
  bare: { provider: aws }
`;
const stack = (provider: string): string => `${stackHead("bad", provider)}---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
`;
const files = (provider = "region: us-east-1"): Record<string, string> => ({ "panka.config.yaml": CONFIG, "stack.yaml": stack(provider) });
const deploy = (environment: string, ...more: string[]): string[] => ["deploy", "--yes", "-e", environment, ...more];

/** One clear error: the exit code, the words, a next step, no trace. */
function refused(done: Finished, exit: number, says: RegExp): void {
  const text = done.stdout + done.stderr;
  assert.is(done.code, exit, text);
  assert.ok(says.test(text), text);
  assert.match(text, /next: /);
  assert.not.match(text, /^\s+at .+:\d+/m);
}

/** The error that AWS gives for an access key that it does not know, as each protocol spells it. */
function unknownKey(call: AwsCall): Fault {
  if (call.service === "dynamodb")
    return { status: 400, body: JSON.stringify({ __type: "UnrecognizedClientException", message: "no such key" }) };
  if (call.service === "s3") return { status: 403, body: "<Error><Code>InvalidAccessKeyId</Code><Message>no such key</Message></Error>" };
  return undefined;
}

test("an environment on AWS without a back end is refused, and the command that makes one is named", async () => {
  await inFolder(files(), async (folder) => {
    refused(await panka(folder, deploy("bare"), { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" }), 2, /panka backend create/);
  });
});

test("another region than the one that the stack was deployed to is refused, and both are named; nothing is changed", async () => {
  await inFolder(files(), async (folder) => {
    assert.is((await panka(folder, deploy("development"))).code, 0);
    writeFileSync(join(folder, "stack.yaml"), stack("region: eu-west-1"));
    refused(await panka(folder, deploy("development")), 2, /us-east-1.*eu-west-1/);
    writeFileSync(join(folder, "stack.yaml"), stack("region: us-east-1"));
    assert.match((await panka(folder, deploy("development"))).stdout, /No changes/);
  });
});

test("credentials that AWS does not know, another account than demanded, and a store that ignores conditions are refused before anything is made", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasPlugin()) return console.log("SKIP credentials, account and store: no provider plugin");
    const proxy = await startAwsProxy(endpoint);
    const through = { ...env, AWS_ENDPOINT_URL: proxy.endpoint };
    const made = (): string[] => proxy.calls.filter((c) => c.service === "sqs" && c.operation === "CreateQueue").map((c) => c.url);
    try {
      await inFolder(files("region: us-east-1, accountId: '999999999999'"), async (folder) => {
        refused(await panka(folder, deploy("alone"), through), 2, /account 123456789012, the stack demands 999999999999/);
      });
      await inFolder(files(), async (folder) => {
        assert.is((await panka(folder, ["backend", "create", "--yes", "--no-kms", "-e", "shared"], through)).code, 0);
        proxy.fault = (call) => (call.service === "s3" && call.operation === "PUT object" ? "unconditional" : undefined);
        refused(await panka(folder, deploy("shared"), through), 1, /condition/);
        proxy.fault = unknownKey;
        refused(await panka(folder, deploy("shared"), through), 1, /credentials|no such key/);
      });
      assert.equal(made(), []);
    } finally {
      await proxy.stop();
    }
  });
});

test.run();
