import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { aws, hasAwsCli, withMoto } from "../support/moto.js";

const LOCAL = "version: 1\nbackend: { type: local }\nenvironments:\n  development: { provider: local }\n";

test("a team is onboarded with one command, and a second one changes nothing", async () => {
  await inFolder({ "panka.config.yaml": LOCAL, CODEOWNERS: "* @everyone\n" }, async (folder) => {
    const init = ["tenant", "init", "payments", "--team-owner", "@acme/payments", "--json"];
    const first = jsonOf(await panka(folder, init)).result;
    assert.equal(first.files, [
      ".github/workflows/panka-payments.yml",
      "CODEOWNERS",
      "stacks/payments/stack.yaml",
      "tenants/payments/tenant.yaml",
    ]);
    assert.is(first.created, true);
    const owners = readFileSync(join(folder, "CODEOWNERS"), "utf8");
    assert.match(owners, /^\* @everyone\n\n# Tenant payments/);
    assert.match(owners, /^\/stacks\/payments\/ @acme\/payments$/m);
    const again = jsonOf(await panka(folder, init)).result;
    assert.equal([again.files, again.created], [[], false]);
    assert.is(readFileSync(join(folder, "CODEOWNERS"), "utf8"), owners);
    const done = await panka(folder, ["deploy", "--stack", "payments", "--yes"]);
    assert.is(done.code, 0, done.stdout + done.stderr);
    assert.ok(existsSync(join(folder, ".panka/tenants/payments/stacks/payments/development/state.json")));
    const template = await panka(folder, ["tenant", "init", "data", "--template", "wroker"]);
    assert.is(template.code, 2);
    assert.match(template.stderr, /unknown template "wroker"; expected .*; did you mean worker\?/);
    assert.match((await panka(folder, ["tenant", "list"])).stdout, /payments +1 of 10 stacks +payments/);
    assert.match((await panka(folder, ["list"])).stdout, /payments +payments +development/);
    assert.match((await panka(folder, ["status", "--stack", "payments"])).stdout, /owner +payments/);
    const misspelt = await panka(folder, ["tenant", "show", "paymets"]);
    assert.is(misspelt.code, 2);
    assert.match(misspelt.stderr, /did you mean payments\?\n +next: panka tenant show payments/);
  });
});

test("what the platform team changes in a tenant holds for its stacks from their next plan on", async () => {
  await inFolder({ "panka.config.yaml": LOCAL }, async (folder) => {
    await panka(folder, ["tenant", "init", "payments"]);
    const file = "tenants/payments/tenant.yaml";
    const starter = readFileSync(join(folder, file), "utf8");
    const set = async (text: string) => {
      writeFileSync(join(folder, file), text);
      const applied = await panka(folder, ["tenant", "apply", file, "--yes"]);
      assert.is(applied.code, 0, applied.stdout + applied.stderr);
    };
    const plan = () => panka(folder, ["plan", "--stack", "payments"]);
    assert.match((await plan()).stdout, /VPC/);
    await set(starter.replace(/ {2}# infrastructure:\n {2}# {3}/, "  infrastructure:\n    "));
    const inherits = await plan();
    assert.is(inherits.code, 0, inherits.stdout + inherits.stderr);
    assert.not.match(inherits.stdout, /\bVPC\b/);
    await set(starter.replace("monthlyUSD: 1000", "monthlyUSD: 5"));
    const dear = await plan();
    assert.is(dear.code, 5);
    assert.match(dear.stderr, /would cost about \$\d+ a month while idle; the tenant payments allows \$5/);
    await set(starter.replace("# allowedKinds: [MicroService, Worker, Lambda, ", "allowedKinds: [Worker, "));
    const refused = await plan();
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /stack\.yaml:\d+:\d+ .*MicroService are not allowed in the tenant payments/);
    const asked = await panka(folder, ["tenant", "apply", file]);
    assert.match(asked.stdout, /no changes/);
    writeFileSync(join(folder, file), starter);
    assert.is((await panka(folder, ["tenant", "apply", file])).code, 5, "nobody was there to say yes");
  });
});

test("a tenant that is not set up is told in a notice, and one with all its stacks takes no further one", async () => {
  const stack = (name: string) =>
    `apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: { name: ${name}, tenant: data }\nspec: { provider: { name: aws, region: us-east-1 } }\n---\napiVersion: core.panka.io/v1\nkind: Service\nmetadata: { name: app }\n---\napiVersion: components.panka.io/v1\nkind: SQS\nmetadata: { name: q }\nspec: {}\n`;
  const files = { "panka.config.yaml": LOCAL, "stacks/one/stack.yaml": stack("one"), "stacks/two/stack.yaml": stack("two") };
  await inFolder(files, async (folder) => {
    const alone = await panka(folder, ["plan", "--stack", "one"]);
    assert.is(alone.code, 0, alone.stderr);
    assert.match(alone.stderr, /no tenant data is set up/);
    await panka(folder, ["tenant", "init", "data"]);
    const file = join(folder, "tenants/data/tenant.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("stacks: 10", "stacks: 1"));
    await panka(folder, ["tenant", "apply", file, "--yes"]);
    assert.is((await panka(folder, ["deploy", "--stack", "one", "--yes"])).code, 0);
    const second = await panka(folder, ["deploy", "--stack", "two", "--yes"]);
    assert.is(second.code, 5);
    assert.match(second.stderr, /the tenant data has 1 stacks \(one\) and may have 1/);
    assert.is((await panka(folder, ["deploy", "--stack", "one", "--yes"])).code, 0);
  });
});

test("on S3 and DynamoDB a tenant's state and locks lie apart, and its deployers may write only there", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasAwsCli()) return console.log("SKIP a tenant on the emulator: no AWS CLI");
    const config = "version: 1\nenvironments:\n  development: { provider: local }\n";
    await inFolder({ "panka.config.yaml": config }, async (folder) => {
      const made = await panka(folder, ["backend", "create", "--yes", "--region", "us-east-1", "--no-kms"], env);
      assert.is(made.code, 0, made.stdout + made.stderr);
      const key = join(folder, "panka.config.yaml");
      writeFileSync(key, readFileSync(key, "utf8").replace("region: us-east-1 }", 'region: us-east-1, encryption: "file:state.key" }'));
      writeFileSync(join(folder, "state.key"), `${"00".repeat(32)}\n`);
      const init = await panka(folder, ["tenant", "init", "payments"], env);
      assert.is(init.code, 0, init.stdout + init.stderr);
      const done = await panka(folder, ["deploy", "--stack", "payments", "--yes"], env);
      assert.is(done.code, 0, done.stdout + done.stderr);
      const listed = JSON.parse(aws(endpoint, ["s3api", "list-objects-v2", "--bucket", "123456789012-panka-state"]));
      const keys: string[] = listed.Contents.map((c: any) => c.Key);
      assert.ok(keys.includes("tenants/payments/stacks/payments/development/state.json"), keys.join("\n"));
      assert.equal(
        keys.filter((k) => !k.startsWith("tenants/payments/")),
        [],
      );
      const items = JSON.parse(aws(endpoint, ["dynamodb", "scan", "--table-name", "panka-state-locks"])).Items;
      assert.ok(items.length > 0);
      for (const item of items) assert.match(JSON.stringify(item), /:backend:[0-9a-f]{12}/);
      const policy = JSON.parse(readFileSync(join(folder, "tenants/payments/deployer-policy.json"), "utf8"));
      const write = policy.Statement.find((s: any) => s.Sid === "WriteState");
      assert.is(write.Resource, "arn:aws:s3:::123456789012-panka-state/tenants/payments/*");
      assert.match((await panka(folder, ["status", "--stack", "payments/payments"], env)).stdout, /payments in development/);
    });
  });
});

test.run();
