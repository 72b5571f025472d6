import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws } from "../support/moto.js";
import { pulumiSuite } from "../support/pulumi.js";
import { PETS_MODULE, PETS_PACKAGE, servePets } from "../support/pulumi-pets.js";
import { previewed, pulumi, pulumiProject, typeErrors } from "../support/pulumi-project.js";
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

/** Installs the pets' npm package in a project, beside the packages of this tree. */
function installPets(folder: string): void {
  const modules = join(folder, "node_modules");
  rmSync(modules);
  const own = join(modules, "@acme", "pulumi-pets");
  mkdirSync(own, { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules"))) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  for (const [name, text] of Object.entries(PETS_PACKAGE)) writeFileSync(join(own, name), text);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module", dependencies: { "@acme/pulumi-pets": "^1.0.0" } }));
}

/** The program of the ejected stack, which type-checks, and whose first preview shows no change. */
async function ejected(folder: string, out: string, env: Record<string, string>): Promise<string> {
  fine(await panka(folder, ["eject", "--to", "pulumi", "-e", "cloud", "--out", out], env));
  const state = join(folder, `${out}-state`);
  mkdirSync(state);
  const project = pulumiProject(join(folder, out), "cloud", state, env, join(folder, "node_modules"));
  assert.is(await typeErrors(project), "");
  await pulumi(project, "stack", "init", "cloud", "--secrets-provider", "passphrase");
  await pulumi(project, "stack", "import", "--file", "state.json");
  const before = await previewed(project);
  assert.equal(Object.keys(before.changeSummary), ["same"], before.text);
  return readFileSync(join(folder, out, "index.ts"), "utf8");
}

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

      const declared = await ejected(folder, "declared", own);
      assert.match(declared, /class PetsPet extends pulumi\.CustomResource/);
      assert.match(declared, /value: appPet\.tag/);
      installPets(folder);
      const imported = await ejected(folder, "imported", own);
      assert.match(imported, /import \* as pets from "@acme\/pulumi-pets";/);
      assert.match(imported, /new pets\.Pet\("app\/pet", \{ kind: "cat", owner: "ana" \}/);
      assert.match(readFileSync(join(folder, "imported", "package.json"), "utf8"), /"@acme\/pulumi-pets": "1\.2\.0"/);
      fine(await panka(folder, ["destroy", "--yes", "-e", "cloud"], own));
      assert.is(pets.living.size, 0);
    });
  } finally {
    await pets.close();
  }
});

it.run();
