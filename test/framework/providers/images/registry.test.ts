import { test } from "uvu";
import * as assert from "uvu/assert";
import { isLoopback, parseImage } from "../../../../framework/providers/images/reference.js";
import { registryDigest } from "../../../../framework/providers/images/registry.js";
import { type RegistryOptions, startRegistry, type TestRegistry } from "../../../support/registry.js";

async function asking(options: RegistryOptions, image: string, timeoutMs = 5_000) {
  return withRegistry(options, async (registry) => {
    const digest = registry.put("team/app", "1.4", '{"schemaVersion":2}');
    const parsed = parseImage(`${registry.host}/${image}`);
    assert.ok(parsed);
    return { digest, answer: await registryDigest(parsed, timeoutMs), registry };
  });
}

async function withRegistry<T>(options: RegistryOptions, body: (registry: TestRegistry) => Promise<T>): Promise<T> {
  const registry = await startRegistry(options);
  try {
    return await body(registry);
  } finally {
    await registry.stop();
  }
}

test("a reference is taken apart as Docker does it", () => {
  assert.equal(parseImage("nginx"), { registry: "docker.io", repository: "library/nginx", tag: "latest", name: "nginx" });
  assert.equal(parseImage("team/app:1.4"), { registry: "docker.io", repository: "team/app", tag: "1.4", name: "team/app" });
  const at = `sha256:${"a".repeat(64)}`;
  assert.equal(parseImage(`localhost:5000/app:1@${at}`), {
    registry: "localhost:5000",
    repository: "app",
    tag: "1",
    digest: at,
    name: "localhost:5000/app",
  });
  assert.is(parseImage("ghcr.io/acme/users:1.4.2")?.repository, "acme/users");
  assert.is(parseImage("not an image"), undefined);
  assert.ok(isLoopback("127.0.0.1:5000") && isLoopback("localhost") && !isLoopback("localhost.example.com"));
});

test("the digest is what the registry says, by a token where it wants one, or that of the manifest where it says none", async () => {
  for (const options of [{}, { tokens: true }, { silent: true }, { tokens: true, silent: true }]) {
    const { answer, digest } = await asking(options, "team/app:1.4");
    assert.equal(answer, { digest });
  }
});

test("a tag that is not there, a registry that wants a login and one that does not answer in time are said in plain words", async () => {
  const none = await asking({}, "team/app:9");
  assert.match((none.answer as { why: string }).why, /has no team\/app:9/);
  const closed = await asking({ closed: true }, "team/app:1.4");
  assert.match((closed.answer as { why: string }).why, /wants a login/);
  const hangs = await asking({ hangs: true }, "team/app:1.4", 200);
  assert.match((hangs.answer as { why: string }).why, /did not answer within 0.2 s/);
  const gone = parseImage("127.0.0.1:1/app:1");
  assert.match(((await registryDigest(gone!, 2_000)) as { why: string }).why, /could not be asked/);
});

test.run();
