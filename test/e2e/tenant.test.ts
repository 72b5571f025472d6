import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parse } from "yaml";
import { type Finished, inFolder, jsonOf, panka } from "../support/cli.js";
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
    assert.equal(Object.keys(parse(readFileSync(join(folder, ".github/workflows/panka-payments.yml"), "utf8")).jobs), ["validate"]);
    assert.match(first.checklist.join("\n"), /No environment has provider: aws/);
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

/** Who is asked about a file, by git's own rules for patterns, whose last match counts, too; a folder stands for all below it. */
function ownerOf(folder: string, path: string): string {
  const lines = readFileSync(join(folder, "CODEOWNERS"), "utf8").split("\n");
  writeFileSync(
    join(folder, ".gitattributes"),
    lines.map((line) => line.replace(/\/? @/, (end) => `${end === " @" ? "" : "/**"} owner=@`)).join("\n"),
  );
  return execFileSync("git", ["check-attr", "owner", "--", path], { cwd: folder, encoding: "utf8" }).trim().split(": ")[2] ?? "";
}

test("the platform team is asked about whatever says how a team's stacks run, wherever the usual layout puts it", async () => {
  await inFolder({ "panka.config.yaml": LOCAL }, async (folder) => {
    execFileSync("git", ["init", "-q"], { cwd: folder });
    const made = await panka(folder, [
      "tenant",
      "init",
      "shop",
      "-t",
      "web-service",
      "--team-owner",
      "@acme/shop",
      "--platform-owner",
      "@acme/platform",
    ]);
    assert.is(made.code, 0, made.stderr);
    const platforms = [
      "stacks/shop/infra/defaults.yaml",
      "stacks/shop/infra/networking.yaml",
      "stacks/shop/infra/anything.yaml",
      "stacks/shop/compliance.yml",
      "stacks/shop/services/a/infra.yml",
      "stacks/shop/services/a/components/b/infra.yaml",
      "stacks/shop/environments/production/security.yaml",
      "stacks/shop/environments/production/infra/observability.yaml",
      "tenants/shop/tenant.yaml",
      ".github/workflows/panka-shop.yml",
      "panka.config.yaml",
      "CODEOWNERS",
      ".github/CODEOWNERS",
    ];
    for (const path of platforms) assert.is(ownerOf(folder, path), "@acme/platform", path);
    for (const path of ["stacks/shop/stack.yaml", "stacks/shop/services/a/service.yaml"])
      assert.is(ownerOf(folder, path), "@acme/shop", path);
    assert.is(ownerOf(folder, "stacks/other/stack.yaml"), "unspecified");
  });
});

test("a template comes whole, as what a stack of the tenant is made from, and does not come back once it was changed", async () => {
  await inFolder({ "panka.config.yaml": `${LOCAL}  production: { provider: local }\n` }, async (folder) => {
    const files = jsonOf(await panka(folder, ["tenant", "init", "shop", "-t", "web-service", "--json"])).result.files;
    assert.ok(files.includes("stacks/shop/environments/production/api.yaml"), files.join("\n"));
    const plan = jsonOf(await panka(folder, ["plan", "--stack", "shop", "-e", "production", "--json"]));
    const target = plan.changes.find((c: any) => /scalableTarget|appautoscaling.target/i.test(c.type));
    assert.ok(target, "its overlay counts in production");
    writeFileSync(join(folder, "stacks/shop/stack.yaml"), "");
    rmSync(join(folder, "stacks/shop/environments"), { recursive: true });
    assert.equal(jsonOf(await panka(folder, ["tenant", "init", "shop", "-t", "web-service", "--json"])).result.files, []);
    const own = `apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: { name: shop, tenant: shop }\nspec: { provider: { name: aws, region: us-east-1 } }\n---\napiVersion: infra.panka.io/v1\nkind: Compliance\nmetadata: { name: c }\nspec: { requiredTags: [] }\n`;
    writeFileSync(join(folder, "stacks/shop/stack.yaml"), own);
    const refused = await panka(folder, ["plan", "--stack", "shop"]);
    assert.match(refused.stderr, /the tenant shop sets Compliance, so a stack has none of its own/);
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
    await set(starter.replace("# Networking:", "Networking:"));
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

/** Types the checklist's commands, and reads what they made. */
function checkRoles(folder: string, endpoint: string, checklist: string[]): void {
  const commands = checklist.map((line) => /\baws iam .*/.exec(line)?.[0]).filter((line) => line !== undefined);
  assert.is(commands.length, 8);
  for (const command of commands) aws(endpoint, command.replaceAll("file://", `file://${folder}/`).split(" ").slice(1));
  const role = JSON.parse(aws(endpoint, ["iam", "get-role", "--role-name", "payments-deployer"])).Role;
  assert.is(role.Arn, "arn:aws:iam::123456789012:role/panka/payments-deployer");
  const [github, itself] = role.AssumeRolePolicyDocument.Statement;
  const provider = JSON.parse(aws(endpoint, ["iam", "list-open-id-connect-providers"])).OpenIDConnectProviderList[0].Arn;
  assert.is(github.Principal.Federated, provider);
  const subject = "token.actions.githubusercontent.com:sub";
  assert.equal(github.Condition.StringEquals[subject], ["repo:acme/apps:environment:live", "repo:acme/apps:environment:staging"]);
  assert.is(itself.Condition.ArnEquals["aws:PrincipalArn"], role.Arn);
  assert.match(readFileSync(join(folder, "tenants/payments/tenant.yaml"), "utf8"), new RegExp(`assumeRoleArn: ${role.Arn}`));
  const planner = JSON.parse(aws(endpoint, ["iam", "get-role", "--role-name", "payments-planner"])).Role;
  assert.equal(planner.AssumeRolePolicyDocument.Statement[0].Condition.StringEquals[subject], [
    "repo:acme/apps:pull_request",
    "repo:acme/apps:ref:refs/heads/main",
  ]);
  const approver = JSON.parse(aws(endpoint, ["iam", "get-role", "--role-name", "payments-approver"])).Role;
  assert.equal(approver.AssumeRolePolicyDocument.Statement[0].Condition.ArnNotLike["aws:PrincipalArn"], [
    "arn:aws:iam::123456789012:role/panka/payments-*",
    "arn:aws:iam::123456789012:role/payments-*",
  ]);
  const names = JSON.parse(aws(endpoint, ["iam", "list-role-policies", "--role-name", "payments-deployer"])).PolicyNames;
  assert.equal(names.sort(), ["deployer-policy", "stacks-policy"]);
}

/** Runs the commands of the workflow as they stand, but on the model of AWS. */
async function checkWorkflow(folder: string, env: Record<string, string>): Promise<void> {
  const version = jsonOf(await panka(folder, ["version", "--json"])).result.panka;
  const { jobs } = parse(readFileSync(join(folder, ".github/workflows/panka-payments.yml"), "utf8"));
  assert.equal(Object.keys(jobs), ["plan", "deploy-staging", "plan-live", "deploy-live"]);
  assert.equal(jobs.plan.strategy.matrix.environment, ["staging", "live"]);
  assert.equal([jobs["plan-live"].needs, jobs["deploy-live"].needs], ["deploy-staging", "plan-live"]);
  const role = (job: any) => job.steps.find((s: any) => s.with?.["role-to-assume"]).with["role-to-assume"];
  assert.match(role(jobs.plan), /payments-planner$/);
  assert.match(role(jobs["plan-live"]), /payments-planner$/);
  assert.match(role(jobs["deploy-staging"]), /payments-deployer$/);
  const run = (job: any, environment = ""): Promise<Finished> => {
    const line = job.steps.find((s: any) => s.run).run.replace("${{ matrix.environment }}", environment);
    assert.ok(line.startsWith(`npx --yes panka@${version} `), line);
    return panka(folder, line.split(" ").slice(3), { ...env, PANKA_PROVIDER: "local" });
  };
  for (const environment of jobs.plan.strategy.matrix.environment) {
    const planned = await run(jobs.plan, environment);
    assert.is(planned.code, 0, planned.stdout + planned.stderr);
  }
  const deployed = await run(jobs["deploy-staging"]);
  assert.is(deployed.code, 0, deployed.stdout + deployed.stderr);
  const saved = await run(jobs["plan-live"]);
  assert.is(saved.code, 0, saved.stdout + saved.stderr);
  const refused = await run(jobs["deploy-live"]);
  assert.is(refused.code, 5, refused.stdout + refused.stderr);
  assert.match(refused.stderr, /nobody has approved the plan plan\.json/);
}

test("on S3 and DynamoDB a tenant's state and locks lie apart, its roles may write only there, and its workflow runs", async () => {
  await withMoto(async (endpoint, env) => {
    if (!hasAwsCli()) return console.log("SKIP a tenant on the emulator: no AWS CLI");
    const config =
      "version: 1\nenvironments:\n  development: { provider: local }\n  live: { provider: aws, approval: {} }\n  staging: { provider: aws }\n";
    await inFolder({ "panka.config.yaml": config }, async (folder) => {
      const made = await panka(folder, ["backend", "create", "--yes", "--region", "us-east-1", "--no-kms"], env);
      assert.is(made.code, 0, made.stdout + made.stderr);
      const key = join(folder, "panka.config.yaml");
      writeFileSync(key, readFileSync(key, "utf8").replace("region: us-east-1 }", 'region: us-east-1, encryption: "file:state.key" }'));
      writeFileSync(join(folder, "state.key"), `${"00".repeat(32)}\n`);
      const init = await panka(folder, ["tenant", "init", "payments"], env);
      assert.is(init.code, 0, init.stdout + init.stderr);
      assert.match(init.stdout, /Run this again with --repository OWNER\/NAME/);
      execFileSync("git", ["init", "-q"], { cwd: folder });
      execFileSync("git", ["remote", "add", "origin", "git@github.com:acme/apps.git"], { cwd: folder });
      const again = jsonOf(await panka(folder, ["tenant", "init", "payments", "--json"], env)).result;
      assert.equal(again.files, ["tenants/payments/deployer-trust.json", "tenants/payments/planner-trust.json"]);
      checkRoles(folder, endpoint, again.checklist);
      await checkWorkflow(folder, env);
      const done = await panka(folder, ["deploy", "--stack", "payments", "--yes"], env);
      assert.is(done.code, 0, done.stdout + done.stderr);
      const listed = JSON.parse(aws(endpoint, ["s3api", "list-objects-v2", "--bucket", "123456789012-panka-state"]));
      const keys: string[] = listed.Contents.map((c: any) => c.Key);
      assert.ok(keys.includes("tenants/payments/stacks/payments/development/state.json"), keys.join("\n"));
      assert.ok(keys.includes("tenants/payments/stacks/payments/staging/state.json"), keys.join("\n"));
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
      const kept = policy.Statement.find((s: any) => s.Sid === "PlatformsDocument");
      assert.equal([kept.Effect, kept.Resource], ["Deny", "arn:aws:s3:::123456789012-panka-state/tenants/payments/tenant.yaml"]);
      const stacks = JSON.parse(readFileSync(join(folder, "tenants/payments/stacks-policy.json"), "utf8"));
      assert.ok(!stacks.Statement.find((s: any) => s.Sid === "Others").Action.some((a: string) => /^(s3|dynamodb|iam|kms):\*/.test(a)));
      assert.match((await panka(folder, ["status", "--stack", "payments/payments"], env)).stdout, /payments in development/);
    });
  });
});

test.run();
