import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Finished, inExample, linesOf, panka } from "../support/cli.js";
import { aws, hasAwsCli } from "../support/moto.js";
import { startPulumiWorld, whyNoPulumi } from "../support/pulumi.js";

const CONFIG = `version: 1
engine: pulumi
backend: { type: s3, bucket: panka-state-test, region: us-east-1 }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }
environments:
  development: { provider: aws }
`;
const BACKEND = "backend create --yes --bucket panka-state-test --table panka-state-locks --region us-east-1".split(" ");

const fine = (f: Finished): Finished => {
  assert.is(f.code, 0, f.stdout.slice(-4000) + f.stderr.slice(-4000));
  return f;
};

test("user-platform is deployed, changed in place, rolled forward and destroyed by Pulumi; state under pulumi/<fence>/, its lock in DynamoDB", async () => {
  const why = whyNoPulumi() ?? (hasAwsCli() ? undefined : "the AWS CLI is missing");
  if (why) return console.log(`SKIP user-platform with the Pulumi engine: ${why}`);
  const { moto, env, stop } = await startPulumiWorld();
  const ask = (...args: string[]): any => JSON.parse(aws(moto.endpoint, args) || "{}");
  try {
    await inExample("user-platform/typescript", async (folder) => {
      const deploy = (...more: string[]) => panka(folder, ["deploy", "--yes", "-e", "development", ...more], env);
      writeFileSync(join(folder, "panka.config.yaml"), CONFIG);
      fine(await panka(folder, BACKEND, env));

      const result = linesOf(fine(await deploy("--json"))).pop();
      assert.ok(result.summary.create > 30, JSON.stringify(result.summary));
      const keys: string[] = ask("s3api", "list-objects-v2", "--bucket", "panka-state-test").Contents.map((o: any) => o.Key);
      const checkpoint = keys.filter((key) => /\/pulumi\/\d{10}\/\.pulumi\/stacks\/user-platform\/development\.json$/.test(key));
      assert.is(checkpoint.length, 1, keys.join("\n"));
      const items = ask("dynamodb", "scan", "--table-name", "panka-state-locks").Items.map((i: any) => i.lockKey.S);
      assert.ok(items.includes("fence#user-platform/development"), items.join());
      assert.not.ok(items.includes("stack:user-platform:env:development"), "the lock is given back");

      assert.match(fine(await deploy()).stdout, /No changes\. user-platform in development is up to date\./);

      const source = readFileSync(join(folder, "stack.ts"), "utf8");
      writeFileSync(join(folder, "stack.ts"), source.replace("visibilityTimeout: 120", "visibilityTimeout: 240"));
      const { summary } = linesOf(fine(await deploy("--json"))).pop();
      assert.equal([summary.create, summary.update, summary.replace, summary.delete], [0, 1, 0, 0]);
      const queue = ask("sqs", "list-queues").QueueUrls.find((q: string) => !q.includes("dead-letter"));
      const timeout = () => ask("sqs", "get-queue-attributes", "--queue-url", queue, "--attribute-names", "VisibilityTimeout").Attributes;
      assert.is(timeout().VisibilityTimeout, "240");
      writeFileSync(join(folder, "stack.ts"), source);
      fine(await deploy());
      assert.is(timeout().VisibilityTimeout, "120");

      fine(await panka(folder, ["destroy", "--yes", "-e", "development"], env));
      assert.equal(ask("sqs", "list-queues").QueueUrls ?? [], []);
      assert.equal(ask("lambda", "list-functions").Functions, []);
      assert.equal(ask("rds", "describe-db-instances").DBInstances, []);
      assert.equal(ask("elbv2", "describe-load-balancers").LoadBalancers, []);
    });
  } finally {
    await stop();
  }
});

test.run();
