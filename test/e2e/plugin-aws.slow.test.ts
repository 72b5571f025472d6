import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startAwsProxy } from "../support/aws-proxy.js";
import { inFolder, jsonOf, panka, startPanka } from "../support/cli.js";
import { hasPlugin, withMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const head = (name: string, more = ""): string => `${stackHead(name, `region: us-east-1${more}`)}---
apiVersion: components.panka.io/v1
`;

/** Process ids of the plugin itself (not its watchdog) that runs for an endpoint. */
function plugins(endpoint: string): number[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return (
          /terraform-provider-aws/.test(command) &&
          !command.startsWith("/bin/sh") &&
          readFileSync(`/proc/${pid}/environ`, "utf8").includes(endpoint)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

test("a plugin that is killed in the middle of a create is started again, the create is found and adopted, and the run goes on", async () => {
  if (!hasPlugin()) return console.log("SKIP a plugin killed under a run: no provider plugin");
  if (process.platform !== "linux") return console.log("SKIP a plugin killed under a run: needs /proc");
  await withMoto(async (target, moto) => {
    const proxy = await startAwsProxy(target);
    const env = { ...moto, AWS_ENDPOINT_URL: proxy.endpoint, PANKA_SETTLE_MS: "1000" };
    const config = "version: 1\nbackend: { type: local }\nenvironments:\n  cloud: { provider: aws }\n";
    try {
      await inFolder(
        { "panka.config.yaml": config, "stack.yaml": `${head("killed")}kind: SQS\nmetadata: { name: jobs }\n` },
        async (folder) => {
          const run = startPanka(folder, ["deploy", "--yes", "-e", "cloud"], env);
          // The provider waits 25 s for a new queue's attributes to settle: it is made, and the call has not returned.
          while (!proxy.calls.some((c) => c.operation === "GetQueueAttributes")) {
            assert.is(run.child.exitCode, null, "the run ended before it made a queue");
            await new Promise((r) => setTimeout(r, 50));
          }
          const before = plugins(proxy.endpoint);
          assert.is(before.length, 1);
          process.kill(before[0] as number, "SIGKILL");
          const end = await run.done;
          assert.is(end.code, 0, end.stdout + end.stderr);
          assert.is(proxy.calls.filter((c) => c.operation === "CreateQueue").length, 1);
          assert.equal(plugins(proxy.endpoint), []);
          const shown = jsonOf(await panka(folder, ["state", "show", "-e", "cloud", "--json"], env)).result;
          const resources: any[] = Object.values((shown.state ?? shown).resources);
          assert.ok(resources.length >= 1 && resources.every((r) => r.status === "ok"));
          assert.match((await panka(folder, ["deploy", "--yes", "-e", "cloud"], env)).stdout, /No changes/);
        },
      );
    } finally {
      await proxy.stop();
    }
  });
});

test("a role named by the stack is assumed by the plugin, one named by the profile also by the state's own client", async () => {
  if (!hasPlugin()) return console.log("SKIP an assumed role: no provider plugin");
  await withMoto(async (target, moto) => {
    const proxy = await startAwsProxy(target);
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _key, ...rest } = moto;
    const env = { ...rest, AWS_ENDPOINT_URL: proxy.endpoint };
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    const config = `version: 1
backend: { type: s3, bucket: panka-state-test, region: us-east-1, encryption: "file:state.key" }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }
aws: { profile: deployer }
environments:
  cloud: { provider: aws }
`;
    const stack = `${head("roles", `, assumeRoleArn: "${role("from-stack")}"`)}kind: SNS\nmetadata: { name: events }
---
apiVersion: components.panka.io/v1
kind: Secret
metadata: { name: token }
spec: { generate: { length: 20 } }
`;
    try {
      await inFolder({ "panka.config.yaml": config, "stack.yaml": stack, "state.key": `${"00".repeat(32)}\n` }, async (folder) => {
        mkdirSync(join(folder, ".home", ".aws"), { recursive: true });
        writeFileSync(join(folder, ".home", ".aws", "credentials"), "[base]\naws_access_key_id = BASEKEY\naws_secret_access_key = s\n");
        const profile = `[profile deployer]\nrole_arn = ${role("from-profile")}\nsource_profile = base\nregion = us-east-1\n[profile base]\nregion = us-east-1\n`;
        writeFileSync(join(folder, ".home", ".aws", "config"), profile);
        const place = ["--bucket", "panka-state-test", "--table", "panka-state-locks", "--no-kms"];
        const made = await panka(folder, ["backend", "create", "-e", "cloud", "--yes", ...place], env);
        assert.is(made.code, 0, made.stdout + made.stderr);
        proxy.calls.length = 0;
        const ran = await panka(folder, ["deploy", "--yes", "-e", "cloud"], env);
        assert.is(ran.code, 0, ran.stdout + ran.stderr);
        const assumed = (agent: RegExp): string[] =>
          proxy.calls
            .filter((c) => c.operation === "AssumeRole" && agent.test(c.agent))
            .map((c) => new URLSearchParams(c.body).get("RoleArn")?.split("/")[1] ?? "");
        assert.ok(assumed(/aws-sdk-js/).includes("from-profile"), JSON.stringify(assumed(/./)));
        assert.ok(assumed(/aws-sdk-go/).includes("from-stack"), JSON.stringify(assumed(/./)));
        // The secret's first value is put by the stack's role as well, not by the profile's.
        assert.equal(assumed(/aws-sdk-js/).filter((name) => name === "from-stack").length, 1);
        const put = (calls: typeof proxy.calls) => calls.filter((c) => c.operation === "PutSecretValue");
        assert.is(put(proxy.calls).length, 1);
        assert.not.ok(proxy.calls.some((c) => c.service === "s3" && c.accessKey === put(proxy.calls)[0]?.accessKey));
        // Nothing but the assumption itself is signed with the keys of the base profile.
        const signed = proxy.calls.filter((c) => c.accessKey === "BASEKEY" && c.service !== "sts");
        assert.equal(
          signed.map((c) => c.operation),
          [],
        );
      });
    } finally {
      await proxy.stop();
    }
  });
});

test.run();
