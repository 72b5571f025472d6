/** The AWS provider over the real plugin, on an emulator. */
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isProviderError, type PriorResource, type Props, type Provider, type ProviderResult } from "../../../../framework/model/index.js";
import { type Moto, startMoto } from "../../../support/moto.js";
import { providerOn, whyNoPlugin } from "../../../support/plugin.js";

const TOPIC = "aws:sns/topic:Topic";
const ROLE = "aws:iam/role:Role";
const TABLE = "aws:dynamodb/table:Table";
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

const test = suite<{ moto: Moto; aws: Provider }>("aws provider");
const why = whyNoPlugin();

const priorOf = (inputs: Props, r: ProviderResult): PriorResource => ({
  id: r.id,
  inputs,
  outputs: r.outputs,
  private: r.private,
  schemaVersion: r.schemaVersion,
});

/** Creates and gives what later calls need. */
async function made(aws: Provider, type: string, inputs: Props): Promise<{ call: { urn: string; type: string }; prior: PriorResource }> {
  const call = { urn: `u-${type}`, type };
  return { call, prior: priorOf(inputs, await aws.create({ ...call, inputs })) };
}

async function failure(promise: Promise<unknown>): Promise<any> {
  return promise.then(
    () => assert.unreachable("it did not fail"),
    (error: unknown) => error,
  );
}

test.before(async (c) => {
  c.moto = await startMoto();
  c.aws = providerOn(c.moto);
});
test.after(async (c) => {
  await c.aws.close();
  await c.moto.stop();
});

test("it says whose account it acts in", async ({ aws, moto }) => {
  assert.equal(await aws.identity(), { name: "aws", account: "123456789012", region: "us-east-1", endpoint: moto.endpoint });
});

test("a topic is planned, created, found the same, changed, adopted, deleted twice", async ({ aws }) => {
  const inputs = { name: "news", displayName: "one", tags: { "panka:urn": "u" } };
  const call = { urn: "u", type: TOPIC };
  const plan = await aws.plan({ ...call, inputs, prior: null });
  assert.is(plan.action, "create");
  assert.equal(plan.outputs.arn, { $unknown: true });
  const prior = priorOf(inputs, await aws.create({ ...call, inputs }));
  assert.is(prior.id, "arn:aws:sns:us-east-1:123456789012:news");
  assert.is((await aws.plan({ ...call, inputs, prior })).action, "same");
  const changed = { ...inputs, displayName: "two" };
  const update = await aws.plan({ ...call, inputs: changed, prior });
  assert.equal([update.action, update.changedPaths], ["update", ["displayName"]]);
  assert.is((await aws.plan({ ...call, inputs: changed, prior, ignoreChanges: ["displayName"] })).action, "same");
  const now = await aws.update({ ...call, inputs: changed, prior });
  assert.is(now.outputs.displayName, "two");
  assert.is((await aws.read({ ...call, prior }))?.outputs.displayName, "two");
  assert.equal(await aws.findByTags(TOPIC, { "panka:urn": "u" }), [prior.id]);
  const adopted = await aws.import({ ...call, importId: prior.id });
  assert.is(adopted?.inputs.name, "news");
  assert.is(adopted?.inputs.arn, undefined);
  await aws.delete({ ...call, inputs, prior });
  assert.is(await aws.read({ ...call, prior }), null);
  assert.is(await aws.import({ ...call, importId: prior.id }), null);
  await aws.delete({ ...call, inputs, prior });
});

test("a change of what can't be changed is a replacement, with the outputs of the new one", async ({ aws }) => {
  const { call, prior } = await made(aws, TOPIC, { name: "old" });
  const plan = await aws.plan({ ...call, inputs: { name: "new" }, prior });
  assert.equal([plan.action, plan.replacePaths], ["replace", ["name"]]);
  assert.equal([plan.outputs.name, plan.outputs.arn], ["new", { $unknown: true }]);
  assert.is((await failure(aws.update({ ...call, inputs: { name: "new" }, prior }))).code, "invalid");
});

test("blocks, sets and JSON documents go there and come back without a change", async ({ aws }) => {
  const inputs = {
    name: "orders",
    billingMode: "PAY_PER_REQUEST",
    hashKey: "id",
    attributes: [
      { name: "id", type: "S" },
      { name: "by", type: "S" },
    ],
    globalSecondaryIndexes: [{ name: "by", hashKey: "by", projectionType: "ALL" }],
  };
  const { call, prior } = await made(aws, TABLE, inputs);
  const reordered = { ...inputs, attributes: [...inputs.attributes].reverse() };
  assert.is((await aws.plan({ ...call, inputs: reordered, prior })).action, "same");
  const role = await made(aws, ROLE, { name: "runner", assumeRolePolicy: TRUST });
  assert.is((await aws.plan({ ...role.call, inputs: role.prior.inputs, prior: role.prior })).action, "same");
});

test("what exists already is a conflict that made nothing", async ({ aws }) => {
  const inputs = { name: "twice", assumeRolePolicy: TRUST };
  await made(aws, ROLE, inputs);
  const error = await failure(aws.create({ urn: "u", type: ROLE, inputs }));
  assert.ok(isProviderError(error, "conflict"), error.message);
  assert.is(error.outcome, "none");
});

test("the provider's complaints name Pulumi's properties", async ({ aws }) => {
  const problems = await aws.validate({
    urn: "u",
    type: ROLE,
    inputs: { name: "no spaces!", assumeRolePolicy: TRUST, maxSessionDuration: 1 },
  });
  assert.equal(problems.map((p) => p.path).sort(), ["maxSessionDuration", "name"]);
  const [unknown] = await aws.validate({ urn: "u", type: ROLE, inputs: { asumeRolePolicy: TRUST } });
  assert.is(unknown?.suggestion, "assumeRolePolicy");
});

test("a look-up gives what it found, or says that there is none", async ({ aws }) => {
  const zones = await aws.lookup("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  assert.ok((zones.names as string[]).includes("us-east-1a"));
  const error = await failure(aws.lookup("aws:iam/getRole:getRole", { name: "nobody" }));
  assert.is(error.code, "not-found");
});

test("values unknown in a plan stay unknown in its outputs", async ({ aws }) => {
  const inputs = { name: "later", assumeRolePolicy: { ...TRUST, Id: { $unknown: true } } } as unknown as Props;
  const plan = await aws.plan({ urn: "u", type: ROLE, inputs, prior: null });
  assert.equal(plan.outputs.assumeRolePolicy, { $unknown: true });
});

test("thirty-two calls at once are answered, each with its own", async ({ aws }) => {
  const names = Array.from({ length: 32 }, (_, i) => `bulk-${i}`);
  const results = await Promise.all(names.map((name) => aws.create({ urn: name, type: TOPIC, inputs: { name } })));
  assert.equal(
    results.map((r) => r.outputs.name),
    names,
  );
});

test("a region that is none and missing credentials are said in words", async ({ moto }) => {
  const { makeAwsProvider } = await import("../../../../framework/providers/aws/provider.js");
  const { pluginFile, shippedSchema, systemClock } = await import("../../../support/plugin.js");
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", AWS_EC2_METADATA_DISABLED: "true" };
  const more = { plugin: pluginFile() as string, schemas: shippedSchema(), clock: systemClock };
  const without = makeAwsProvider({ settings: { region: "us-east-1", endpoint: moto.endpoint }, env, ...more });
  assert.is((await failure(without.identity())).code, "no-credentials");
  await without.close();
  const nowhere = makeAwsProvider({ settings: { region: "mars-1" }, env: { ...moto.env, ...env }, ...more });
  assert.is((await failure(nowhere.identity())).code, "wrong-region");
  await nowhere.close();
});

if (why) console.log(`SKIP the AWS provider on an emulator: ${why}`);
else test.run();
