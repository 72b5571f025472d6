import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { aws, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";

const CONFIG = "# ours\nversion: 1\nenvironments:\n  cloud: { provider: aws }\n";
const STACK = "apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: { name: bk }\nspec: { provider: { name: aws, region: us-east-1 } }\n";
const files = { "panka.config.yaml": CONFIG, "stack.yaml": STACK };

test("backend create makes bucket, table and key, writes them into the configuration, and a second one keeps all", async () => {
  await withMoto(async (_endpoint, env) => {
    await inFolder(files, async (folder) => {
      const missing = await panka(folder, ["backend", "check", "-e", "cloud"], env);
      assert.is(missing.code, 1, missing.stdout + missing.stderr);
      const first = jsonOf(await panka(folder, ["backend", "create", "-e", "cloud", "--yes", "--json"], env));
      assert.equal([...new Set(first.result.steps.map((s: any) => s.action))], ["created"]);
      assert.is(first.result.bucket, "123456789012-panka-state");
      const config = readFileSync(join(folder, "panka.config.yaml"), "utf8");
      assert.match(config, /^# ours\n/);
      assert.match(config, /backend: \{ type: s3, bucket: 123456789012-panka-state, region: us-east-1 \}/);
      const second = jsonOf(await panka(folder, ["backend", "create", "-e", "cloud", "--yes", "--json"], env));
      assert.equal([...new Set(second.result.steps.map((s: any) => s.action))], ["kept"]);
      assert.is(readFileSync(join(folder, "panka.config.yaml"), "utf8"), config);
      assert.is((await panka(folder, ["backend", "check", "-e", "cloud"], env)).code, 0);
    });
  });
});

test("backend create mends only what is missing and touches no other bucket", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasAwsCli()) return console.log("SKIP backend create beside other buckets: no AWS CLI");
    aws(endpoint, ["s3api", "create-bucket", "--bucket", "other-bucket"]);
    await inFolder(files, async (folder) => {
      assert.is((await panka(folder, ["backend", "create", "-e", "cloud", "--yes", "--no-kms"], env)).code, 0);
      aws(endpoint, [
        "s3api",
        "put-bucket-versioning",
        "--bucket",
        "123456789012-panka-state",
        "--versioning-configuration",
        "Status=Suspended",
      ]);
      const mended = jsonOf(await panka(folder, ["backend", "create", "-e", "cloud", "--yes", "--no-kms", "--json"], env));
      assert.equal(
        mended.result.steps.filter((s: any) => s.action !== "kept").map((s: any) => s.part),
        ["bucket: versioning"],
      );
      assert.is(aws(endpoint, ["s3api", "get-bucket-versioning", "--bucket", "other-bucket"]).trim(), "");
      const rules = JSON.parse(
        aws(endpoint, ["s3api", "get-bucket-lifecycle-configuration", "--bucket", "123456789012-panka-state"]),
      ).Rules;
      assert.is(rules.length, 1);
      assert.is(rules[0].Expiration, undefined, "current objects must never expire");
    });
  });
});

test("without a yes backend create makes nothing and exits 5", async () => {
  await withMoto(async (endpoint, env) => {
    await inFolder(files, async (folder) => {
      const refused = await panka(folder, ["backend", "create", "-e", "cloud"], env);
      assert.is(refused.code, 5, refused.stdout + refused.stderr);
      if (hasAwsCli()) assert.equal(JSON.parse(aws(endpoint, ["s3api", "list-buckets"])).Buckets, []);
    });
  });
});

test("the printed policies name only the back end's own bucket, table and key, and a reader may not write", async () => {
  await withMoto(async (_endpoint, env) => {
    await inFolder(files, async (folder) => {
      const done = await panka(folder, ["backend", "create", "-e", "cloud", "--print-policies"], env);
      const policies = JSON.parse(done.stdout);
      assert.equal(Object.keys(policies), ["deployer", "approver", "reader", "operator"]);
      const actions = policies.reader.Statement.flatMap((s: any) => s.Action);
      assert.equal(
        actions.filter((a: string) => /Put|Delete|Update|Create|Generate/.test(a)),
        [],
      );
      const approvals = "arn:aws:s3:::123456789012-panka-state/*/approvals/*";
      const puts = (role: string) =>
        policies[role].Statement.filter((s: any) => s.Action.includes("s3:PutObject") && s.Resource === approvals);
      assert.equal(
        ["deployer", "approver", "operator"].map((role) => puts(role).map((s: any) => s.Effect)),
        [["Deny"], ["Allow"], []],
        "who deploys writes no approvals",
      );
      const own = [
        "arn:aws:s3:::123456789012-panka-state",
        "arn:aws:s3:::123456789012-panka-state/*",
        approvals,
        "arn:aws:dynamodb:us-east-1:123456789012:table/panka-state-locks",
        "arn:aws:kms:us-east-1:123456789012:key/*",
      ];
      for (const role of ["deployer", "approver", "reader"])
        for (const { Sid, Resource, Condition } of policies[role].Statement) {
          assert.ok(own.includes(Resource), `${role} ${Sid}: ${JSON.stringify(Resource)}`);
          // Whose id is not known before it is made: the key of this alias alone.
          if (Resource.includes(":kms:"))
            assert.is(Condition["ForAnyValue:StringEquals"]["kms:ResourceAliases"], "alias/panka-state", role);
        }
    });
  });
});

test("credentials that AWS refuses are one error that says what to do", async () => {
  await inFolder(files, async (folder) => {
    const env = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y", AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_REGION: "us-east-1" };
    const done = await panka(folder, ["backend", "check", "-e", "cloud"], env);
    assert.is(done.code, 1);
    assert.match(done.stderr + done.stdout, /next: /);
    assert.not.match(done.stderr + done.stdout, /^\s+at /m);
  });
});

test("doctor names the region that a deploy would use: the stack's own wins over AWS_REGION", async () => {
  await withMoto(async (_endpoint, env) => {
    if (!hasPlugin()) return console.log("SKIP doctor's region through the official provider: no plugin");
    await inFolder(files, async (folder) => {
      assert.is((await panka(folder, ["backend", "create", "-e", "cloud", "--yes", "--no-kms"], env)).code, 0);
      const done = await panka(folder, ["doctor", "-e", "cloud"], { ...env, AWS_REGION: "eu-west-1" });
      assert.match(done.stdout, /provider: aws: account 123456789012, us-east-1/);
    });
  });
});

test.run();
