import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../../framework/base/errors.js";
import type { RunEvent } from "../../../../framework/model/events.js";
import { DIGEST_LOOKUP, IMAGE_TYPE, type ImageBuild } from "../../../../framework/model/images.js";
import { UNKNOWN } from "../../../../framework/model/values.js";
import type { Provider } from "../../../../framework/model/provider.js";
import { contentHash } from "../../../../framework/providers/images/context.js";
import { Docker } from "../../../../framework/providers/images/docker.js";
import { withImages } from "../../../../framework/providers/images/provider.js";
import { dockerDouble } from "../../../support/docker.js";
import { MemoryProvider } from "../../../support/memory-provider.js";
import { startRegistry, type TestRegistry } from "../../../support/registry.js";
import { realClock, withFolder } from "../../../support/world.js";

const URN = "urn:pulumi:dev::shop::panka:images/image:Image::app/api/image";

interface Bench {
  folder: string;
  provider: Provider;
  registry: TestRegistry;
  inputs: { repositoryUrl: string; tag: string; content: string };
  calls: ReturnType<typeof dockerDouble>["calls"];
  events: RunEvent[];
}

/** A build context, a registry, and a provider whose docker is the double. */
function bench(body: (b: Bench) => Promise<void>, fault?: string): Promise<void> {
  return withFolder(async (folder) => {
    const registry = await startRegistry({ immutable: true });
    const events: RunEvent[] = [];
    try {
      writeFileSync(join(folder, "Dockerfile"), "FROM scratch\n");
      const how = { context: folder, dockerfile: join(folder, "Dockerfile"), args: { A: "1" }, platform: "linux/amd64", target: "web" };
      const content = contentHash(how);
      const build: ImageBuild = { ...how, content, address: "app/api", shown: "./app" };
      // What the double writes there is no part of the content.
      writeFileSync(join(folder, ".dockerignore"), "docker-double\n.dockerignore\n");
      const { env, calls } = dockerDouble(folder, fault ? { fault } : {});
      const provider = withImages(new MemoryProvider() as unknown as Provider, {
        registry: {
          digest: async (url, tag) => registry.digest(url.slice(url.indexOf("/") + 1), tag),
          login: async (url) => ({ registry: url.slice(0, url.indexOf("/")), username: "AWS", password: "pass-word-1" }),
        },
        builds: new Map([[content, build]]),
        docker: new Docker(env),
        digestOf: async (image) => (image === "nginx:1" ? { digest: "sha256:abc" } : { why: "nobody knows it" }),
        clock: realClock,
        emit: (event) => events.push(event),
      });
      const inputs = { repositoryUrl: `${registry.host}/shop`, tag: "app.api.1", content };
      await body({ folder, provider, registry, inputs, calls, events });
    } finally {
      await registry.stop();
    }
  });
}

const call = (inputs: Bench["inputs"]) => ({ urn: URN, type: IMAGE_TYPE, inputs });

/** The message with which a call fails; "" where it does not. */
async function failure(done: Promise<unknown> | undefined): Promise<string> {
  try {
    await done;
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

test("an image that is not in its repository is built and pushed once; the digest is that of what was pushed", async () => {
  await bench(async ({ provider, registry, inputs, calls, events }) => {
    const planned = await provider.plan({ ...call(inputs), prior: null });
    assert.is(planned.action, "create");
    assert.equal(planned.outputs.digest, UNKNOWN);
    assert.match(planned.diagnostics[0]?.message ?? "", /will be built from \.\/app for linux\/amd64/);
    await provider.prepare?.();
    const made = await provider.create(call(inputs));
    assert.is(made.outputs.digest, registry.digest("shop", "app.api.1"));
    assert.is(made.outputs.uri, `${registry.host}/shop@${made.outputs.digest}`);
    const [build] = calls("buildx build");
    for (const words of ["--push", "--platform linux/amd64", "--target web", "--build-arg A=1", `--tag ${registry.host}/shop:app.api.1`])
      assert.ok(build?.args.join(" ").includes(words), words);
    const [login] = calls("login");
    assert.is(login?.stdin, "pass-word-1");
    assert.not.ok(JSON.stringify(calls().map((c) => c.args)).includes("pass-word-1"));
    const said = events.map((e) => (e.type === "step-progress" ? e.message : ""));
    assert.ok(said.includes("building 2/2: COPY . ."), said.join("\n"));
    const again = await provider.create(call(inputs));
    assert.equal(again.outputs, made.outputs);
    assert.is(calls("buildx build").length, 1);
  });
});

test("an image that is there is found by plan, and nothing asks for Docker", async () => {
  await bench(async ({ provider, registry, inputs, calls }) => {
    const digest = registry.put("shop", "app.api.1", "{}");
    const planned = await provider.plan({ ...call(inputs), prior: null });
    assert.is(planned.outputs.digest, digest);
    assert.match(planned.diagnostics[0]?.message ?? "", /is in the repository already/);
    await provider.prepare?.();
    assert.is((await provider.create(call(inputs))).outputs.digest, digest);
    assert.equal(calls(), []);
  }, "daemon");
});

test("without a daemon or buildx nothing begins, and the error says what to do", async () => {
  for (const [fault, words] of [
    ["daemon", /Docker does not answer: Cannot connect/],
    ["buildx", /has no buildx/],
  ] as const)
    await bench(async ({ provider, inputs }) => {
      await provider.plan({ ...call(inputs), prior: null });
      const error = await provider.prepare?.().then(
        () => undefined,
        (e: unknown) => e,
      );
      assert.ok(isPankaError(error));
      assert.match(error.message, words);
      assert.match(error.next ?? "", /--image/);
    }, fault);
});

test("a build that fails says its last lines; a login that fails never says the password", async () => {
  await bench(async ({ provider, inputs }) => {
    assert.match(await failure(provider.create(call(inputs))), /COPY \. \.\n.*\n?#6 ERROR: process did not complete/s);
  }, "build");
  await bench(async ({ provider, inputs }) => {
    assert.match(await failure(provider.create(call(inputs))), /could not log in .*denied for \[secret\]/);
  }, "login");
});

test("files that changed after the plan stop the build; an image of another commit can't be built from these files", async () => {
  await bench(async ({ folder, provider, inputs, calls }) => {
    writeFileSync(join(folder, "Dockerfile"), "FROM other\n");
    assert.match(await failure(provider.create(call(inputs))), /changed since the plan was made/);
    const old = { ...inputs, content: "0".repeat(64), tag: "app.api.0" };
    await provider.plan({ ...call(old), prior: null });
    assert.match(await failure(provider.prepare?.()), /no longer in its repository/);
    assert.equal(calls("buildx build"), []);
  });
});

test("a repository that is yet to be made leaves the digest open; a deleted image stays in its repository; one that is gone reads as gone", async () => {
  await bench(async ({ provider, registry, inputs }) => {
    const open = { ...inputs, repositoryUrl: UNKNOWN as never };
    assert.equal((await provider.plan({ ...call(open), prior: null })).outputs.uri, UNKNOWN);
    const digest = registry.put("shop", "app.api.1", "{}");
    const prior = { id: "x", inputs, outputs: { ...inputs, digest }, private: "", schemaVersion: 0 };
    await provider.delete({ ...call(inputs), prior });
    assert.is((await provider.read({ urn: URN, type: IMAGE_TYPE, prior }))?.outputs.digest, digest);
    const gone = { ...prior, inputs: { ...inputs, tag: "app.api.gone" } };
    assert.is(await provider.read({ urn: URN, type: IMAGE_TYPE, prior: gone }), null);
  });
});

test("a given image is looked up by its tag: with a digest, or as it is with the reason", async () => {
  await bench(async ({ provider }) => {
    assert.equal(await provider.lookup(DIGEST_LOOKUP, { image: "nginx:1" }), {
      image: "nginx:1",
      digest: "sha256:abc",
      reference: "nginx@sha256:abc",
      why: "",
    });
    const by = await provider.lookup(DIGEST_LOOKUP, { image: "nginx:2" });
    assert.equal([by.reference, by.digest, by.why], ["nginx:2", "", "nobody knows it"]);
  });
});

test.run();
