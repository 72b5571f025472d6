import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { fine, inFolder, panka } from "../support/cli.js";
import { aws } from "../support/moto.js";
import { pulumiSuite } from "../support/pulumi.js";
import { previewed, pulumi, pulumiProject, typeErrors } from "../support/pulumi-project.js";
import { stackHead } from "../support/stack-text.js";

/** The emulator does not give back a function's logging settings, so they are left out: any tool would set them again. */
const STACK = `${stackHead("leave")}---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: news }
spec: { type: "aws:sns/topic:Topic", props: { displayName: "a \`quoted\` name" }, options: { protect: false, timeouts: {} } }
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: rule }
spec:
  type: "aws:sns/topicPolicy:TopicPolicy"
  props:
    arn: "\${news.arn}"
    policy:
      Version: "2012-10-17"
      Statement: [{ Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: "\${news.arn}" }]
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: hidden }
spec: { type: "aws:ssm/parameter:Parameter", props: { type: SecureString, value: "at \${news.arn}" }, options: { ignoreChanges: [description] } }
---
apiVersion: components.panka.io/v1
kind: Lambda
metadata: { name: answer }
spec: { runtime: nodejs20.x, handler: index.handler, code: { path: answer }, environment: { TOPIC: "\${news.arn}" }, override: [{ resource: main, path: loggingConfig, value: null }] }
`;
const CONFIG = "version: 1\nbackend: { type: local }\nenvironments:\n  cloud: { provider: aws }\n";

const it = pulumiSuite("eject to Pulumi, with the real CLI");

it("a stack becomes a plain project whose first preview shows no change, and which Pulumi alone destroys", async ({ world, why }) => {
  if (!world) return console.log(`SKIP ejecting a stack to Pulumi: ${why}`);
  const { env, moto } = world;
  const files = { "panka.config.yaml": CONFIG, "stack.yaml": STACK, "answer/index.js": "exports.handler = async () => 1;\n" };
  await inFolder(files, async (folder) => {
    const early = await panka(folder, ["eject", "--to", "pulumi", "-e", "cloud"], env);
    assert.is(early.code, 1, early.stdout + early.stderr);
    assert.match(early.stderr, /leave is not deployed in cloud/);
    fine(await panka(folder, ["deploy", "--yes", "-e", "cloud"], env));

    assert.match(
      fine(await panka(folder, ["eject", "--to", "pulumi", "-e", "cloud", "--out", "out"], env)).stdout,
      /only Pulumi may deploy/,
    );
    const out = join(folder, "out");
    const program = readFileSync(join(out, "index.ts"), "utf8");
    assert.match(program, /const appNews = new aws\.sns\.Topic\("app\/news", \{/);
    assert.match(program, /Resource: appNews\.arn/);
    assert.match(program, /ignoreChanges: \["description"\]/);
    assert.not.match(program + readFileSync(join(out, "package.json"), "utf8"), /from "panka|"panka"/, "nothing in it needs Panka");
    const state = readFileSync(join(out, "state.json"), "utf8");
    assert.not.match(state, /resourceHooks|plaintext|at arn:aws:sns/, "neither hooks nor secrets in clear");
    for (const name of ["state.json", "passphrase.key"])
      assert.is(statSync(join(out, name)).mode & 0o77, 0, `${name} is its owner's alone`);

    mkdirSync(join(folder, "there"));
    const project = pulumiProject(out, "cloud", join(folder, "there"), env);
    assert.is(await typeErrors(project), "");
    await pulumi(project, "stack", "init", "cloud", "--secrets-provider", "passphrase");
    await pulumi(project, "stack", "import", "--file", "state.json");
    const before = await previewed(project);
    assert.equal(Object.keys(before.changeSummary), ["same"], before.text);

    writeFileSync(join(out, "index.ts"), program.replace("a `quoted` name", "another"));
    assert.is((await previewed(project)).changeSummary.update, 1, "and it is alive: a change shows");

    await pulumi(project, "destroy", "--yes", "--skip-preview");
    const { Topics } = JSON.parse(aws(moto.endpoint, ["sns", "list-topics"]));
    assert.equal(Topics, []);

    const again = await panka(folder, ["eject", "--to", "pulumi", "-e", "cloud", "--out", "out"], env);
    assert.is(again.code, 2, "a folder with something in it is left alone");
    writeFileSync(join(folder, "stack.yaml"), STACK.replace("a `quoted` name", "changed"));
    assert.match((await panka(folder, ["eject", "--to", "pulumi", "-e", "cloud"], env)).stderr, /not deployed as the code says/);
  });
});

it.run();
