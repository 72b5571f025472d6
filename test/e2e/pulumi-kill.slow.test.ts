import { suite } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka, type Running, startPanka } from "../support/cli.js";
import { aws, hasAwsCli } from "../support/moto.js";
import { type PulumiWorld, startPulumiWorld, whyNoPulumi } from "../support/pulumi.js";
import { servePulumiPlugin } from "../support/pulumi-plugin.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
engine: pulumi
backend: { type: local }
environments:
  cloud: { provider: aws }
`;

/** Two networks and a topic: networks are found again by tag only, so a second one would be seen. */
const stack = (name: string): string => `${stackHead(name)}---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: one }
spec: { type: "aws:ec2/vpc:Vpc", props: { cidrBlock: 10.8.0.0/16, tags: { Name: ${name} } } }
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: two }
spec: { type: "aws:ec2/vpc:Vpc", props: { cidrBlock: 10.9.0.0/16, tags: { Name: ${name} } } }
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: news }
spec: { type: "aws:sns/topic:Topic", props: { displayName: "\${two.id}" } }
`;

const DEPLOY = ["deploy", "--yes", "-e", "cloud"];
/** Ten moments of a run at which everything stops, and which time they are passed. */
const MOMENTS = [
  "barrier:after-head",
  "journal:before-intent@2",
  "journal:intent-durable",
  "journal:intent-durable@3",
  "journal:call-sent@2",
  "journal:call-sent@3",
  "journal:reply-received@2",
  "journal:done-written@2",
  "commit:before-history",
  "commit:after-state",
];

/** Ids that the cloud holds of a stack, sorted. */
function cloud(endpoint: string, name: string): string[] {
  const list = (args: string[]): any => JSON.parse(aws(endpoint, args));
  return [
    ...list(["sns", "list-topics"])
      .Topics.map((t: any) => t.TopicArn)
      .filter((arn: string) => arn.split(":").pop()?.startsWith(`${name}-`)),
    ...list(["ec2", "describe-vpcs", "--filters", `Name=tag:Name,Values=${name}`]).Vpcs.map((v: any) => v.VpcId),
  ].sort();
}

/** Ids that are recorded, sorted. */
async function recorded(folder: string, env: Record<string, string>): Promise<string[]> {
  const shown = jsonOf(await panka(folder, ["state", "show", "-e", "cloud", "--json"], env)).result;
  return Object.values(shown.resources as Record<string, { id: string }>)
    .map((r) => r.id)
    .sort();
}

const it = suite<{ world?: PulumiWorld; why?: string | undefined }>("kill -9 and lost locks with the Pulumi engine");
it.before(async (context) => {
  context.why = whyNoPulumi() ?? (hasAwsCli() ? undefined : "the AWS CLI is missing");
  if (!context.why) context.world = await startPulumiWorld({ slow: 300 });
});
it.after(async (context) => {
  await context.world?.stop();
});

for (const [index, moment] of MOMENTS.entries()) {
  it(`killed at ${moment}, the next deploy leaves nothing orphaned, nothing twice, nothing lost`, async ({ world, why }) => {
    if (!world) return console.log(`SKIP the Pulumi engine killed at ${moment}: ${why}`);
    const { env, moto } = world;
    const name = `pk${index}`;
    await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stack(name) }, async (folder) => {
      const killed = await panka(folder, DEPLOY, { ...env, PANKA_FAULT: moment });
      assert.is(killed.signal, "SIGKILL", `the moment never came:\n${killed.stdout}\n${killed.stderr}`);
      const again = await panka(folder, DEPLOY, env);
      assert.is(again.code, 0, `${again.stdout}\n${again.stderr}`);
      const there = cloud(moto.endpoint, name);
      assert.is(there.length, 3, there.join("\n"));
      assert.equal(await recorded(folder, env), there);
    });
  });
}

/** Starts a slow deploy and waits until its first step has begun. */
async function begun(folder: string, env: Record<string, string>): Promise<Running> {
  const running = startPanka(folder, [...DEPLOY, "--json"], env);
  await new Promise<void>((resolve) => {
    let text = "";
    running.child.stdout?.on("data", (d) => {
      text += d;
      if (text.includes("step-started")) resolve();
    });
    void running.done.then(() => resolve());
  });
  return running;
}

it("the first SIGINT lets what is in flight end, saves it, and the next deploy does the rest", async ({ world, why }) => {
  if (!world) return console.log(`SKIP a signal with the Pulumi engine: ${why}`);
  const { env, moto } = world;
  const slow = await servePulumiPlugin({ slow: 4_000, env: moto.env });
  try {
    await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stack("int") }, async (folder) => {
      const running = await begun(folder, { ...env, PULUMI_DEBUG_PROVIDERS: `aws:${slow.port}` });
      running.child.kill("SIGINT");
      const stopped = await running.done;
      assert.is(stopped.code, 130, stopped.stdout + stopped.stderr);
      assert.equal(await recorded(folder, env), cloud(moto.endpoint, "int"), "what was in flight is recorded");
      const again = await panka(folder, DEPLOY, env);
      assert.is(again.code, 0, again.stdout + again.stderr);
      assert.is(cloud(moto.endpoint, "int").length, 3);
    });
  } finally {
    await slow.close();
  }
});

it("a run whose lock is taken over half-way starts nothing more, and the run that took it ends the work", async ({ world, why }) => {
  if (!world) return console.log(`SKIP a lock lost half-way with the Pulumi engine: ${why}`);
  const { env, moto } = world;
  const slow = await servePulumiPlugin({ slow: 15_000, env: moto.env });
  try {
    const own = { ...env, PULUMI_DEBUG_PROVIDERS: `aws:${slow.port}` };
    await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stack("lost") }, async (folder) => {
      const loser = await begun(folder, own);
      // Longer than a call takes, as 60 s are on AWS itself: what the loser has in flight may still come.
      const winner = await panka(folder, [...DEPLOY, "--takeover", "--force"], { ...env, PANKA_SETTLE_MS: "40000" });
      assert.is(winner.code, 0, winner.stdout + winner.stderr);
      const lost = await loser.done;
      assert.is.not(lost.code, 0, lost.stdout);
      const there = cloud(moto.endpoint, "lost");
      assert.is(there.length, 3, there.join("\n"));
      assert.equal(await recorded(folder, env), there);
    });
  } finally {
    await slow.close();
  }
});

it.run();
