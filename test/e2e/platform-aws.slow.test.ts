/** examples/platform, sixty components in eight services, on the official provider: its whole life. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fine, inExample, jsonOf, linesOf, panka } from "../support/cli.js";
import { awsAll, hasAwsCli, hasPlugin, MORE_CALLS, withMoto } from "../support/moto.js";

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

/** Environments whose whole life is played; `production` needs a quarter of an hour. */
const ENVIRONMENTS = (process.env.PANKA_PLATFORM_ENVIRONMENTS ?? "development").split(",");

type Run = (...args: string[]) => ReturnType<typeof panka>;

/** The summary of a deploy or destroy that must succeed. */
function summaryOf(done: Awaited<ReturnType<Run>>): { [action: string]: number } {
  assert.is(done.code, 0, done.stdout.slice(-4000) + done.stderr.slice(-4000));
  return linesOf(done).pop().summary;
}

/** Flags that let go what production protects, by component: `service/name` of all recorded things, or of those named. */
async function allowed(run: Run, flag: string, components?: string[]): Promise<string[]> {
  const { resources } = jsonOf(fine(await run("state", "pull")));
  const kept = Object.keys(resources).filter((urn) => resources[urn].protect);
  const names = new Set(kept.map((urn) => urn.split("::").at(-1)?.split("/").slice(0, 2).join("/") as string));
  return [...names].filter((name) => !components || components.includes(name)).flatMap((name) => [flag, name]);
}

/** Deployed, found unchanged, changed, destroyed; nothing is left of it. `planned`: how many resources its plan makes; `scaled`: whether some scale. */
async function life(folder: string, endpoint: string, { planned, scaled }: { planned: number; scaled: boolean }, run: Run): Promise<void> {
  const before = counts(endpoint);
  assert.is(summaryOf(await run("deploy", "--yes", "--json")).create, planned);
  const after = counts(endpoint);
  const made = Object.fromEntries(Object.entries(after).map(([what, n]) => [what, n - Number(before[what])]));
  assert.equal([made.queues, made.topics, made.tables, made.buckets, made.functions, made.apis], [16, 9, 8, 4, 8, 1]);
  // Elsewhere those of the scaling, which AWS makes itself, are added.
  assert.ok(scaled ? Number(made.alarms) > 1 : made.alarms === 1, String(made.alarms));
  assert.is(Object.keys(jsonOf(await run("outputs", "--json")).result).length, 60);
  assert.match((await run("deploy", "--yes")).stdout, /No changes\. platform in \w+ is up to date\./);

  // One thing is renamed, one resized, one replaced, one more made, and one taken away.
  const file = join(folder, "services/search/service.yaml");
  const text = readFileSync(file, "utf8");
  for (const [from] of CHANGES) assert.ok(text.includes(from), from);
  writeFileSync(
    file,
    CHANGES.reduce((before, [from, to]) => before.replace(from, to), text),
  );
  const allow = [...(await allowed(run, "--allow-replace", ["search/table"])), ...(await allowed(run, "--allow-delete", ["search/files"]))];
  if (allow.length > 0) {
    const refused = await run("deploy", "--yes", "--json");
    assert.is(refused.code, 5, refused.stdout.slice(-4000));
    const named = linesOf(refused)
      .pop()
      .diagnostics.map((d: any) => d.path);
    assert.equal(named, ["search/table", "search/files"]);
  }
  const changed = summaryOf(await run("deploy", "--yes", "--json", ...allow));
  assert.ok(
    ["create", "update", "replace", "delete"].every((action) => Number(changed[action]) > 0),
    JSON.stringify(changed),
  );
  assert.equal([counts(endpoint).queues, counts(endpoint).buckets], [Number(after.queues) + 1, Number(after.buckets) - 1]);
  writeFileSync(file, text);

  summaryOf(await run("destroy", "--yes", "--json", ...(await allowed(run, "--allow-delete"))));
  assert.equal(counts(endpoint), before);
}

test(`the platform validates and plans in three environments, deploys, changes and is destroyed in ${ENVIRONMENTS.join(", ")} through the official provider`, async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP the platform on the official provider: plugin or AWS CLI is missing");
    await inExample("platform/yaml", async (folder) => {
      writeFileSync(join(folder, "panka.config.yaml"), CONFIG);
      const runIn =
        (environment: string): Run =>
        (...args) =>
          panka(folder, [...args, "-e", environment], env);

      const checked = await panka(folder, ["validate"], env);
      assert.is(checked.code, 0, checked.stdout + checked.stderr);
      assert.match(checked.stdout, /development, production, staging/);
      // Its state may not be on one machine.
      fine(await runIn("production")("backend", "create", "--yes", "--no-kms"));
      const plans: { [environment: string]: any } = {};
      for (const environment of ["development", "staging", "production"])
        plans[environment] = jsonOf(await runIn(environment)("plan", "--json"));
      const { development, staging, production } = plans;
      assert.ok(development.summary.create > 200, JSON.stringify(development.summary));
      // Staging has other sizes, production also private subnets, protection and backups.
      assert.ok(staging.summary.create >= development.summary.create, JSON.stringify(staging.summary));
      assert.ok(production.summary.create > staging.summary.create, JSON.stringify(production.summary));
      const made = (p: any, what: string) => p.changes.some((c: any) => c.action === "create" && c.urn.includes(what));
      assert.equal(
        [development, staging, production].map((p) => made(p, "aws:ec2/natGateway:NatGateway")),
        [false, false, true],
      );
      for (const environment of ENVIRONMENTS) {
        const started = performance.now();
        const expected = {
          planned: plans[environment].summary.create,
          scaled: made(plans[environment], "aws:appautoscaling/target:Target"),
        };
        await life(folder, endpoint, expected, runIn(environment));
        console.log(
          `FIGURES ${environment}: ${plans[environment].summary.create} resources, its life in ${Math.round((performance.now() - started) / 1000)} s`,
        );
      }
    });
  }, MORE_CALLS);
});

test.run();
