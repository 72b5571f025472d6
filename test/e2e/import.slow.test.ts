import { test } from "uvu";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";
import { startPulumiWorld, whyNoPulumi } from "../support/pulumi.js";
import { stackHead } from "../support/stack-text.js";

const STACK = `${stackHead("moved")}---
apiVersion: components.panka.io/v1
kind: S3
metadata: { name: files }
---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
spec: { visibilityTimeout: 45 }
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: hidden }
spec: { type: "aws:ssm/parameter:Parameter", props: { type: SecureString, value: "at \${jobs.queueArn}" } }
---
apiVersion: components.panka.io/v1
kind: Resource
metadata: { name: news }
spec: { type: "aws:sns/topic:Topic", props: { displayName: news } }
`;
const config = (engine: string): string =>
  `version: 1\nengine: ${engine}\nbackend: { type: local }\nenvironments:\n  cloud: { provider: aws }\n`;
const CLOUD = ["-e", "cloud"];
const SECRET = "a-text-that-stood-there-before";

/** Makes by hand, as people do, what the stack describes but for the topic; the ids as `--from` takes them. */
function makeByHand(endpoint: string): string {
  aws(endpoint, ["s3api", "create-bucket", "--bucket", "acme-uploads"]);
  const made = ["sqs", "create-queue", "--queue-name", "acme-jobs", "--attributes", "VisibilityTimeout=45", "--tags", "owner=ops"];
  const { QueueUrl } = JSON.parse(aws(endpoint, made));
  aws(endpoint, ["ssm", "put-parameter", "--name", "/acme/hidden", "--type", "SecureString", "--value", SECRET]);
  return `app/files: acme-uploads\napp/jobs: ${QueueUrl}\napp/hidden: /acme/hidden\n`;
}

/** Names of all buckets, queues and parameters. */
function standing(endpoint: string): string[] {
  const { Buckets = [] } = JSON.parse(aws(endpoint, ["s3api", "list-buckets"]));
  const { QueueUrls = [] } = JSON.parse(aws(endpoint, ["sqs", "list-queues"]) || "{}");
  const { Parameters = [] } = JSON.parse(aws(endpoint, ["ssm", "describe-parameters"]));
  return [...Buckets, ...Parameters]
    .map((b: any) => b.Name)
    .concat(QueueUrls.map((url: string) => url.split("/").pop()))
    .sort();
}

/** The whole way: shown, recorded, planned, deployed, destroyed. */
async function broughtUnderPanka(engine: string, endpoint: string, env: Record<string, string>): Promise<void> {
  const ids = makeByHand(endpoint);
  const before = standing(endpoint);
  const files = { "panka.config.yaml": config(engine), "stack.yaml": STACK, "ids.yaml": ids };
  await inFolder(files, async (folder) => {
    const run = async (...args: string[]) => panka(folder, [...args, ...CLOUD], env);
    const shown = fine(await run("import", "--from", "ids.yaml", "--dry-run", "--json"));
    const { result } = jsonOf(shown);
    assert.equal([result.done, result.serial, result.next.replace], [false, null, 0]);
    const given = result.imported.filter((i: any) => i.by === "given");
    assert.equal(given.map((i: any) => i.component).sort(), ["app/files", "app/hidden", "app/jobs"]);
    const differing = Object.fromEntries(given.map((i: any) => [i.component, i.change.properties.map((p: any) => p.path.split(".")[0])]));
    assert.equal([...new Set(differing["app/files"])], ["tags"]);
    assert.ok(new Set(differing["app/jobs"]).has("tags") && !differing["app/jobs"].includes("visibilityTimeoutSeconds"));
    assert.ok(differing["app/hidden"].includes("value"));

    const done = fine(await run("import", "--from", "ids.yaml", "--yes"));
    assert.match(done.stdout, /= import S3 bucket: acme-uploads/);
    const planned = fine(await run("plan", "--json"));
    const { summary, changes } = jsonOf(planned);
    assert.equal([summary.replace, summary.delete], [0, 0]);
    const created = changes.filter((c: any) => c.action === "create").map((c: any) => c.urn.split("::").pop());
    assert.ok(created.includes("app/news") && !created.some((name: string) => ["app/files", "app/jobs", "app/hidden"].includes(name)));
    assert.equal(standing(endpoint), before, "nothing was touched so far");

    fine(await run("deploy", "--yes"));
    assert.equal(standing(endpoint), before, "they keep their names");
    const { Tags = {} } = JSON.parse(aws(endpoint, ["sqs", "list-queue-tags", "--queue-url", /https?:\S+acme-jobs/.exec(ids)?.[0] ?? ""]));
    assert.match(Tags["panka:urn"], /app\/jobs$/);
    assert.is(jsonOf(fine(await run("plan", "--json"))).summary.update, 0);
    const state = fine(await run("state", "pull"));
    for (const text of [shown, done, planned, state]) assert.not.match(text.stdout + text.stderr, SECRET);

    fine(await run("destroy", "--yes"));
    assert.equal(standing(endpoint), []);
  });
}

test("what was made by hand is imported, keeps its names, gets its tags, and is then deployed and destroyed like the rest", async () => {
  if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP importing into a stack: the AWS CLI or the provider plugin is missing");
  await withMoto((endpoint, env) => broughtUnderPanka("embedded", endpoint, { ...env, PANKA_SETTLE_MS: "500" }));
});

test("with the Pulumi engine, too: what is imported is in its checkpoint", async () => {
  const why = whyNoPulumi() ?? (hasAwsCli() ? undefined : "the AWS CLI is missing");
  if (why) return console.log(`SKIP importing into a stack of the Pulumi engine: ${why}`);
  const world = await startPulumiWorld();
  try {
    await broughtUnderPanka("pulumi", world.moto.endpoint, world.env);
  } finally {
    await world.stop();
  }
});

test.run();
