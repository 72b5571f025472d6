import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Assembly } from "../../../framework/model/index.js";
import { roleArn, roleFiles } from "../../../framework/operations/account-roles.js";
import { ROOT } from "../../support/source-tree.js";

interface Policy {
  Statement: { Sid: string; Effect: string; Action: string[]; Resource: string | string[]; Condition?: any }[];
}

const files = roleFiles({
  name: "payments",
  account: "123456789012",
  repository: undefined,
  environments: [],
  backend: { type: "s3", bucket: "state", region: "us-east-1" },
  locks: { type: "dynamodb", table: "locks", region: "us-east-1" },
});
const policyOf = (what: string) => files[`tenants/payments/${what}-policy.json`] as Policy;

function allows({ Statement }: Policy, call: string): boolean {
  const matches = (pattern: string): boolean => new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(call);
  return Statement.some(({ Effect, Action }) => Effect === "Allow" && Action.some(matches));
}

const folder = join(ROOT, "test/golden/assemblies");
const goldens = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));

/** What each data source asks for, by the source of the provider; one that needs no permission asks for nothing. */
const CALLS: { [source: string]: string[] } = {
  "apigateway/getRestApi": ["apigateway:GET"],
  "dynamodb/getTable": ["DescribeContinuousBackups", "DescribeTable", "DescribeTimeToLive", "ListTagsOfResource"].map(
    (c) => `dynamodb:${c}`,
  ),
  "iam/getOpenIdConnectProvider": ["iam:GetOpenIDConnectProvider", "iam:ListOpenIDConnectProviders"],
  "index/getAvailabilityZones": ["ec2:DescribeAvailabilityZones"],
  "index/getCallerIdentity": [],
  "msk/getConfiguration": ["kafka:DescribeConfigurationRevision", "kafka:ListConfigurations"],
  "route53/getZone": ["route53:GetHostedZone", "route53:ListHostedZones", "route53:ListTagsForResource"],
  "secretsmanager/getSecret": ["secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy"],
  "servicediscovery/getDnsNamespace": ["GetNamespace", "ListNamespaces", "ListTagsForResource"].map((c) => `servicediscovery:${c}`),
  "sns/getTopic": ["sns:ListTagsForResource", "sns:ListTopics"],
  "ssm/getParameter": ["ssm:GetParameter"],
};

/** The value of a secret: nothing that a pull request changes may read it. */
const NEVER_PLANNED = "secretsmanager/getSecretVersion";

test("who plans and who deploys may look up what kinds look up", () => {
  const named = new Set(goldens.flatMap((text) => [...text.matchAll(/"token": ?"aws:(\w+\/\w+):/g)].map((m) => m[1] as string)));
  assert.ok(named.size > 5, [...named].join());
  for (const source of named) assert.ok(source === NEVER_PLANNED || CALLS[source], `${source}: which calls does it make?`);
  for (const call of Object.values(CALLS).flat())
    for (const who of ["planner", "stacks"]) assert.ok(allows(policyOf(who), call), `${who}: ${call}`);
  assert.not.ok(allows(policyOf("planner"), "secretsmanager:GetSecretValue"));
});

/** Services whose actions are called otherwise than the provider's modules. */
const SERVICES: { [module: string]: string } = {
  appautoscaling: "application-autoscaling",
  apigatewayv2: "apigateway",
  docdb: "rds",
  ebs: "ec2",
  efs: "elasticfilesystem",
  lb: "elasticloadbalancing",
  msk: "kafka",
  sfn: "states",
  vpc: "ec2",
};

test("who deploys may use each service that kinds make something of; keys are the platform's", () => {
  const modules = goldens.flatMap((text) => (JSON.parse(text) as Assembly).resources.map(({ type }) => /^aws:(\w+)\//.exec(type)?.[1]));
  const made = policyOf("stacks").Statement.filter(({ Sid }) => Sid !== "LookUp");
  const refused = [...new Set(modules)].filter(
    (module) => module && !made.some(({ Action }) => Action.some((a) => a.startsWith(`${SERVICES[module] ?? module}:`))),
  );
  assert.equal(refused, []);
  const keys = made.filter(({ Action }) => Action.some((a) => a.startsWith("kms:")));
  assert.equal(
    keys.map(({ Sid, Condition }) => [Sid, Condition]),
    [["KeysOfThePlatform", { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/payments-*" } }]],
  );
  // A key's ARN has no name that tells whose it is; a tag or an alias that the team can give tells nothing.
  for (const call of ["CreateAlias", "CreateKey", "PutKeyPolicy", "ScheduleKeyDeletion", "TagResource", "UpdateAlias"])
    assert.not.ok(allows(policyOf("stacks"), `kms:${call}`), call);
});

test("who approves reads the state and the locks of the tenant and writes approvals, nothing else; who deploys may write none", () => {
  const { Statement } = policyOf("approver");
  const writes = Statement.filter(({ Action }) => Action.some((a) => !/^(s3|dynamodb):(Get|List)|^kms:/.test(a)));
  assert.equal(
    writes.map(({ Action, Resource }) => [Action, Resource]),
    [[["s3:PutObject"], "arn:aws:s3:::state/tenants/payments/*/approvals/*"]],
  );
  for (const { Sid, Resource } of Statement.filter(({ Action }) => Action.some((a) => a.startsWith("s3:") && a !== "s3:ListBucket")))
    assert.match(String(Resource), /^arn:aws:s3:::state\/tenants\/payments\//, Sid);
  assert.ok(policyOf("deployer").Statement.some((s) => s.Effect === "Deny" && s.Resource === writes[0]?.Resource));
});

test("a role of the pipeline, or one that a deployment may make, can't take the approver's", () => {
  const { Statement } = files["tenants/payments/approver-trust.json"] as Policy;
  assert.equal(
    Statement.map((s) => s.Sid),
    ["People"],
  );
  const refused: string[] = Statement[0]?.Condition.ArnNotLike["aws:PrincipalArn"];
  const isRefused = (arn: string) => refused.some((p) => new RegExp(`^${p.replaceAll("*", ".*")}$`).test(arn));
  for (const role of ["deployer", "planner", "approver"] as const) assert.ok(isRefused(roleArn(role, "payments", "123456789012")), role);
  const makes = policyOf("stacks").Statement.find((s) => s.Sid === "Roles")?.Resource as string[];
  for (const made of makes.filter((arn) => arn.includes(":role/"))) assert.ok(isRefused(made.replace("*", "live-own")), made);
  assert.not.ok(isRefused("arn:aws:iam::123456789012:role/release-managers"));
});

test("both policies of the deployer fit into one role: 10,240 characters (IAM quotas)", () => {
  assert.ok(["deployer", "stacks"].map((what) => JSON.stringify(policyOf(what)).length).reduce((a, b) => a + b) < 10_240);
});

test.run();
