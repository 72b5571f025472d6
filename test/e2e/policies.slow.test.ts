import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AwsCall, type AwsProxy, startAwsProxy } from "../support/aws-proxy.js";
import { actionsOf, allows, needsOf, type Policy } from "../support/iam-check.js";
import { type Finished, fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { aws, withMoto } from "../support/moto.js";
import { stackHead } from "../support/stack-text.js";

/** A topic, and a database whose password comes from a look-up: a secret value in journal and state, so that the key is used. */
const STACK = `${stackHead("ruled")}---
apiVersion: components.panka.io/v1
kind: SNS
metadata: { name: events }
---
apiVersion: components.panka.io/v1
kind: RDS
metadata: { name: db }
spec:
  engine: { type: postgres, version: "16" }
  instance: { class: db.t4g.micro, storage: { allocatedGB: 20 } }
  database: { name: users, username: app, passwordSecret: { ref: existing-secret } }
`;
const CONFIG = `version: 1
environments:
  development: { provider: local }
  staging: { provider: local, approval: { by: [alice, "arn:aws:iam::*:user/bob"] } }
`;
const E = ["-e", "development"];
const PLACE = ["--bucket", "panka-state-test", "--table", "panka-state-locks", "--region", "us-east-1"];

/** The state, the password in it, lies in the bucket as sealed bytes only, and a run that may not use the key stops before it changes anything, naming the key. */
async function sealed(folder: string, env: Record<string, string>, target: string, proxy: AwsProxy): Promise<void> {
  const state = aws(target, ["s3", "cp", "s3://panka-state-test/stacks/ruled/development/state.json", "-"]);
  assert.match(state, /^\{"fence":\d+,"sealed":"[^"]+","serial":\d+,"version":\d+\}\s*$/);
  proxy.calls.length = 0;
  proxy.fault = (call) =>
    call.service === "kms"
      ? { status: 400, body: JSON.stringify({ __type: "AccessDeniedException", message: "not authorized to perform: kms:Decrypt" }) }
      : undefined;
  const refused = await panka(folder, ["deploy", "--yes", "--refresh", ...E], env);
  proxy.fault = () => undefined;
  assert.is(refused.code, 1, refused.stdout + refused.stderr);
  assert.match(refused.stdout + refused.stderr, /alias\/panka-state/);
}

/** Credentials of a new IAM user. */
function userNamed(target: string, name: string): Record<string, string> {
  aws(target, ["iam", "create-user", "--user-name", name]);
  const { AccessKey } = JSON.parse(aws(target, ["iam", "create-access-key", "--user-name", name]));
  return { AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId, AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey };
}

/** A plan is saved by one user, approved by another, and deployed; who is who says AWS. Returns what the approver called. */
async function approved(folder: string, env: Record<string, string>, target: string, proxy: AwsProxy): Promise<AwsCall[]> {
  const as = (name: string) => {
    const own = { ...env, ...userNamed(target, name) };
    return (...args: string[]) => panka(folder, args, own);
  };
  const [alice, bob, carol] = [as("alice"), as("bob"), as("carol")];
  const refused = async (ran: Promise<Finished>, why: RegExp): Promise<void> => {
    const { code, stdout, stderr } = await ran;
    assert.is(code, 5, stdout + stderr);
    assert.match(stdout + stderr, why);
  };
  await refused(alice("deploy", "--yes", "-e", "staging"), /takes approved plans only.*panka plan -e staging --out plan\.json/s);
  fine(await alice("plan", "-e", "staging", "--out", "plan.json"));
  assert.is(JSON.parse(readFileSync(join(folder, "plan.json"), "utf8")).by, "arn:aws:iam::123456789012:user/alice");
  fine(await alice("approve", "plan.json", "--yes"));
  await refused(
    alice("deploy", "--plan", "plan.json", "--yes"),
    /you \(arn:aws:iam::123456789012:user\/alice\) approved the plan plan\.json yourself/,
  );
  await refused(carol("approve", "plan.json", "--yes"), /user\/carol may not approve plans for staging/);
  proxy.calls.length = 0;
  fine(await bob("approve", "plan.json", "--yes"));
  const puts = proxy.calls.filter((call) => call.operation === "PUT object").map((call) => call.url);
  assert.ok(puts.length === 1 && /\/staging\/approvals\/[0-9a-f]{64}\.json/.test(puts[0] ?? ""), puts.join(" "));
  const approving = [...proxy.calls];
  const { id } = JSON.parse(readFileSync(join(folder, "plan.json"), "utf8"));
  const object = aws(target, ["s3", "cp", `s3://panka-state-test/stacks/ruled/staging/approvals/${id}.json`, "-"]);
  assert.match(object, /^\{"sealed":"[^"]+","version":2\}\s*$/);
  fine(await alice("deploy", "--plan", "plan.json"));
  const [release] = jsonOf(await alice("history", "--json", "-e", "staging")).result;
  assert.equal([release.plan, release.approvedBy], [id, ["arn:aws:iam::123456789012:user/bob"]]);
  return approving;
}

/** It allows what was called, on what it was called for, and nothing that was not called. */
function fits(policy: Policy, calls: readonly AwsCall[]): void {
  const granted = policy.Statement.flatMap((s) => (s.Effect === "Allow" ? s.Action : []));
  assert.equal([...new Set(granted)].sort(), actionsOf(calls));
  const refused = calls.flatMap(needsOf).filter((need) => !allows(policy, need));
  assert.equal(refused, []);
}

test("the policies of backend create allow what runs really call, and nothing that none calls; plans are approved by another IAM user; secret values are sealed by the KMS key, and no run goes on without it", async () => {
  await withMoto(async (target, moto) => {
    const proxy = await startAwsProxy(target);
    const env = { ...moto, AWS_ENDPOINT_URL: proxy.endpoint };
    const used = async (folder: string, commands: string[][], codes = [0]): Promise<AwsCall[]> => {
      proxy.calls.length = 0;
      for (const args of commands) {
        const ran = await panka(folder, [...args, ...E], env);
        assert.ok(codes.includes(ran.code ?? -1), `${args.join(" ")}: ${ran.code}\n${ran.stdout}\n${ran.stderr}`);
      }
      return [...proxy.calls];
    };
    try {
      await inFolder({ "stack.yaml": STACK, "panka.config.yaml": CONFIG }, async (folder) => {
        const policies = jsonOf(await panka(folder, ["backend", "create", "--print-policies", ...PLACE, ...E], env));
        const making = await used(folder, [
          ["backend", "create", "--yes", ...PLACE],
          ["backend", "check"],
        ]);
        const deploying = await used(folder, [
          ["deploy", "--yes"],
          ["deploy", "--yes", "--refresh"],
          ["destroy", "--yes", "--lock-scope", "component", "--component", "app/events"],
        ]);
        await sealed(folder, env, target, proxy);
        const reading = await used(folder, [["list"], ["show", "app/db"], ["history"], ["state", "history"], ["state", "locks"], ["plan"]]);
        proxy.calls.length = 0;
        const killed = await panka(folder, ["destroy", "--yes", ...E], { ...env, PANKA_FAULT: "journal:intent-durable" });
        assert.is(killed.signal, "SIGKILL", killed.stderr);
        const [lock] = jsonOf(await panka(folder, ["state", "locks", "--json", ...E], env)).result;
        const freeing = await used(folder, [["unlock", "--lock-id", lock.lockId, "--yes"]]);
        const deleting = await used(folder, [["destroy", "--yes"]]);
        fits(policies.deployer, [...deploying, ...deleting]);
        fits(policies.reader, reading);
        const approving = await approved(folder, env, target, proxy);
        fits(policies.approver, [...reading, ...approving]);
        fits(policies.operator, [...making, ...freeing, ...deploying, ...deleting]);
      });
    } finally {
      await proxy.stop();
    }
  });
});

test.run();
