import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws } from "../support/moto.js";
import { pulumiSuite } from "../support/pulumi.js";
import { PETS_MODULE, servePets } from "../support/pulumi-pets.js";
import { ROOT } from "../support/source-tree.js";

const STACK = `import { Service, Stack } from "panka";
import { AwsResource } from "panka/aws";
import { PulumiResource } from "panka/pulumi";
import { Pet } from "./pets.js";

const stack = new Stack("zoo", { provider: { name: "aws", region: "us-east-1" } });
const app = new Service(stack, "app");
const news = new AwsResource(app, "news", "aws:sns/topic:Topic", { displayName: "one" });
const pet = new PulumiResource(app, "pet", Pet, { owner: news.out("name"), kind: "cat" });
new AwsResource(app, "where", "aws:ssm/parameter:Parameter", { type: "String", value: pet.out("tag") });
export default stack;
`;
const config = (engine: string): string =>
  `version: 1\nengine: ${engine}\nbackend: { type: local }\nenvironments:\n  cloud: { provider: aws }\n`;
const DEPLOY = ["deploy", "--yes", "-e", "cloud"];
const files = { "panka.config.yaml": config("pulumi"), "stack.ts": STACK, "pets.ts": PETS_MODULE };

const it = pulumiSuite("resources of other Pulumi packages beside constructs");

it("on the embedded engine the resource and its line are named, and the engine that can make it", async () => {
  await inFolder({ ...files, "panka.config.yaml": config("embedded") }, async (folder) => {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    for (const command of ["validate", "deploy"]) {
      const refused = await panka(folder, [command, "-e", "cloud"]);
      assert.is(refused.code, 1, refused.stdout + refused.stderr);
      const said = refused.stdout + refused.stderr;
      assert.match(said, /stack\.ts:9:13 {2}error {2}app\/pet: pets:index:Pet is of the Pulumi package pets, which only the engine pulumi/);
      assert.match(said, /next: set engine: pulumi/);
    }
  });
});

it("they are made, changed, replaced and deleted with the stack, and refer to constructs as constructs do to them", async ({
  world,
  why,
}) => {
  if (!world) return console.log(`SKIP resources of other Pulumi packages with the real CLI: ${why}`);
  const { moto, env } = world;
  const pets = await servePets();
  const own = { ...env, PULUMI_DEBUG_PROVIDERS: `${env.PULUMI_DEBUG_PROVIDERS},pets:${pets.port}` };
  const value = (name: string): string => JSON.parse(aws(moto.endpoint, ["ssm", "get-parameter", "--name", name])).Parameter.Value;
  try {
    await inFolder(files, async (folder) => {
      symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
      const write = (text: string) => writeFileSync(join(folder, "stack.ts"), text);
      const planned = async (): Promise<object> => jsonOf(await panka(folder, ["plan", "-e", "cloud", "--json"], own)).summary;
      fine(await panka(folder, DEPLOY, own));
      const [[id, cat] = ["", {}]] = [...pets.living];
      const [topic = ""] = JSON.parse(aws(moto.endpoint, ["sns", "list-topics"])).Topics.map((t: any) => t.TopicArn.split(":").pop());
      assert.equal(cat, { owner: topic, kind: "cat" });
      const [parameter = ""] = JSON.parse(aws(moto.endpoint, ["ssm", "describe-parameters"])).Parameters.map((p: any) => p.Name);
      assert.is(value(parameter), `pet of ${topic}`);
      assert.match(fine(await panka(folder, DEPLOY, own)).stdout, /No changes\./);

      write(STACK.replace('kind: "cat"', 'kind: "dog"'));
      assert.equal(await planned(), { create: 0, update: 1, replace: 0, delete: 0, same: 2 });
      fine(await panka(folder, [...DEPLOY, "--refresh"], own));
      assert.equal([...pets.living], [[id, { owner: topic, kind: "dog" }]]);

      write(STACK.replace('news.out("name")', '"ana"'));
      fine(await panka(folder, DEPLOY, own));
      assert.equal([...pets.living.values()], [{ owner: "ana", kind: "cat" }], "another owner is another pet; the old one is gone");
      assert.is(value(parameter), "pet of ana");

      const refused = await panka(folder, ["eject", "--to", "pulumi", "-e", "cloud"], own);
      assert.is(refused.code, 2, "ejecting them is not supported yet, and said");
      fine(await panka(folder, ["destroy", "--yes", "-e", "cloud"], own));
      assert.is(pets.living.size, 0);
    });
  } finally {
    await pets.close();
  }
});

it.run();
