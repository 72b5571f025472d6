/** examples/platform, sixty components in eight services, on the official provider: its whole life. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inExample, jsonOf, linesOf, panka } from "../support/cli.js";
import { awsAll, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";

const CONFIG = `version: 1
environments:
  development: { provider: aws, backend: { type: local } }
  staging: { provider: aws }
  production: { provider: aws }
`;

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
      const before = counts(endpoint);

      const checked = await panka(folder, ["validate"], env);
      assert.is(checked.code, 0, checked.stdout + checked.stderr);
      assert.match(checked.stdout, /development, production, staging/);
      const plan = jsonOf(await run(["plan", "--json"]));
      assert.ok(plan.summary.create > 200, JSON.stringify(plan.summary));

      const created = await run(["deploy", "--yes", "--json"]);
      assert.is(created.code, 0, created.stdout.slice(-4000) + created.stderr.slice(-4000));
      assert.is(linesOf(created).pop().summary.create, plan.summary.create);
      const after = counts(endpoint);
      assert.equal(
        [after.queues, after.topics, after.tables, after.buckets, after.functions, after.apis, after.alarms],
        [16, 9, 8, 4, 8, 1, 1],
      );
      assert.is(Object.keys(jsonOf(await run(["outputs", "--json"])).result).length, 60);
      assert.match((await run(["deploy", "--yes"])).stdout, /No changes\. platform in development is up to date\./);

      const file = join(folder, "services/search/service.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace("displayName: Search events", "displayName: Found"));
      const changed = await run(["deploy", "--yes", "--json"]);
      assert.is(changed.code, 0, changed.stdout.slice(-4000) + changed.stderr.slice(-4000));
      const { summary } = linesOf(changed).pop();
      assert.equal([summary.create, summary.update, summary.replace, summary.delete], [0, 1, 0, 0]);

      const destroyed = await run(["destroy", "--yes"]);
      assert.is(destroyed.code, 0, destroyed.stdout.slice(-4000) + destroyed.stderr.slice(-4000));
      assert.equal(counts(endpoint), before);
    });
  });
});

test.run();
