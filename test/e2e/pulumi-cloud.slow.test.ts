import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws } from "../support/moto.js";
import { pulumiSuite } from "../support/pulumi.js";
import { servePulumiCloud } from "../support/pulumi-cloud.js";
import { topicAndSecret } from "../support/stack-text.js";

const STACK = topicAndSecret("clouded");
const NAME = "acme/clouded/cloud";
const CLOUD = ["-e", "cloud"];

const it = pulumiSuite("Pulumi Cloud, with the real CLI and a stand-in of its API");

it("a stack lives there: made, left alone, changed, taken from who still runs, and destroyed", async ({ world, why }) => {
  if (!world) return console.log(`SKIP a stack's life in Pulumi Cloud: ${why}`);
  const cloud = await servePulumiCloud();
  const config = `version: 1\nengine: pulumi\nbackend: { type: local }\npulumi: { cloud: "${cloud.url}", organization: acme }\nenvironments:\n  cloud: { provider: aws }\n`;
  const env = { ...world.env, PULUMI_ACCESS_TOKEN: cloud.token };
  const topics = (): string[] => JSON.parse(aws(world.moto.endpoint, ["sns", "list-topics"])).Topics;
  try {
    await inFolder({ "panka.config.yaml": config, "stack.yaml": STACK }, async (folder) => {
      const run = async (...args: string[]) => panka(folder, [...args, ...CLOUD], env);
      const urns = (): string[] => (cloud.deployment(NAME)?.deployment?.resources ?? []).map((r: any) => r.urn.split("::").pop());
      fine(await run("deploy", "--yes"));
      assert.ok(urns().includes("app/news") && urns().includes("app/hidden"), urns().join());
      const text = JSON.stringify(cloud.deployment(NAME));
      assert.match(text, /ciphertext/);
      assert.not.match(text, /hidden arn:aws/, "secrets arrive there encrypted");
      const before = cloud.asked.length;
      assert.match(fine(await run("deploy", "--yes")).stdout, /No changes\./);
      assert.is(cloud.asked.length, before, "without a change nobody is asked");

      const stale = cloud.startUpdate(NAME);
      writeFileSync(join(folder, "stack.yaml"), STACK.replace("displayName: one", "displayName: two"));
      assert.equal(jsonOf(fine(await run("plan", "--json"))).summary.update, 1);
      fine(await run("deploy", "--yes"));
      assert.ok(cloud.asked.includes(`POST /api/stacks/${NAME}/update/${stale.id}/cancel`), "who held the stack has lost it");
      const late = await fetch(`${cloud.url}/api/stacks/${NAME}/update/${stale.id}/checkpoint`, {
        method: "PATCH",
        headers: { authorization: `update-token ${stale.token}`, "content-type": "application/json" },
        body: JSON.stringify({ version: 3, deployment: { resources: [] } }),
      });
      assert.is(late.status, 409);
      assert.ok(urns().includes("app/news"), "and its late checkpoint is not taken");
      assert.is(topics().length, 1);

      // What stands there is never read: a checkpoint that someone has spoilt is replaced.
      const stack = cloud.stacks.get(NAME);
      assert.ok(stack);
      if (stack) stack.deployment = { version: 3, deployment: { manifest: stack.deployment.deployment.manifest, resources: [] } };
      writeFileSync(join(folder, "stack.yaml"), STACK.replace("displayName: one", "displayName: three"));
      fine(await run("deploy", "--yes"));
      assert.is(topics().length, 1, "nothing is made a second time");
      assert.ok(urns().includes("app/news"));

      fine(await run("destroy", "--yes"));
      assert.equal(topics(), []);
      assert.not.ok(urns().includes("app/news"), urns().join());
      assert.not.match(readFileSync(join(folder, "panka.config.yaml"), "utf8"), cloud.token);
    });
  } finally {
    await cloud.close();
  }
});

it.run();
