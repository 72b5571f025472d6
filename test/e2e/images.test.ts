import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nbackend: { type: local }\nenvironments:\n  development: { provider: local }\n";
const STACK = `${stackHead("shop")}---
apiVersion: components.panka.io/v1
kind: Worker
metadata: { name: mailer }
spec: { image: { build: { context: ./mailer, args: { LEVEL: info } } }, sidecars: { agent: { image: "ghcr.io/acme/agent:7" } } }
---
apiVersion: components.panka.io/v1
kind: CronJob
metadata: { name: report }
spec: { image: "ghcr.io/acme/report:1.4.2", schedule: rate(1 day) }
`;
const FILES = {
  "panka.config.yaml": CONFIG,
  "stack.yaml": STACK,
  "mailer/Dockerfile": "FROM node:20\nCOPY . .\n",
  "mailer/main.js": "1\n",
  "mailer/.dockerignore": "*.log\n",
};

/** No docker on PATH: nothing here may need one. */
const env = { PATH: join(process.execPath, "..") };

/** The image that the assembly says is built. */
async function builtTag(folder: string): Promise<string> {
  const { resources } = jsonOf(fine(await panka(folder, ["synth", "--json"], env)));
  return resources.find((r: any) => r.type === "panka:images/image:Image").props.tag;
}

/** What a container of the recorded task definition runs. */
async function deployedImage(folder: string, component: string): Promise<string> {
  const state = jsonOf(fine(await panka(folder, ["state", "pull"], env)));
  const found = Object.entries<any>(state.resources).find(([urn]) => urn.includes("TaskDefinition") && urn.includes(component));
  return JSON.parse(found?.[1].inputs.containerDefinitions)[0].image;
}

test("the tag of a built image is the hash of its content: .dockerignore counts, times and the machine do not, and no docker is asked", async () => {
  await inFolder(FILES, async (folder) => {
    const first = await builtTag(folder);
    assert.match(first, /^app\.mailer\.[0-9a-f]{40}$/);
    writeFileSync(join(folder, "mailer/debug.log"), "noise\n");
    assert.is(await builtTag(folder), first);
    assert.is(await inFolder(FILES, builtTag), first);
    writeFileSync(join(folder, "mailer/main.js"), "2\n");
    assert.is.not(await builtTag(folder), first);
  });
});

test("a context, a Dockerfile or a platform that can't be is an error at its line", async () => {
  const say = (build: string) =>
    inFolder({ ...FILES, "stack.yaml": STACK.replace("{ context: ./mailer, args: { LEVEL: info } }", build) }, async (folder) => {
      const ran = await panka(folder, ["synth"], env);
      assert.is(ran.code, 1, ran.stdout);
      return ran.stdout + ran.stderr;
    });
  assert.match(await say("{ context: ./maler }"), /stack\.yaml:\d+:\d+.*there is no folder \.\/maler to build from/);
  assert.match(await say("{ context: ./mailer, dockerfile: Dockerfile.web }"), /there is no Dockerfile\.web in \.\/mailer/);
  assert.match(await say("{ context: .. }"), /lies outside the project/);
  assert.match(await say("{ context: ./mailer, platform: linux/arm64 }"), /does not run on linux\/amd64/);
});

test("deploy --image gives one component another image for one release, which the release records; the next deploy takes it back", async () => {
  await inFolder(FILES, async (folder) => {
    fine(await panka(folder, ["deploy", "--yes"], env));
    assert.is(await deployedImage(folder, "report"), "ghcr.io/acme/report:1.4.2");
    assert.match(await deployedImage(folder, "mailer"), /shop-development-stack-images-.*@sha256:[0-9a-f]{64}$/);
    assert.match(fine(await panka(folder, ["deploy", "--yes"], env)).stdout, /No changes/);

    const planned = jsonOf(await panka(folder, ["plan", "--json", "--image", "report=ghcr.io/acme/report:2.0"], env));
    assert.ok(planned.summary.replace + planned.summary.update > 0);
    const images = ["--image", "app/report=ghcr.io/acme/report:2.0", "--image", "app/mailer=ghcr.io/acme/mailer:3"];
    fine(await panka(folder, ["deploy", "--yes", ...images], env));
    assert.is(await deployedImage(folder, "report"), "ghcr.io/acme/report:2.0");
    assert.is(await deployedImage(folder, "mailer"), "ghcr.io/acme/mailer:3");
    const [release] = jsonOf(await panka(folder, ["history", "--json"], env)).result;
    assert.equal(release.imageOverrides, { "app/mailer": "ghcr.io/acme/mailer:3", "app/report": "ghcr.io/acme/report:2.0" });
    assert.equal(release.images["ghcr.io/acme/report:2.0"], "");
    assert.equal(release.images["ghcr.io/acme/agent:7"], "", "a sidecar's image is recorded, too");

    fine(await panka(folder, ["deploy", "--yes"], env));
    assert.is(await deployedImage(folder, "report"), "ghcr.io/acme/report:1.4.2");
    fine(await panka(folder, ["rollback", "--yes"], env));
    assert.is(await deployedImage(folder, "mailer"), "ghcr.io/acme/mailer:3");
  });
});

test("--image is refused for a name that is no component, a component without an image, and text that is no image", async () => {
  await inFolder(FILES, async (folder) => {
    const say = async (image: string, code: number) => {
      const ran = await panka(folder, ["deploy", "--yes", "--image", image], env);
      assert.is(ran.code, code, ran.stdout + ran.stderr);
      return ran.stdout + ran.stderr;
    };
    assert.match(await say("raport=x:1", 1), /"raport", which is no component; did you mean report\?/);
    assert.match(await say("app/raport=x:1", 1), /"app\/raport", which is no component; did you mean app\/report\?/);
    assert.match(await say("app/report", 2), /expected service\/component=REPOSITORY:TAG/);
    assert.match(await say("app/report=not an image", 2), /can't be read/);
  });
});

test.run();
