import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws } from "../support/moto.js";
import { pulumiSuite } from "../support/pulumi.js";
import { stackHead } from "../support/stack-text.js";

const config = (engine: string, backend: string): string => `version: 1
engine: ${engine}
backend: ${backend}
environments:
  cloud: { provider: aws }
`;
const S3 = `{ type: s3, bucket: panka-state-test, region: us-east-1, encryption: "file:state.key" }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }`;
const LOCAL = "{ type: local }";

/** A stack of resources, each `name: type, props`. */
function stack(name: string, resources: Record<string, [string, string]>): string {
  const one = ([id, [type, props]]: [string, [string, string]]): string => `---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: ${id} }
spec: { type: "${type}", props: { ${props} } }
`;
  return stackHead(name) + Object.entries(resources).map(one).join("");
}

const TOPIC = "aws:sns/topic:Topic";
const PARAMETER = "aws:ssm/parameter:Parameter";
const DEPLOY = ["deploy", "--yes", "-e", "cloud"];

/** Names of the topics of a stack. */
function topics(endpoint: string, prefix: string): string[] {
  const { Topics } = JSON.parse(aws(endpoint, ["sns", "list-topics"])) as { Topics: { TopicArn: string }[] };
  return Topics.map((t) => t.TopicArn.split(":").pop() ?? "")
    .filter((n) => n.startsWith(prefix))
    .sort();
}

const it = pulumiSuite("the Pulumi engine, with the real CLI");

it("makes, leaves alone, changes, replaces and deletes what the stack says; state in S3 under pulumi/<fence>/", async ({ world, why }) => {
  if (!world) return console.log(`SKIP a stack's life with the Pulumi engine: ${why}`);
  const { moto, env } = world;
  const first = stack("life", {
    news: [TOPIC, "displayName: one"],
    own: [TOPIC, "name: life-own-name"],
    where: [PARAMETER, 'type: String, value: "at ${news.arn}"'],
  });
  await inFolder(
    { "panka.config.yaml": config("pulumi", S3), "stack.yaml": first, "state.key": `${"ab".repeat(32)}\n` },
    async (folder) => {
      chmodSync(join(folder, "state.key"), 0o600);
      fine(await panka(folder, ["backend", "create", "-e", "cloud", "--yes", "--no-kms"], env));
      fine(await panka(folder, DEPLOY, env));
      assert.is(topics(moto.endpoint, "life-").length, 2);
      const keys = aws(moto.endpoint, [
        "s3api",
        "list-objects-v2",
        "--bucket",
        "panka-state-test",
        "--prefix",
        "stacks/life/cloud/pulumi/",
      ]);
      assert.match(keys, /pulumi\/\d{10}\/\.pulumi\/stacks\/life\/cloud\.json/);

      assert.match(fine(await panka(folder, DEPLOY, env)).stdout, /No changes\./);

      writeFileSync(
        join(folder, "stack.yaml"),
        stack("life", {
          news: [TOPIC, "fifoTopic: true"],
          own: [TOPIC, "name: life-own-name, kmsMasterKeyId: alias/aws/sns"],
          where: [PARAMETER, 'type: String, value: "at ${news.arn}"'],
        }),
      );
      const plan = jsonOf(await panka(folder, ["plan", "-e", "cloud", "--json"], env));
      assert.equal((plan.result ?? plan).summary, { create: 0, update: 2, replace: 1, delete: 0, same: 0 });
      fine(await panka(folder, DEPLOY, env));
      const after = topics(moto.endpoint, "life-");
      assert.is(after.length, 2, after.join());
      assert.is(after.filter((n) => n.endsWith(".fifo")).length, 1, "the new one stands, the old one is gone");

      writeFileSync(join(folder, "stack.yaml"), stack("life", { own: [TOPIC, "name: life-own-name, tags: { a: b }"] }));
      fine(await panka(folder, DEPLOY, env));
      assert.equal(topics(moto.endpoint, "life-"), ["life-own-name"]);

      fine(await panka(folder, ["destroy", "--yes", "-e", "cloud"], env));
      assert.equal(topics(moto.endpoint, "life-"), []);
    },
  );
});

it("a step that fails is named with what AWS said; the others are done, and the next run ends it", async ({ world, why }) => {
  if (!world) return console.log(`SKIP a failed step with the Pulumi engine: ${why}`);
  const { env, moto } = world;
  const bad = stack("fail", {
    good: [TOPIC, "displayName: good"],
    bad: ["aws:ec2/subnet:Subnet", "vpcId: vpc-0badbadbadbadbad0, cidrBlock: 10.0.0.0/24"],
    user: [TOPIC, 'displayName: "${bad.arn}"'],
  });
  await inFolder({ "panka.config.yaml": config("pulumi", LOCAL), "stack.yaml": bad }, async (folder) => {
    const failed = await panka(folder, DEPLOY, env);
    assert.is(failed.code, 1, failed.stdout + failed.stderr);
    assert.match(failed.stdout + failed.stderr, /app\/bad/);
    assert.match(
      failed.stdout + failed.stderr,
      /stack\.yaml:\d+:1 {2}error {2}app\/bad: could not create subnet: .*VpcID vpc-0badbadbadbadbad0 does not exist/,
    );
    assert.is(topics(moto.endpoint, "fail-").length, 1, "what does not need it was made");
    writeFileSync(
      join(folder, "stack.yaml"),
      stack("fail", {
        good: [TOPIC, "displayName: good"],
        bad: [TOPIC, "displayName: mended"],
        user: [TOPIC, 'displayName: "${bad.id}"'],
      }),
    );
    fine(await panka(folder, DEPLOY, env));
    assert.is(topics(moto.endpoint, "fail-").length, 3);
    assert.is(readdirSync(join(folder, ".panka", "stacks", "fail", "cloud", "pulumi")).length, 2, "older checkpoints are tidied away");
  });
});

it("a state of the other engine is refused; a switch hands it over and back, and neither engine would change a thing", async ({
  world,
  why,
}) => {
  if (!world) return console.log(`SKIP switching engines both ways: ${why}`);
  const { env, moto } = world;
  const pair = stack("pair", { one: [TOPIC, "displayName: one"], two: [PARAMETER, 'type: SecureString, value: "${one.arn}"'] });
  await inFolder({ "panka.config.yaml": config("embedded", LOCAL), "stack.yaml": pair }, async (folder) => {
    fine(await panka(folder, DEPLOY, env));
    const made = topics(moto.endpoint, "pair-");
    for (const [from, to] of [
      ["embedded", "pulumi"],
      ["pulumi", "embedded"],
    ] as const) {
      writeFileSync(join(folder, "panka.config.yaml"), config(to, LOCAL));
      const refused = await panka(folder, DEPLOY, env);
      assert.is(refused.code, 2, refused.stdout + refused.stderr);
      assert.match(refused.stdout + refused.stderr, new RegExp(`panka engine switch ${to}`));
      writeFileSync(join(folder, "panka.config.yaml"), config(from, LOCAL));
      assert.match(fine(await panka(folder, ["engine", "switch", to, "-e", "cloud"], env)).stdout, /would change none/);
      writeFileSync(join(folder, "panka.config.yaml"), config(to, LOCAL));
      assert.match(fine(await panka(folder, DEPLOY, env)).stdout, /No changes\./);
      writeFileSync(join(folder, "stack.yaml"), pair.replace(/displayName: \w+/, `displayName: by-${to}`));
      const plan = jsonOf(await panka(folder, ["plan", "-e", "cloud", "--json"], env));
      assert.is((plan.result ?? plan).summary.update, 1);
      fine(await panka(folder, DEPLOY, env));
      assert.equal(topics(moto.endpoint, "pair-"), made);
    }
    fine(await panka(folder, ["destroy", "--yes", "-e", "cloud"], env));
  });
});

it("both engines plan one change alike, and leave the same things", async ({ world, why }) => {
  if (!world) return console.log(`SKIP comparing the engines: ${why}`);
  const { env, moto } = world;
  const before = {
    news: [TOPIC, "displayName: one"],
    old: [TOPIC, "displayName: old"],
    where: [PARAMETER, 'type: String, value: "at ${news.arn}"'],
  };
  const after = { news: [TOPIC, "fifoTopic: true"], where: [PARAMETER, 'type: String, value: "at ${news.arn}", description: more'] };
  const ends: unknown[] = [];
  for (const engine of ["embedded", "pulumi"]) {
    // The lineage differs, and so do the hashes in names and tags.
    const masked = (of: unknown): unknown => JSON.parse(JSON.stringify(of).replace(/-[a-z2-7]{8}(?=[".])|[0-9a-f]{8}-[0-9a-f-]{27}/g, "*"));
    await inFolder({ "panka.config.yaml": config(engine, LOCAL), "stack.yaml": stack("same", before as never) }, async (folder) => {
      fine(await panka(folder, DEPLOY, env));
      writeFileSync(join(folder, "stack.yaml"), stack("same", after as never));
      const plan = jsonOf(await panka(folder, ["plan", "-e", "cloud", "--json"], env));
      fine(await panka(folder, DEPLOY, env));
      ends.push({ changes: masked((plan.result ?? plan).changes), topics: masked(topics(moto.endpoint, "same-")) });
      fine(await panka(folder, ["destroy", "--yes", "-e", "cloud"], env));
    });
  }
  assert.equal(ends[1], ends[0]);
});

it.run();
