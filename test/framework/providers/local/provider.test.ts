import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Clock } from "../../../../framework/base/clock.js";
import {
  isProviderError,
  type PriorResource,
  type Props,
  type Provider,
  type ProviderResult,
} from "../../../../framework/model/provider.js";
import { listToken } from "../../../../framework/model/listings.js";
import { hasUnknown, UNKNOWN } from "../../../../framework/model/values.js";
import { loadSchemaIndex } from "../../../../framework/providers/aws/schema-index.js";
import { createLocalProvider, type LocalProviderOptions } from "../../../../framework/providers/local/provider.js";

const schemas = loadSchemaIndex("framework/providers/aws/data");
const clock: Clock = { now: Date.now, monotonic: () => performance.now(), sleep: (ms) => new Promise((r) => setTimeout(r, ms)) };
const test = suite<{ folder: string }>("local provider");
test.before.each((ctx) => {
  ctx.folder = mkdtempSync(join(tmpdir(), "panka-local-"));
});
test.after.each((ctx) => rmSync(ctx.folder, { recursive: true, force: true }));

const open = (folder: string, more: Partial<LocalProviderOptions> = {}): Provider =>
  createLocalProvider({ file: join(folder, "local-cloud.json"), schemas, region: "eu-west-1", clock, ...more });
const QUEUE = "aws:sqs/queue:Queue";
const TABLE = "aws:dynamodb/table:Table";
const urn = (type: string, name = "x") => `urn:pulumi:dev::s::${type}::a/${name}`;
const call = (type: string, inputs: Props, name?: string) => ({ urn: urn(type, name), type, inputs });
const prior = (inputs: Props, r: ProviderResult): PriorResource => ({
  id: r.id,
  inputs,
  outputs: r.outputs,
  private: r.private,
  schemaVersion: r.schemaVersion,
});
const caught = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

test("a created queue has the id, URL and ARN that AWS would give, in the account that no one has", async ({ folder }) => {
  const p = open(folder);
  const made = await p.create(call(QUEUE, { name: "jobs", tags: { a: "b" } }));
  assert.is(made.id, "https://sqs.eu-west-1.amazonaws.com/000000000000/jobs");
  assert.is(made.outputs.url, made.id);
  assert.is(made.outputs.arn, "arn:aws:sqs:eu-west-1:000000000000:jobs");
  assert.equal(made.outputs.tagsAll, { a: "b" });
  assert.not(hasUnknown(made.outputs));
  assert.equal(await p.identity(), { name: "local", account: "000000000000", region: "eu-west-1", endpoint: "" });
});

test("what only the cloud decides is unknown in a plan and never afterwards", async ({ folder }) => {
  const p = open(folder);
  const plan = await p.plan({ ...call(QUEUE, { name: "jobs" }), prior: null });
  assert.is(plan.action, "create");
  assert.equal([plan.outputs.arn, plan.outputs.url], [UNKNOWN, UNKNOWN]);
  assert.is(plan.outputs.name, "jobs");
});

test("a second provider on the same file, as after a restart, reads what the first one made", async ({ folder }) => {
  const made = await open(folder).create(call(QUEUE, { name: "jobs" }));
  const again = await open(folder).read({ urn: urn(QUEUE), type: QUEUE, prior: prior({ name: "jobs" }, made) });
  assert.equal(again?.outputs, made.outputs);
});

test("the same inputs plan as same, a changed one as update, and deleting what is gone is no error", async ({ folder }) => {
  const p = open(folder);
  const made = await p.create(call(QUEUE, { name: "jobs" }));
  const before = prior({ name: "jobs" }, made);
  assert.is((await p.plan({ ...call(QUEUE, { name: "jobs" }), prior: before })).action, "same");
  const change = call(QUEUE, { name: "jobs", delaySeconds: 5 });
  const plan = await p.plan({ ...change, prior: before });
  assert.equal([plan.action, plan.changedPaths], ["update", ["delaySeconds"]]);
  assert.is((await p.update({ ...change, prior: before })).outputs.delaySeconds, 5);
  await p.delete({ ...change, prior: before });
  await p.delete({ ...change, prior: before });
  assert.is(await p.read({ urn: urn(QUEUE), type: QUEUE, prior: before }), null);
});

test("an ignored change is no change", async ({ folder }) => {
  const p = open(folder);
  const made = await p.create(call(QUEUE, { name: "jobs", delaySeconds: 1 }));
  const plan = await p.plan({
    ...call(QUEUE, { name: "jobs", delaySeconds: 9 }),
    prior: prior({ name: "jobs", delaySeconds: 1 }, made),
    ignoreChanges: ["delaySeconds"],
  });
  assert.is(plan.action, "same");
});

test("beside an ignored property of a group the others of the group are changed", async ({ folder }) => {
  const p = open(folder);
  const nodes = (desiredSize: number, maxSize: number) => ({
    ...{ clusterName: "kube", nodeRoleArn: "arn:aws:iam::123456789012:role/nodes", subnetIds: ["subnet-1"] },
    scalingConfig: { desiredSize, minSize: 1, maxSize },
  });
  const type = "aws:eks/nodeGroup:NodeGroup";
  const before = prior(nodes(1, 3), await p.create(call(type, nodes(1, 3))));
  const ask = async (desiredSize: number, maxSize: number): Promise<string> =>
    (await p.plan({ ...call(type, nodes(desiredSize, maxSize)), prior: before, ignoreChanges: ["scalingConfig.desiredSize"] })).action;
  assert.equal([await ask(2, 3), await ask(2, 5)], ["same", "update"]);
});

test("unknown, missing and mistyped properties are all reported, the unknown one with the nearest name", async ({ folder }) => {
  const p = open(folder);
  const found = await p.validate(call(QUEUE, { nam: "jobs", delaySeconds: "soon", arn: "x" }));
  assert.equal(
    found.map((d) => [d.code, d.path, d.suggestion]),
    [
      ["unknown-property", "nam", "name"],
      ["wrong-type", "delaySeconds", undefined],
      ["read-only-property", "arn", undefined],
    ],
  );
  assert.ok(isProviderError(await caught(p.create(call(QUEUE, { nam: "jobs" }))), "invalid"));
});

test("a table of a taken name is a conflict, a queue of a taken name and equal attributes is given back", async ({ folder }) => {
  const p = open(folder);
  const table = call(TABLE, { name: "users", hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" });
  await p.create(table);
  const error = await caught(p.create(table));
  assert.ok(isProviderError(error, "conflict"));
  assert.is((error as { outcome: string }).outcome, "none");
  const first = await p.create(call(QUEUE, { name: "jobs", delaySeconds: 3 }));
  assert.is((await p.create(call(QUEUE, { name: "jobs", delaySeconds: 3 }, "y"))).id, first.id);
  assert.ok(isProviderError(await caught(p.create(call(QUEUE, { name: "jobs", delaySeconds: 4 }))), "conflict"));
});

test("a reference to what this cloud never had or had and lost is refused, one to the outside is believed", async ({ folder }) => {
  const p = open(folder);
  const POLICY = "aws:sqs/queuePolicy:QueuePolicy";
  const policy = (queueUrl: string) => call(POLICY, { queueUrl, policy: "{}" });
  assert.ok(isProviderError(await caught(p.create(policy("https://sqs.eu-west-1.amazonaws.com/000000000000/nope"))), "not-found"));
  await p.create(policy("https://sqs.eu-west-1.amazonaws.com/999999999999/theirs"));
  const queue = await p.create(call(QUEUE, { name: "jobs" }));
  await p.create(policy(queue.id));
  await p.delete({ ...call(QUEUE, {}), prior: prior({}, queue) });
  assert.ok(isProviderError(await caught(p.create(policy(queue.id))), "not-found"));
});

test("a VPC with a subnet in it can't be deleted", async ({ folder }) => {
  const p = open(folder);
  const vpc = await p.create(call("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }));
  assert.match(vpc.id, /^vpc-10ca1[0-9a-f]{12}$/);
  await p.create(call("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock: "10.0.1.0/24" }));
  const error = await caught(p.delete({ ...call("aws:ec2/vpc:Vpc", {}), prior: prior({}, vpc) }));
  assert.match((error as Error).message, /DependencyViolation/);
});

test("the rotation of a password that a database manages names the database's own secret, and goes with the database", async ({
  folder,
}) => {
  const p = open(folder);
  const DATABASE = "aws:rds/instance:Instance";
  const inputs = { identifier: "db", engine: "postgres", instanceClass: "db.t4g.micro", manageMasterUserPassword: true };
  const database = await p.create(call(DATABASE, inputs));
  const [{ secretArn }] = database.outputs.masterUserSecrets as [{ secretArn: string }];
  const rotation = { secretId: secretArn, rotationRules: { automaticallyAfterDays: 30 } };
  const made = await p.create(call("aws:secretsmanager/secretRotation:SecretRotation", rotation));
  await p.delete({ ...call(DATABASE, inputs), prior: prior(inputs, database) });
  const read = { ...call("aws:secretsmanager/secretRotation:SecretRotation", rotation), prior: prior(rotation, made) };
  assert.is(await p.read(read), null);
});

test("import finds by import id and gives back inputs that plan as same", async ({ folder }) => {
  const p = open(folder);
  const inputs: Props = { name: "users", hashKey: "id", attributes: [{ name: "id", type: "S" }], billingMode: "PAY_PER_REQUEST" };
  await p.create(call(TABLE, inputs));
  const found = await p.import({ urn: urn(TABLE), type: TABLE, importId: "users" });
  assert.ok(found);
  assert.is((await p.plan({ ...call(TABLE, found.inputs), prior: prior(found.inputs, found) })).action, "same");
  assert.is(await p.import({ urn: urn(TABLE), type: TABLE, importId: "nobody" }), null);
});

test("resources are found by their tags, all of them", async ({ folder }) => {
  const p = open(folder);
  await p.create(call(QUEUE, { name: "a", tags: { "panka:urn": "1", "panka:lineage": "l" } }));
  await p.create(call(QUEUE, { name: "b", tags: { "panka:urn": "2", "panka:lineage": "l" } }));
  assert.equal(await p.findByTags(QUEUE, { "panka:urn": "2", "panka:lineage": "l" }), [
    "https://sqs.eu-west-1.amazonaws.com/000000000000/b",
  ]);
});

test("an edit of the file is seen by the next read: drift", async ({ folder }) => {
  const p = open(folder);
  const made = await p.create(call(QUEUE, { name: "jobs", delaySeconds: 1 }));
  const file = join(folder, "local-cloud.json");
  writeFileSync(file, readFileSync(file, "utf8").replace('"delaySeconds": 1', '"delaySeconds": 77'));
  const seen = await p.read({ urn: urn(QUEUE), type: QUEUE, prior: prior({}, made) });
  assert.is(seen?.outputs.delaySeconds, 77);
});

test("a sensitive value is never on the file, is named in secretPaths, and is given back to who knows it", async ({ folder }) => {
  const p = open(folder);
  const type = "aws:secretsmanager/secretVersion:SecretVersion";
  const secret = await p.create(call("aws:secretsmanager/secret:Secret", { name: "s" }));
  const made = await p.create(call(type, { secretId: secret.id, secretString: "hunter2-and-more" }));
  assert.ok(made.secretPaths.includes("secretString"));
  assert.not(readFileSync(join(folder, "local-cloud.json"), "utf8").includes("hunter2"));
  const seen = await p.read({ urn: urn(type), type, prior: prior({}, made) });
  assert.is(seen?.outputs.secretString, "hunter2-and-more");
});

test("a type without a schema is accepted with a warning", async ({ folder }) => {
  const p = open(folder);
  const type = "aws:made/up:Up";
  const made = await p.create(call(type, { a: 1 }));
  assert.is(made.diagnostics[0]?.code, "no-local-schema");
  assert.is((await p.plan({ ...call(type, { a: 1 }), prior: prior({ a: 1 }, made) })).action, "same");
  assert.is((await p.plan({ ...call(type, { a: 2 }), prior: prior({ a: 1 }, made) })).action, "update");
  assert.is((await p.plan({ ...call(type, {}), prior: prior({ a: 1 }, made) })).action, "update");
});

test("what has no tags is listed by what it has", async ({ folder }) => {
  const p = open(folder);
  const MOUNT = "aws:efs/mountTarget:MountTarget";
  const made = await p.create(call(MOUNT, { fileSystemId: "fs-1", subnetId: "subnet-1" }, "a"));
  await p.create(call(MOUNT, { fileSystemId: "fs-1", subnetId: "subnet-2" }, "b"));
  assert.equal(await p.lookup(listToken(MOUNT), { fileSystemId: "fs-1", subnetId: "subnet-1" }), { ids: [made.id] });
  assert.equal(await p.lookup(listToken(MOUNT), { fileSystemId: "fs-2", subnetId: "subnet-1" }), { ids: [] });
});

test("availability zones, account and an outside secret are a fixed model", async ({ folder }) => {
  const p = open(folder);
  const zones = await p.lookup("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  assert.equal(zones.names, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
  assert.is((await p.lookup("aws:index/getCallerIdentity:getCallerIdentity", {})).accountId, "000000000000");
  assert.match(String((await p.lookup("aws:secretsmanager/getSecret:getSecret", { name: "db" })).arn), /:secret:db-/);
});

test("every data source that ships answers, with a value for each computed property; an id of this account's own thing comes from that thing", async ({
  folder,
}) => {
  const p = open(folder);
  const tokens = Object.keys(schemas.tokenTable().lookups).filter((token) => schemas.lookup(token));
  assert.ok(tokens.length >= 40);
  for (const token of tokens) {
    const schema = schemas.lookup(token);
    const found = await p.lookup(token, { name: "x" });
    for (const [key, property] of Object.entries(schema?.properties ?? {}))
      if (property.computed) assert.ok(found[key] !== undefined, `${token}: ${key}`);
  }
  const topic = await p.create(call("aws:sns/topic:Topic", { name: "mine" }));
  assert.is((await p.lookup("aws:sns/getTopic:getTopic", { name: "mine" })).arn, topic.outputs.arn);
  assert.is((await p.lookup("aws:sns/getTopic:getTopic", { name: "theirs" })).arn, "arn:aws:sns:eu-west-1:000000000000:theirs");
});

test("a secret's value is never looked up: a text that says so stands in its place", async ({ folder }) => {
  const found = await open(folder).lookup("aws:secretsmanager/getSecretVersion:getSecretVersion", { secretId: "db" });
  assert.is(found.secretString, "local-stand-in-of-a-secret");
});

test.run();
