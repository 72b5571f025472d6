/** A stack whose platform team set a key, tracing and a log stream: on the official provider, from the first deployment to the last. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws, hasAwsCli, hasMoto, hasPlugin, type Moto, startMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
backend: { type: local }
environments:
  cloud: { provider: aws }
`;

const watched = (key: string, stream: string, insights: boolean): string => `${stackHead("watched")}---
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
spec: { runtime: nodejs20.x, handler: index.handler, code: { zipFile: "exports.handler = async () => 1" } }
---
apiVersion: components.panka.io/v1
kind: Worker
metadata: { name: mailer }
spec:
  image: "public.ecr.aws/docker/library/busybox:1.36"
  uses: [{ component: jobs }, { component: files, access: read }]
  secrets: [{ name: TOKEN, secretRef: token }]
`;

const it = suite<{ moto?: Moto; why?: string }>("a watched stack on the official provider");
it.before(async (context) => {
  if (!hasMoto() || !hasPlugin() || !hasAwsCli()) context.why = "moto_server, the plugin or the AWS CLI is missing";
  else context.moto = await startMoto();
});
it.after(async (context) => {
  await context.moto?.stop();
});

it("is made under the key, traced, watched and delivered; changed; and gone", async ({ moto, why }) => {
  if (!moto) return console.log(`SKIP a watched stack: ${why}`);
  const list = (args: string[]): any => JSON.parse(aws(moto.endpoint, args) || "{}");
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
  const text = (insights: boolean) => watched(key, stream.DeliveryStreamARN, insights);
  await inFolder({ "stack.yaml": text(true), "panka.config.yaml": CONFIG }, async (folder) => {
    const run = (...args: string[]) => panka(folder, [...args, "-e", "cloud"], moto.env);
    fine(await run("deploy", "--yes"));
    for (const group of list(["logs", "describe-log-groups"]).logGroups) {
      assert.is(group.kmsKeyId, key, group.logGroupName);
      const { subscriptionFilters } = list(["logs", "describe-subscription-filters", "--log-group-name", group.logGroupName]);
      assert.is(subscriptionFilters[0]?.destinationArn, stream.DeliveryStreamARN);
    }
    const [cluster] = list(["ecs", "describe-clusters", "--clusters", list(["ecs", "list-clusters"]).clusterArns[0]]).clusters;
    assert.equal(cluster.settings, [{ name: "containerInsights", value: "enabled" }]);
    const [task] = list(["ecs", "list-task-definitions"]).taskDefinitionArns;
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
    fine(await run("destroy", "--yes"));
    assert.equal(list(["logs", "describe-log-groups"]).logGroups, []);
    assert.equal(list(["cloudwatch", "list-dashboards"]).DashboardEntries, []);
  });
});

it.run();
