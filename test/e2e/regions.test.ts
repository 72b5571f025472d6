import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, linesOf, panka } from "../support/cli.js";
import { aws, hasAwsCli, withMoto } from "../support/moto.js";
import { ROOT } from "../support/source-tree.js";
import { component, stackHead } from "../support/stack-text.js";

const LOCAL = "version: 1\nbackend: { type: local }\nenvironments:\n  development: { provider: local }\n  staging: { provider: local }\n";
const stack = (regions: string) => `${stackHead("two", `region: us-east-1${regions}`)}---
apiVersion: components.panka.io/v1
kind: SQS
metadata: { name: jobs }
spec: { visibilityTimeout: 60 }
`;
const BOTH = stack(", regions: [us-east-1, eu-central-1]");

test("a stack in two regions is deployed to its own first, then to the other, with a state of its own in each", async () => {
  await inFolder({ "panka.config.yaml": LOCAL, "stack.yaml": BOTH }, async (folder) => {
    const done = await panka(folder, ["deploy", "--yes", "--json"]);
    assert.is(done.code, 0, done.stdout + done.stderr);
    const lines = linesOf(done);
    assert.equal(
      lines.filter((l) => l.type === "region").map((l) => l.region),
      ["us-east-1", "eu-central-1"],
    );
    const urls = lines.filter((l) => l.type === "result").map((l) => l.outputs["app/jobs"].queueUrl as string);
    assert.match(urls[0] ?? "", /sqs\.us-east-1\./);
    assert.match(urls[1] ?? "", /sqs\.eu-central-1\./);
    for (const region of ["eu-central-1", "us-east-1"])
      assert.ok(existsSync(join(folder, ".panka/stacks/two/development", region, "state.json")), region);
    assert.equal((await panka(folder, ["deploy", "--yes"])).stdout.match(/No changes/g)?.length, 2);
    const [release] = jsonOf(await panka(folder, ["history", "--region", "eu-central-1", "--json"])).result;
    assert.equal(release.regions, { "eu-central-1": 2, "us-east-1": 2 });
    assert.is((await panka(folder, ["rollback", "2", "--yes"])).code, 2, "a serial is one region's");
    const listed = jsonOf(await panka(folder, ["list", "--json"])).result;
    assert.equal(
      listed.map((s: any) => s.region),
      ["eu-central-1", "us-east-1"],
    );
    const gone = linesOf(await panka(folder, ["destroy", "--yes", "--json"]));
    assert.equal(
      gone.filter((l) => l.type === "region").map((l) => l.region),
      ["eu-central-1", "us-east-1"],
      "what other regions may have copied from goes last",
    );
  });
});

test("a bucket copies to that of another region, whose name it knows before that is made; S3's wish for its order is not the model's", async () => {
  const files = component("S3", "files", "{ versioning: {}, replication: { region: eu-central-1 } }");
  await inFolder({ "panka.config.yaml": LOCAL, "stack.yaml": `${BOTH}---\n${files}` }, async (folder) => {
    assert.match((await panka(folder, ["plan"])).stdout, /deploy eu-central-1 first \(--region eu-central-1\)/);
    const first = await panka(folder, ["deploy", "--yes", "--region", "eu-central-1"]);
    assert.is(first.code, 0, first.stdout + first.stderr);
    const done = await panka(folder, ["deploy", "--yes", "--json"]);
    assert.is(done.code, 0, done.stdout + done.stderr);
    const names = linesOf(done)
      .filter((l) => l.type === "result")
      .map((l) => l.outputs["app/files"].bucketName as string);
    assert.match(names[0] ?? "", /-\d{12}-us-east-1$/);
    assert.match(names[1] ?? "", /-\d{12}-eu-central-1$/);
    const state = jsonOf(await panka(folder, ["state", "pull", "--region", "us-east-1"]));
    const [copies] = Object.entries<any>(state.resources).filter(([urn]) => urn.endsWith("app/files/replication"));
    assert.is(copies?.[1].inputs.rules[0].destination.bucket, `arn:aws:s3:::${names[1]}`);
    assert.equal((await panka(folder, ["deploy", "--yes"])).stdout.match(/No changes/g)?.length, 2);
  });
});

test("--region narrows a command to one of the regions; what prints one document asks for it", async () => {
  await inFolder({ "panka.config.yaml": LOCAL, "stack.yaml": BOTH }, async (folder) => {
    const one = await panka(folder, ["deploy", "--yes", "--region", "us-east-1"]);
    assert.is(one.code, 0, one.stdout + one.stderr);
    const plan = jsonOf(await panka(folder, ["plan", "--json", "--region", "eu-central-1"]));
    for (const command of ["plan", "status"])
      assert.match((await panka(folder, [command, "--region", "eu-central-1"])).stdout, /^\s*Region eu-central-1$/m);
    assert.ok(plan.changes.every((c: any) => c.action === "create"));
    const which = await panka(folder, ["outputs"]);
    assert.is(which.code, 2);
    assert.match(which.stderr, /in several regions.*: us-east-1, eu-central-1/);
    const wrong = await panka(folder, ["status", "--region", "eu-central-2"]);
    assert.is(wrong.code, 2);
    assert.match(wrong.stderr, /did you mean eu-central-1\?/);
    assert.is((await panka(folder, ["destroy", "--yes", "--region", "us-east-1"])).code, 0);
    assert.equal(
      jsonOf(await panka(folder, ["list", "--json"])).result.map((s: any) => [s.region, s.resources]),
      [["us-east-1", 0]],
    );
  });
});

test("a failure in one region ends the command before the next", async () => {
  await inFolder({ "panka.config.yaml": LOCAL, "stack.yaml": BOTH }, async (folder) => {
    const failed = await panka(folder, ["deploy", "--yes"], {
      PANKA_LOCAL_FAULTS: '[{"op":"create","type":"aws:sqs/queue:Queue","nth":1,"fail":"denied"}]',
    });
    assert.is(failed.code, 1, failed.stdout + failed.stderr);
    assert.match(failed.stdout, /Region us-east-1/);
    assert.not.match(failed.stdout, /Region eu-central-1/);
    assert.is((await panka(folder, ["deploy", "--yes"])).code, 0);
  });
});

test("all regions are checked before the first is touched, and all problems are in one report", async () => {
  const bucket = (name: string) => `${BOTH}---\n${component("S3", "files", `{ bucket: { name: "${name}" } }`)}`;
  const long = "a".repeat(52);
  const files = { "panka.config.yaml": LOCAL, "stack.yaml": bucket(`${long}-$\{REGION}`), "environments/.keep": "" };
  await inFolder(files, async (folder) => {
    // 63 characters are a bucket's most: with us-east-1 it fits, with eu-central-1 it does not.
    for (const command of [["validate"], ["plan"], ["deploy", "--yes"]]) {
      const run = await panka(folder, command);
      assert.is(run.code, 1, command.join(" ") + run.stdout);
      assert.match(run.stderr, /\(in eu-central-1\)/, command.join(" "));
      assert.not.match(run.stdout, /Region us-east-1/);
    }
    assert.not.ok(existsSync(join(folder, ".panka/stacks")), "nothing was touched");
    assert.is((await panka(folder, ["validate", "--region", "us-east-1"])).code, 0);
    writeFileSync(join(folder, "stack.yaml"), bucket("acme-files"));
    for (const command of [["validate"], ["plan"], ["deploy", "--yes"]]) {
      const run = await panka(folder, command);
      assert.is(run.code, 1, run.stdout);
      assert.match(run.stderr, /us-east-1 and eu-central-1 would both make the bucket "acme-files"/);
      assert.match(run.stderr, /next: .*\$\{REGION\}/);
    }
    writeFileSync(join(folder, "stack.yaml"), bucket("acme-files-${REGION}"));
    assert.is((await panka(folder, ["validate"])).code, 0);
  });
});

test("--region with a stack in one region is an error, and so is a region that is not listed", async () => {
  await inFolder({ "panka.config.yaml": LOCAL, "stack.yaml": stack("") }, async (folder) => {
    const alone = await panka(folder, ["deploy", "--yes", "--region", "us-east-1"]);
    assert.is(alone.code, 2);
    assert.match(alone.stderr, /names no provider\.regions/);
    for (const command of ["synth", "graph", "validate"])
      assert.is((await panka(folder, [command, "--region", "eu-west-1"])).code, 2, `${command} took a region that is not the stack's`);
    writeFileSync(join(folder, "stack.yaml"), stack(", regions: [eu-west-1, eu-central-1]"));
    const unlisted = await panka(folder, ["validate"]);
    assert.is(unlisted.code, 1);
    assert.match(unlisted.stderr + unlisted.stdout, /us-east-1 is not one of provider\.regions/);
  });
});

/** The example of the guide: one table, one zone, and a service in each region that the zone's records lead to. */
const [, GLOBAL = ""] = /^```yaml\n([\s\S]*?)^```/m.exec(readFileSync(join(ROOT, "docs/guide/regions.md"), "utf8")) ?? [];

test("two regions share one table and one zone, made in the stack's own; each has its records in the zone and its replica of the table", async () => {
  await inFolder({ "panka.config.yaml": LOCAL, "stack.yaml": GLOBAL }, async (folder) => {
    const cloud = () => JSON.parse(readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8")).resources;
    const made = (type: string): [string, any][] =>
      Object.entries<any>(cloud())
        .filter(([, r]) => r.type === type)
        .map(([key, r]) => [key.split("|")[0] as string, r.outputs]);
    const first = await panka(folder, ["plan"]);
    assert.is(first.code, 0, first.stderr);
    const done = linesOf(await panka(folder, ["deploy", "--yes", "--json"]));
    const results = done.filter((l) => l.type === "result");
    assert.equal(
      results.map((r) => r.exitCode),
      [0, 0],
      JSON.stringify(results),
    );
    const [[home, table] = [], ...tables] = made("aws:dynamodb/table:Table");
    assert.equal([home, table.replicas.map((r: any) => r.regionName), tables.length], ["us-east-1", ["eu-central-1"], 0]);
    assert.equal(
      results.map((r) => [r.outputs["orders/table"].tableName, r.outputs["orders/table"].tableArn.split(":")[3]]),
      [
        [table.name, "us-east-1"],
        [table.name, "eu-central-1"],
      ],
    );
    const zones = made("aws:route53/zone:Zone");
    assert.equal(
      zones.map(([region]) => region),
      ["us-east-1"],
    );
    const records = made("aws:route53/record:Record");
    assert.ok(records.every(([, r]) => r.zoneId === zones[0]?.[1].zoneId));
    assert.equal(records.map(([region, r]) => [region, r.name, r.setIdentifier].join(" ").trim()).sort(), [
      "eu-central-1 api.example.com eu-central-1",
      "eu-central-1 www.example.com secondary",
      "us-east-1 api.example.com us-east-1",
      "us-east-1 example.com",
      "us-east-1 www.example.com primary",
    ]);
    const may = made("aws:iam/rolePolicy:RolePolicy").filter(([, r]) => r.policy.includes("dynamodb:GetItem"));
    assert.equal(
      may.map(([region, r]) => r.policy.includes(`arn:aws:dynamodb:${region}:`)),
      [true, true],
    );
    assert.equal((await panka(folder, ["deploy", "--yes"])).stdout.match(/No changes/g)?.length, 2);
    assert.is((await panka(folder, ["destroy", "--yes"])).code, 0);
    assert.equal(cloud(), {});
  });
});

test("on S3 and DynamoDB each region has keys of its own in the same bucket and table", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasAwsCli()) return console.log("SKIP two regions on the emulator: no AWS CLI");
    const config = "version: 1\nenvironments:\n  development: { provider: local }\n";
    await inFolder({ "panka.config.yaml": config, "stack.yaml": BOTH }, async (folder) => {
      const place = ["--region", "us-east-1", "--no-kms"];
      assert.is((await panka(folder, ["backend", "create", "--yes", ...place], env)).code, 0);
      const file = join(folder, "panka.config.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace("region: us-east-1 }", 'region: us-east-1, encryption: "file:state.key" }'));
      writeFileSync(join(folder, "state.key"), `${"00".repeat(32)}\n`);
      const done = await panka(folder, ["deploy", "--yes"], env);
      assert.is(done.code, 0, done.stdout + done.stderr);
      const listed = JSON.parse(aws(endpoint, ["s3api", "list-objects-v2", "--bucket", "123456789012-panka-state"]));
      const states = listed.Contents.map((c: any) => c.Key).filter((k: string) => k.endsWith("/state.json"));
      assert.equal(states, ["stacks/two/development/eu-central-1/state.json", "stacks/two/development/us-east-1/state.json"]);
      const items = JSON.parse(aws(endpoint, ["dynamodb", "scan", "--table-name", "panka-state-locks"])).Items;
      const fences = items.map((i: any) => i.lockKey.S).filter((k: string) => k.startsWith("fence#"));
      assert.equal(fences.sort(), ["fence#two/development:region:eu-central-1", "fence#two/development:region:us-east-1"]);
    });
  });
});

test.run();
