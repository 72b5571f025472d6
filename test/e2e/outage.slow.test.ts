import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AwsCall, type AwsProxy, expiredToken, type Fault, startAwsProxy } from "../support/aws-proxy.js";
import { type Finished, inFolder, jsonOf, panka } from "../support/cli.js";
import { withMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

/** Topics in a row: each waits for the one before, so that there is a middle of the run. */
const STACK = `
${stackHead("cut")}${[1, 2, 3, 4, 5, 6]
  .map(
    (n) => `---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: t${n} }
spec: { ${n > 1 ? `dependsOn: [t${n - 1}]` : "displayName: first"} }
`,
  )
  .join("")}`;
const CONFIG = `version: 1
backend: { type: s3, bucket: panka-state-test, region: us-east-1, encryption: "awskms://alias/panka-state" }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }
environments:
  development: { provider: local }
`;
const CREATE = ["backend", "create", "-e", "development", "--yes", "--bucket", "panka-state-test", "--table", "panka-state-locks"];
const DEPLOY = ["deploy", "--yes", "-e", "development"];

/** What exists in the model of the cloud, and what the state knows: both sorted. */
async function bothSides(folder: string, env: Record<string, string>): Promise<[string[], string[]]> {
  const { resources } = JSON.parse(readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8")) as { resources: object };
  const shown = jsonOf(await panka(folder, ["state", "show", "-e", "development", "--json"], env));
  const known = (shown.result.state ?? shown.result).resources as object;
  const ids = (all: object) => (Object.values(all) as { id: string }[]).map((r) => r.id).sort();
  return [ids(resources), ids(known)];
}

const dumps = (folder: string, n: number): string[] => {
  const at = join(folder, ".panka", "dumps", `cut${n}`, "development");
  return existsSync(at) ? readdirSync(at) : [];
};

/** What goes wrong from the second intent on, and what is said of it. */
const outages: { name: string; hit: (call: AwsCall) => Fault; expected: RegExp; says: RegExp }[] = [
  {
    name: "credentials that expire mid-run shut the gate, keep outcomes in a dump, and are named with what to do",
    hit: (call) => expiredToken(call),
    expected: /credentials-expired/,
    says: /the credentials expired: .*kept, encrypted, in \.panka\/dumps\/cut0\/development\//,
  },
  {
    name: "S3 that goes away stops new steps; finished ones are kept in a dump",
    hit: (call) => (call.service === "s3" ? "reset" : undefined),
    expected: /store-unavailable/,
    says: /kept, encrypted, in \.panka\/dumps\//,
  },
  {
    name: "S3 and DynamoDB both gone: the run finishes what is in flight, dumps, and ends",
    hit: () => ({ status: 503, body: "<Error><Code>ServiceUnavailable</Code></Error>" }),
    expected: /store-unavailable/,
    says: /kept, encrypted, in \.panka\/dumps\//,
  },
];

async function cutRun(proxy: AwsProxy, folder: string, env: Record<string, string>, hit: (typeof outages)[0]["hit"]): Promise<Finished> {
  let intents = 0;
  proxy.fault = (call) => {
    // The second intent is written; its outcome and all that follows is not.
    if (intents >= 2) return hit(call);
    // Outcomes wait 200 ms for company: the first two objects are intents.
    if (call.operation === "PUT object" && call.url.includes("/journal/")) intents += 1;
    return undefined;
  };
  const result = await panka(folder, [...DEPLOY, "--json"], { ...env, PANKA_STORE_PATIENCE_MS: "1500", PANKA_LOCAL_LATENCY_MS: "50" });
  proxy.fault = () => undefined;
  return result;
}

test("an outage in the middle of a run loses nothing: what the stores did not take is dumped, and the next run takes it up", async () => {
  await withMoto(async (target, moto) => {
    const proxy = await startAwsProxy(target);
    try {
      const env = { ...moto, AWS_ENDPOINT_URL: proxy.endpoint };
      for (const [n, outage] of outages.entries()) {
        const stack = STACK.replace("name: cut", `name: cut${n}`);
        await inFolder({ "stack.yaml": stack, "panka.config.yaml": CONFIG }, async (folder) => {
          const made = await panka(folder, CREATE, env);
          assert.is(made.code, 0, made.stderr);
          const cut = await cutRun(proxy, folder, env, outage.hit);
          assert.is(cut.code, 1, `${outage.name}\n${cut.stdout}\n${cut.stderr}`);
          const last = JSON.parse(cut.stdout.trim().split("\n").at(-1) ?? "{}");
          assert.match(JSON.stringify(last.diagnostics), outage.expected, outage.name);
          assert.match(JSON.stringify(last.diagnostics), outage.says, outage.name);
          const [dump = ""] = dumps(folder, n);
          assert.ok(dump, outage.name);
          assert.not.match(readFileSync(join(folder, ".panka", "dumps", `cut${n}`, "development", dump), "utf8"), /arn:aws/);
          const again = await panka(folder, DEPLOY, env);
          assert.is(again.code, 0, `${outage.name}\n${again.stdout}\n${again.stderr}`);
          assert.match(again.stderr, /Taking up \d outcomes?/, outage.name);
          const [cloud, known] = await bothSides(folder, env);
          assert.is(cloud.length, 6);
          assert.equal(cloud, known, outage.name);
          assert.equal(dumps(folder, n), []);
        });
      }
    } finally {
      await proxy.stop();
    }
  });
});

test.run();
