import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import * as assert from "uvu/assert";
import { PULUMI_CLI_VERSION } from "../../framework/engine/pulumi/versions.js";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws } from "../support/moto.js";
import { pulumiSuite } from "../support/pulumi.js";
import { topicAndSecret } from "../support/stack-text.js";

const STACK = topicAndSecret("place");
const config = (more: string): string => `version: 1\nengine: pulumi\n${more}\nenvironments:\n  cloud: { provider: aws }\n`;
const DEPLOY = ["deploy", "--yes", "-e", "cloud"];

const it = pulumiSuite("where the Pulumi engine keeps its things, with the real CLI");

it("secrets in the checkpoint are encrypted by Pulumi with the back end's KMS key", async ({ world, why }) => {
  if (!world) return console.log(`SKIP Pulumi's secrets under a KMS key: ${why}`);
  const { env, moto } = world;
  const backend = config(`backend: { type: s3, bucket: panka-place, region: us-east-1 }
locks: { type: dynamodb, region: us-east-1, table: panka-state-locks }`);
  await inFolder({ "panka.config.yaml": backend, "stack.yaml": STACK }, async (folder) => {
    fine(await panka(folder, ["backend", "create", "-e", "cloud", "--yes"], env));
    fine(await panka(folder, DEPLOY, env));
    const { Contents } = JSON.parse(aws(moto.endpoint, ["s3api", "list-objects-v2", "--bucket", "panka-place"]));
    const key = Contents.map((o: any) => o.Key).find((k: string) => k.endsWith("/.pulumi/stacks/place/cloud.json"));
    aws(moto.endpoint, ["s3api", "get-object", "--bucket", "panka-place", "--key", key, join(folder, "checkpoint.json")]);
    const { latest } = JSON.parse(readFileSync(join(folder, "checkpoint.json"), "utf8")).checkpoint;
    assert.is(latest.secrets_providers.type, "cloud");
    assert.match(latest.secrets_providers.state.url, /^awskms:\/\/alias\/panka-state\?region=us-east-1/);
    assert.match(JSON.stringify(latest), /ciphertext/);
    assert.not.match(JSON.stringify(latest), /hidden arn:aws/);
    assert.not.ok(
      Contents.some((o: any) => o.Key.endsWith("/key.json")),
      "there is no passphrase",
    );
  });
});

it("with Pulumi Cloud nobody logged in is said at once; a token goes to the configured URL, for the organization's stack", async ({
  world,
  why,
}) => {
  if (!world) return console.log(`SKIP Pulumi Cloud's URL and login: ${why}`);
  const asked: string[] = [];
  const answers: Record<string, [number, object]> = {
    "GET /api/user": [200, { id: "1", githubLogin: "ana", name: "Ana", organizations: [{ githubLogin: "acme", name: "acme" }] }],
    "GET /api/stacks/acme/place/cloud": [404, { code: 404, message: "Not Found" }],
    "POST /api/stacks/acme/place": [403, { code: 403, message: "ana may not make stacks of acme" }],
  };
  const server = createServer((request, response) => {
    const what = `${request.method} ${request.url?.split("?")[0]}`;
    asked.push(`${what} ${request.headers.authorization ?? ""}`);
    const [status, body] = answers[what] ?? [404, { code: 404, message: "Not Found" }];
    request.resume().on("end", () => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cloud = config(`backend: { type: local }\npulumi: { cloud: "${url}", organization: acme }`);
  try {
    await inFolder({ "panka.config.yaml": cloud, "stack.yaml": STACK }, async (folder) => {
      const nobody = await panka(folder, DEPLOY, world.env);
      assert.is(nobody.code, 1, nobody.stdout + nobody.stderr);
      assert.match(nobody.stderr, `keeps Pulumi's checkpoint at ${url}, and nobody is logged in there`);
      assert.match(nobody.stderr, `pulumi login ${url}`);
      assert.equal(asked, [], "and nothing was asked");

      const refused = await panka(folder, DEPLOY, { ...world.env, PULUMI_ACCESS_TOKEN: "pul-made-up" });
      assert.is(refused.code, 1, refused.stdout + refused.stderr);
      assert.match(refused.stderr, /ana may not make stacks of acme/);
      assert.not.match(refused.stdout + refused.stderr, /pul-made-up/);
      assert.ok(asked.includes("POST /api/stacks/acme/place token pul-made-up"), asked.join("\n"));
    });
  } finally {
    server.close();
  }
});

it("engine install leaves a CLI of the pinned version where it is, and runs use it without one on PATH", async ({ world, why }) => {
  if (!world) return console.log(`SKIP a Pulumi CLI that is installed: ${why}`);
  const cli = spawnSync("sh", ["-c", "command -v pulumi"], { encoding: "utf8" }).stdout.trim();
  const PATH = (process.env.PATH ?? "").split(":").filter((folder) => folder !== dirname(cli));
  const env = { ...world.env, PATH: PATH.join(":") };
  await inFolder({ "panka.config.yaml": config("backend: { type: local }"), "stack.yaml": STACK }, async (folder) => {
    const none = await panka(folder, ["plan", "-e", "cloud"], env);
    assert.match(none.stderr, /needs the Pulumi CLI; it was not found.*\n.*next: panka engine install.*engine: embedded/);
    const root = join(folder, ".home", ".panka", "pulumi", PULUMI_CLI_VERSION);
    mkdirSync(join(root, "bin"), { recursive: true });
    symlinkSync(cli, join(root, "bin", "pulumi"));
    const { result } = jsonOf(fine(await panka(folder, ["engine", "install", "-e", "cloud", "--json"], env)));
    assert.is(result.root, root);
    assert.match(fine(await panka(folder, ["plan", "-e", "cloud"], env)).stdout, /2 to create/);
  });
});

it.run();
