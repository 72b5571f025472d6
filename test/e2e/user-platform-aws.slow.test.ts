import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inExample, jsonOf, linesOf, panka } from "../support/cli.js";
import { aws, awsAll, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";

const CONFIG = `version: 1
backend: { type: s3, bucket: panka-state-test, region: us-east-1, encryption: "file:state.key" }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }
environments:
  development: { provider: aws }
`;

/** A deleted cluster is still listed for a while, as INACTIVE. */
function activeClusters(endpoint: string): string[] {
  const { clusterArns } = JSON.parse(aws(endpoint, ["ecs", "list-clusters"]));
  if (clusterArns.length === 0) return [];
  const { clusters } = JSON.parse(aws(endpoint, ["ecs", "describe-clusters", "--clusters", ...clusterArns]));
  return clusters.filter((c: any) => c.status === "ACTIVE").map((c: any) => c.clusterArn);
}

/** What the AWS CLI lists of the kinds of things that the stack makes; the back end's own table and bucket left out. */
function listing(endpoint: string): Record<string, string[]> {
  const lists: [what: string, command: string, pick: (reply: any) => string[]][] = [
    ["queues", "sqs list-queues", (r) => r.QueueUrls ?? []],
    ["topics", "sns list-topics", (r) => r.Topics.map((t: any) => t.TopicArn)],
    ["buckets", "s3api list-buckets", (r) => r.Buckets.map((b: any) => b.Name).filter((n: string) => n !== "panka-state-test")],
    ["tables", "dynamodb list-tables", (r) => r.TableNames.filter((n: string) => n !== "panka-state-locks")],
    ["databases", "rds describe-db-instances", (r) => r.DBInstances.map((d: any) => d.DBInstanceIdentifier)],
    ["functions", "lambda list-functions", (r) => r.Functions.map((f: any) => f.FunctionName)],
    ["services", "elbv2 describe-load-balancers", (r) => r.LoadBalancers.map((l: any) => l.LoadBalancerName)],
    ["targets", "elbv2 describe-target-groups", (r) => r.TargetGroups.map((t: any) => t.TargetGroupName)],
    ["roles", "iam list-roles", (r) => r.Roles.map((x: any) => x.RoleName)],
    ["logs", "logs describe-log-groups", (r) => r.logGroups.map((g: any) => g.logGroupName)],
    ["apis", "apigatewayv2 get-apis", (r) => r.Items.map((a: any) => a.Name)],
    ["rules", "events list-rules", (r) => r.Rules.map((x: any) => x.Name)],
    ["vpcs", "ec2 describe-vpcs", (r) => r.Vpcs.map((v: any) => v.VpcId)],
    ["groups", "ec2 describe-security-groups", (r) => r.SecurityGroups.map((g: any) => g.GroupId)],
    ["gateways", "ec2 describe-internet-gateways", (r) => r.InternetGateways.map((g: any) => g.InternetGatewayId)],
  ];
  const texts = awsAll(
    endpoint,
    lists.map(([, command]) => command.split(" ")),
  );
  const found = lists.map(([what, , pick], i) => [what, texts[i]?.trim() ? pick(JSON.parse(texts[i])).sort() : []]);
  return { ...Object.fromEntries(found), clusters: activeClusters(endpoint) };
}

test("user-platform is created, changed, rolled forward and destroyed through the official provider; the second deploy starts nothing", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP user-platform on the official provider: plugin or AWS CLI is missing");
    await inExample("user-platform/typescript", async (folder) => {
      writeFileSync(join(folder, "panka.config.yaml"), CONFIG);
      const backend = [
        "backend",
        "create",
        "--yes",
        "--bucket",
        "panka-state-test",
        "--table",
        "panka-state-locks",
        "--region",
        "us-east-1",
        "--no-kms",
      ];
      const made = await panka(folder, backend, env);
      assert.is(made.code, 0, made.stdout + made.stderr);
      const before = listing(endpoint);

      const created = await panka(folder, ["deploy", "--yes", "-e", "development", "--json"], env);
      assert.is(created.code, 0, created.stdout.slice(-4000) + created.stderr.slice(-4000));
      const result = linesOf(created).pop();
      assert.is(result.type, "result");
      assert.ok(result.summary.create > 30, JSON.stringify(result.summary));
      const after = listing(endpoint);
      assert.is(after.queues?.length, 2);
      assert.is(after.topics?.length, 1);
      assert.is(after.buckets?.length, 1);
      assert.is(after.databases?.length, 1);
      assert.is(after.functions?.length, 1);
      assert.is(after.clusters?.length, 1);
      const objects = aws(endpoint, ["s3api", "list-objects-v2", "--bucket", "panka-state-test"]);
      assert.match(objects, /stacks\/user-platform\/development\/state\.json/);

      const again = await panka(folder, ["deploy", "--yes", "-e", "development"], {
        ...env,
        PANKA_PLUGIN_DIR: join(folder, "no-plugin-here"),
      });
      assert.is(again.code, 0, again.stdout + again.stderr);
      assert.match(again.stdout, /No changes\. user-platform in development is up to date\./);

      const source = readFileSync(join(folder, "stack.ts"), "utf8");
      writeFileSync(join(folder, "stack.ts"), source.replace("visibilityTimeout: 120", "visibilityTimeout: 240"));
      const plan = jsonOf(await panka(folder, ["plan", "-e", "development", "--json"], env));
      assert.equal(
        plan.changes.filter((c: any) => c.action !== "same").map((c: any) => [c.component, c.action, c.properties.map((p: any) => p.path)]),
        [["notification-service/outbox", "update", ["visibilityTimeoutSeconds"]]],
      );
      const changed = await panka(folder, ["deploy", "--yes", "-e", "development"], env);
      assert.is(changed.code, 0, changed.stdout + changed.stderr);
      const main = (after.queues ?? []).find((q) => !q.includes("dead-letter")) ?? "";
      const attributes = JSON.parse(
        aws(endpoint, ["sqs", "get-queue-attributes", "--queue-url", main, "--attribute-names", "VisibilityTimeout"]),
      );
      assert.is(attributes.Attributes.VisibilityTimeout, "240");

      writeFileSync(join(folder, "stack.ts"), source);
      const forward = await panka(folder, ["deploy", "--yes", "-e", "development"], env);
      assert.is(forward.code, 0, forward.stdout + forward.stderr);

      const destroyed = await panka(folder, ["destroy", "--yes", "-e", "development"], env);
      assert.is(destroyed.code, 0, destroyed.stdout.slice(-4000) + destroyed.stderr.slice(-4000));
      assert.equal(listing(endpoint), before);
    });
  });
});

test.run();
