/**
 * A stack whose platform team set a key, tracing and a log stream, and whose new versions are rolled out in stages and watched: on the
 * official provider, from the first deployment to the last.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, linesOf, panka, startPanka } from "../support/cli.js";
import { awsJson, hasAwsCli, hasMoto, hasPlugin, type Moto, startMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
backend: { type: local }
environments:
  cloud: { provider: aws }
`;

const CANARY = "strategy: canary, canary: { bakeMinutes: 20 }, rollback: { alarms: [pager], metrics: [{ metric: errors, above: 2 }] }";

const watched = (key: string, stream: string, insights: boolean, version: number): string => `${stackHead("watched")}---
apiVersion: infra.panka.io/v1
kind: Security
metadata: { name: security }
spec: { encryption: { kmsKey: "${key}", enforce: true } }
---
apiVersion: infra.panka.io/v1
kind: Observability
metadata: { name: observability }
spec:
  logging: { destination: "firehose:${stream}" }
  metrics: { containerInsights: ${insights} }
  tracing: { xray: true }
  dashboard: { enabled: true }
---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
---
apiVersion: components.panka.io/v1
kind: S3
metadata: { name: files }
---
apiVersion: components.panka.io/v1
kind: DynamoDB
metadata: { name: orders }
spec: { billingMode: PAY_PER_REQUEST, hashKey: { name: id, type: S } }
---
apiVersion: components.panka.io/v1
kind: Secret
metadata: { name: token }
---
apiVersion: components.panka.io/v1
kind: Lambda
metadata: { name: resize }
spec: { runtime: nodejs20.x, handler: index.handler, code: { zipFile: "exports.handler = async () => ${version}" }, deployment: { ${CANARY} } }
---
apiVersion: components.panka.io/v1
kind: MicroService
metadata: { name: api }
spec: { image: "public.ecr.aws/docker/library/busybox:1.3${version}", port: 8080, healthCheck: /up, deployment: { ${CANARY} } }
---
apiVersion: components.panka.io/v1
kind: Worker
metadata: { name: mailer }
spec:
  image: "public.ecr.aws/docker/library/busybox:1.36"
  uses: [{ component: jobs }, { component: files, access: read }]
  secrets: [{ name: TOKEN, secretRef: token }]
`;

const DEPLOY = ["deploy", "--yes", "--json", "-e", "cloud"];
const PAGER = [
  ...["--namespace", "N", "--metric-name", "M", "--statistic", "Sum", "--period", "60", "--evaluation-periods", "1"],
  ...["--threshold", "1", "--comparison-operator", "GreaterThanThreshold"],
];

/** How requests and calls are shared out: target groups, the weights of the rule that has some, the alias's version and its other one. */
function sharing(endpoint: string) {
  const ask = (...commands: string[][]): any[] => awsJson(endpoint, commands);
  const [{ LoadBalancers }, { Functions }, { TargetGroups }] = ask(
    ["elbv2", "describe-load-balancers"],
    ["lambda", "list-functions"],
    ["elbv2", "describe-target-groups"],
  );
  const [{ Listeners }, alias] = ask(
    ["elbv2", "describe-listeners", "--load-balancer-arn", LoadBalancers[0].LoadBalancerArn],
    ["lambda", "get-alias", "--function-name", Functions[0].FunctionName, "--name", "live"],
  );
  const [{ Rules }] = ask(["elbv2", "describe-rules", "--listener-arn", Listeners[0].ListenerArn]);
  const forward = Rules.flatMap((r: any) => r.Actions).find((a: any) => a.ForwardConfig?.TargetGroups?.length > 1)?.ForwardConfig;
  const weights = (forward?.TargetGroups ?? []).map((g: any) => g.Weight).sort((a: number, b: number) => b - a);
  return { groups: TargetGroups.length, weights, version: alias.FunctionVersion, routing: alias.RoutingConfig };
}

const it = suite<{ moto?: Moto; why?: string }>("a watched stack on the official provider");
it.before(async (context) => {
  if (!hasMoto() || !hasPlugin() || !hasAwsCli()) context.why = "moto_server, the plugin or the AWS CLI is missing";
  else context.moto = await startMoto({ MOTO_ECS_SERVICE_RUNNING: "1" });
});
it.after(async (context) => {
  await context.moto?.stop();
});

it("is made under the key, traced, watched and delivered; changed; and gone", async ({ moto, why }) => {
  if (!moto) return console.log(`SKIP a watched stack: ${why}`);
  const list = (args: string[]): any => awsJson(moto.endpoint, [args])[0];
  const key = list(["kms", "create-key"]).KeyMetadata.Arn as string;
  list(["s3api", "create-bucket", "--bucket", "delivered"]);
  const to = "RoleARN=arn:aws:iam::123456789012:role/delivery,BucketARN=arn:aws:s3:::delivered";
  const stream = list([
    "firehose",
    "create-delivery-stream",
    "--delivery-stream-name",
    "logs",
    "--extended-s3-destination-configuration",
    to,
  ]);
  list(["cloudwatch", "put-metric-alarm", "--alarm-name", "pager", ...PAGER]);
  const text = (insights: boolean, version = 6) => watched(key, stream.DeliveryStreamARN, insights, version);
  await inFolder({ "stack.yaml": text(true), "panka.config.yaml": CONFIG }, async (folder) => {
    const run = (...args: string[]) => panka(folder, [...args, "-e", "cloud"], moto.env);
    fine(await run("deploy", "--yes"));
    const { logGroups } = list(["logs", "describe-log-groups"]);
    const filters = logGroups.map((group: any) => ["logs", "describe-subscription-filters", "--log-group-name", group.logGroupName]);
    for (const [i, { subscriptionFilters }] of awsJson(moto.endpoint, filters).entries()) {
      assert.is(logGroups[i].kmsKeyId, key, logGroups[i].logGroupName);
      assert.is(subscriptionFilters[0]?.destinationArn, stream.DeliveryStreamARN);
    }
    const [cluster] = list(["ecs", "describe-clusters", "--clusters", list(["ecs", "list-clusters"]).clusterArns[0]]).clusters;
    assert.equal(cluster.settings, [{ name: "containerInsights", value: "enabled" }]);
    const [task] = list(["ecs", "list-task-definitions", "--family-prefix", "watched-cloud-app-mailer"]).taskDefinitionArns;
    const { containerDefinitions } = list(["ecs", "describe-task-definition", "--task-definition", task]).taskDefinition;
    assert.equal(
      containerDefinitions.map((c: any) => c.name),
      ["mailer", "trace-collector"],
    );
    assert.is(list(["cloudwatch", "list-dashboards"]).DashboardEntries.length, 1);
    assert.match(fine(await run("deploy", "--yes")).stdout, /No changes/);

    writeFileSync(join(folder, "stack.yaml"), text(false));
    const { changes } = jsonOf(await run("plan", "--json"));
    assert.equal(
      changes.filter((c: any) => c.action !== "same").map((c: any) => [c.type, c.action]),
      [["aws:ecs/cluster:Cluster", "update"]],
    );
    fine(await run("deploy", "--yes"));

    writeFileSync(join(folder, "stack.yaml"), text(false, 7));
    const staged = fine(await panka(folder, DEPLOY, { ...moto.env, PANKA_MINUTE_MS: "50" }));
    assert.equal(
      linesOf(staged).flatMap((l) => (l.type === "stage" ? [l.components.length] : [])),
      [2, 2, 1, 2],
    );
    const unseen = linesOf(staged).filter((l) => l.type === "diagnostic" && ["tasks-unseen", "not-steady"].includes(l.code));
    assert.equal(unseen, [], "the tasks of both versions are looked at while it is watched");
    assert.equal(sharing(moto.endpoint), { groups: 1, weights: [], version: "2", routing: undefined });

    writeFileSync(join(folder, "stack.yaml"), text(false, 8));
    const doomed = startPanka(folder, DEPLOY, { ...moto.env, PANKA_MINUTE_MS: "60000" });
    let seen: unknown;
    doomed.child.stdout?.on("data", (lines) => {
      if (seen !== undefined || !String(lines).includes('"type":"bake"')) return;
      seen = sharing(moto.endpoint);
      list(["cloudwatch", "set-alarm-state", "--alarm-name", "pager", "--state-value", "ALARM", "--state-reason", "a test"]);
    });
    const back = await doomed.done;
    assert.equal(seen, { groups: 2, weights: [90, 10], version: "2", routing: { AdditionalVersionWeights: { "3": 0.1 } } });
    assert.is(back.code, 6, back.stdout + back.stderr);
    assert.is(linesOf(back).at(-1).diagnostics[0].code, "alarm-raised");
    assert.equal(sharing(moto.endpoint), { groups: 1, weights: [], version: "4", routing: undefined });
    fine(await run("destroy", "--yes"));
    const [{ logGroups: groups }, { DashboardEntries }] = awsJson(moto.endpoint, [
      ["logs", "describe-log-groups"],
      ["cloudwatch", "list-dashboards"],
    ]);
    assert.equal([groups, DashboardEntries], [[], []]);
  });
});

it.run();
