import { readdirSync, readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ORDINARY_POINTS } from "../support/kill-points.js";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { awsAll, hasAwsCli, hasMoto, hasPlugin, type Moto, startMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
backend: { type: s3, bucket: panka-state-test, region: us-east-1, encryption: "file:state.key" }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }
environments:
  cloud: { provider: aws }
`;

/** Two topics (found again by name) and a VPC with a security group (found again by tag). */
const stack = (name: string): string => `${stackHead(name)}---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: one }
---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: two }
spec: { dependsOn: [one] }
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: net }
spec: { type: "aws:ec2/vpc:Vpc", props: { cidrBlock: 10.9.0.0/16, tags: { Name: ${name} } } }
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: group }
spec: { type: "aws:ec2/securityGroup:SecurityGroup", props: { vpcId: "\${net.id}", description: ours, tags: { Name: ${name} } } }
`;

/** What the cloud holds of a stack: ids, sorted. */
function cloud(endpoint: string, name: string): string[] {
  const named = ["--filters", `Name=tag:Name,Values=${name}`];
  const commands = [
    ["sns", "list-topics"],
    ["ec2", "describe-vpcs", ...named],
    ["ec2", "describe-security-groups", ...named],
  ];
  const [topics, networks, groups] = awsAll(endpoint, commands).map((text) => JSON.parse(text));
  return [
    ...topics.Topics.map((t: any) => t.TopicArn).filter((a: string) => a.split(":").pop()?.startsWith(`${name}-`)),
    ...networks.Vpcs.map((v: any) => v.VpcId),
    ...groups.SecurityGroups.map((g: any) => g.GroupId),
  ].sort();
}

/** Process ids of the plugins that run now for this emulator. */
function plugins(endpoint: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return (
          /terraform-provider-aws/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")) &&
          readFileSync(`/proc/${pid}/environ`, "utf8").includes(endpoint)
        );
      } catch {
        return false;
      }
    });
}

const it = suite<{ moto?: Moto; why?: string }>("kill -9 on the official provider");
it.before(async (context) => {
  if (!hasMoto() || !hasPlugin() || !hasAwsCli()) {
    context.why = "moto_server, the plugin or the AWS CLI is missing";
    return;
  }
  context.moto = await startMoto();
  await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stack("setup") }, async (folder) => {
    const make = ["backend", "create", "-e", "cloud", "--yes", "--no-kms"];
    const made = await panka(folder, make, context.moto?.env);
    assert.is(made.code, 0, made.stdout + made.stderr);
  });
});
it.after(async (context) => {
  await context.moto?.stop();
});

for (const [index, point] of ORDINARY_POINTS.entries()) {
  it(`killed at ${point}, the next deploy leaves nothing orphaned, nothing twice, nothing lost`, async ({ moto, why }) => {
    if (!moto) return console.log(`SKIP killed at ${point}: ${why}`);
    const name = `kill${index}`;
    const env = { ...moto.env, PANKA_SETTLE_MS: "2000" };
    await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stack(name) }, async (folder) => {
      const deploy = ["deploy", "--yes", "-e", "cloud"];
      // The third of its kind: by then some resources stand, some are in the making, some are not begun.
      const at = point.startsWith("journal:") ? `${point}@3` : point;
      const killed = await panka(folder, deploy, { ...env, PANKA_FAULT: at });
      assert.is(killed.signal, "SIGKILL", `the point was never reached:\n${killed.stdout}\n${killed.stderr}`);
      const again = await panka(folder, deploy, env);
      assert.is(again.code, 0, `${again.stdout}\n${again.stderr}`);
      const there = cloud(moto.endpoint, name);
      assert.is(there.length, 4, there.join("\n"));
      const shown = jsonOf(await panka(folder, ["state", "show", "-e", "cloud", "--json"], env)).result;
      const recorded = Object.values((shown.state ?? shown).resources as Record<string, { id: string }>)
        .map((r) => r.id)
        .sort();
      assert.equal(recorded, there);
      const third = await panka(folder, deploy, env);
      assert.match(third.stdout, /No changes\./);
    });
  });
}

it("no plugin outlives the command that started it", async ({ moto, why }) => {
  if (!moto) return console.log(`SKIP no plugin outlives its command: ${why}`);
  const deadline = performance.now() + 5_000;
  while (plugins(moto.endpoint).length > 0 && performance.now() < deadline) await new Promise((r) => setTimeout(r, 200));
  assert.equal(plugins(moto.endpoint), []);
});

it.run();
