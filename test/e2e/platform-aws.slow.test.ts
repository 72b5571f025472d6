/** examples/platform, sixty components in eight services, on the official provider: its whole life. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fine, inExample, jsonOf, linesOf, panka } from "../support/cli.js";
import { awsAll, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";

const CONFIG = `version: 1
environments:
  development: { provider: aws, backend: { type: local } }
  staging: { provider: aws, backend: { type: local } }
  production: { provider: aws }
`;

/** What is changed of the service search. */
const CHANGES: [from: string, to: string][] = [
  ["displayName: Search events", "displayName: Found"],
  ["spec: { visibilityTimeout: 60 }", "spec: { visibilityTimeout: 90, deadLetterQueue: { maxReceiveCount: 3 } }"],
  ["hashKey: { name: id, type: S }", "hashKey: { name: key, type: S }"],
  ["---\napiVersion: components.panka.io/v1\nkind: S3\nmetadata: { name: files }\nspec: { versioning: { enabled: true } }\n", ""],
];

/** What the AWS CLI lists of some of the kinds of things that the stack makes, counted. */
function counts(endpoint: string): { [what: string]: number } {
  const lists: [what: string, command: string, field: string][] = [
    ["queues", "sqs list-queues", "QueueUrls"],
    ["topics", "sns list-topics", "Topics"],
    ["tables", "dynamodb list-tables", "TableNames"],
    ["buckets", "s3api list-buckets", "Buckets"],
    ["functions", "lambda list-functions", "Functions"],
    ["roles", "iam list-roles", "Roles"],
    ["logs", "logs describe-log-groups", "logGroups"],
    ["apis", "apigatewayv2 get-apis", "Items"],
    ["alarms", "cloudwatch describe-alarms", "MetricAlarms"],
  ];
  const texts = awsAll(
    endpoint,
    lists.map(([, command]) => command.split(" ")),
  );
  return Object.fromEntries(lists.map(([what, , field], i) => [what, texts[i]?.trim() ? (JSON.parse(texts[i])[field] ?? []).length : 0]));
}

test("the platform validates, plans, deploys, changes and is destroyed through the official provider", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP the platform on the official provider: plugin or AWS CLI is missing");
    await inExample("platform/yaml", async (folder) => {
      writeFileSync(join(folder, "panka.config.yaml"), CONFIG);
      const run = (args: string[]) => panka(folder, [...args, "-e", "development"], env);

      const checked = await panka(folder, ["validate"], env);
      assert.is(checked.code, 0, checked.stdout + checked.stderr);
      assert.match(checked.stdout, /development, production, staging/);
      const plan = jsonOf(await run(["plan", "--json"]));
      assert.ok(plan.summary.create > 200, JSON.stringify(plan.summary));
      // Staging has other sizes, production also private subnets, protection and backups.
      const staging = jsonOf(await panka(folder, ["plan", "--json", "-e", "staging"], env));
      // Its state may not be on one machine.
      fine(await panka(folder, ["backend", "create", "-e", "production", "--yes", "--no-kms"], env));
      const production = jsonOf(await panka(folder, ["plan", "--json", "-e", "production"], env));
      assert.ok(staging.summary.create >= plan.summary.create, JSON.stringify(staging.summary));
      assert.ok(production.summary.create > staging.summary.create, JSON.stringify(production.summary));
      const made = (p: any, what: string) => p.changes.some((c: any) => c.action === "create" && c.urn.includes(what));
      assert.equal(
        [plan, staging, production].map((p) => made(p, "aws:ec2/natGateway:NatGateway")),
        [false, false, true],
      );

      const before = counts(endpoint);
      const created = await run(["deploy", "--yes", "--json"]);
      assert.is(created.code, 0, created.stdout.slice(-4000) + created.stderr.slice(-4000));
      assert.is(linesOf(created).pop().summary.create, plan.summary.create);
      const after = counts(endpoint);
      assert.equal(
        [after.queues, after.topics, after.tables, after.buckets, after.functions, after.apis, after.alarms],
        // One table and one bucket are the back end's.
        [16, 9, 9, 5, 8, 1, 1],
      );
      assert.is(Object.keys(jsonOf(await run(["outputs", "--json"])).result).length, 60);
      assert.match((await run(["deploy", "--yes"])).stdout, /No changes\. platform in development is up to date\./);

      // One thing is renamed, one resized, one replaced, one more made, and one taken away.
      const file = join(folder, "services/search/service.yaml");
      const text = readFileSync(file, "utf8");
      const other = CHANGES.reduce((before, [from, to]) => before.replace(from, to), text);
      for (const [from] of CHANGES) assert.ok(text.includes(from), from);
      writeFileSync(file, other);
      const changed = await run(["deploy", "--yes", "--json"]);
      assert.is(changed.code, 0, changed.stdout.slice(-4000) + changed.stderr.slice(-4000));
      const { summary } = linesOf(changed).pop();
      assert.ok(
        [summary.create, summary.update, summary.replace, summary.delete].every((n) => n > 0),
        JSON.stringify(summary),
      );
      assert.equal([counts(endpoint).queues, counts(endpoint).buckets], [Number(after.queues) + 1, Number(after.buckets) - 1]);

      const destroyed = await run(["destroy", "--yes"]);
      assert.is(destroyed.code, 0, destroyed.stdout.slice(-4000) + destroyed.stderr.slice(-4000));
      assert.equal(counts(endpoint), before);
    });
  });
});

test.run();
