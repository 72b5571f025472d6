import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const base = { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } };
const table = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/orders", kind: "DynamoDB", props: { ...base, ...props } }], setting);
const main = (out: ReturnType<typeof table>) => out.props("shop/orders");
const codes = (props: Record<string, unknown>) => table(props).errors.map((e) => e.code);

test("a table is restorable and protected in production", () => {
  assert.equal(main(table()).pointInTimeRecovery, { enabled: false });
  const production = main(table({}, { environmentClass: "production" }));
  assert.equal(production.pointInTimeRecovery, { enabled: true });
  assert.is(production.deletionProtectionEnabled, true);
});

test("replicas are restorable and tagged like the table, and turn its stream on", () => {
  const props = main(table({ replicas: ["eu-west-1", "eu-central-1"] }, { environmentClass: "production" }));
  assert.equal(props.replicas, [
    { regionName: "eu-west-1", propagateTags: true, pointInTimeRecovery: true },
    { regionName: "eu-central-1", propagateTags: true, pointInTimeRecovery: true },
  ]);
  assert.is(props.streamEnabled, true);
  assert.is(props.streamViewType, "NEW_AND_OLD_IMAGES");
});

test("what a table in several regions can't have is said now", () => {
  assert.equal(codes({ replicas: ["eu-west-1"] }), []);
  assert.equal(codes({ replicas: ["us-east-1"] }), ["replica-here"]);
  assert.equal(codes({ replicas: ["eu-west-1", "eu-west-1"] }), ["duplicate-replica"]);
  assert.equal(codes({ replicas: ["eu-west-1"], encryption: { kmsKey: "arn:aws:kms:us-east-1:123456789012:key/1" } }), ["replica-key"]);
  assert.equal(codes({ replicas: ["eu-west-1"], billingMode: "PROVISIONED", readCapacity: 1, writeCapacity: 1 }), ["replica-capacity"]);
});

test("a grant covers the table and its indexes, and nothing else", () => {
  const { grants } = table().bindings["shop/orders"] ?? {};
  assert.not(JSON.stringify(grants).includes("dynamodb:*"));
  assert.ok(grants?.read?.[0]?.actions.includes("dynamodb:Query"));
  assert.not(grants?.read?.[0]?.actions.includes("dynamodb:PutItem"));
});

const REGIONS = ["us-east-1", "eu-central-1", "eu-west-1"];
const ALL = { replicas: ["eu-central-1", "eu-west-1"] };

test("in a stack of several regions one table is made, in the stack's own region, with replicas in the others", () => {
  const home = main(table({ replicas: REGIONS }, { regions: REGIONS }));
  assert.equal(
    (home.replicas as { regionName: string }[]).map((r) => r.regionName),
    ["eu-central-1", "eu-west-1"],
    "its own region needs no replica, listed or not",
  );
  assert.equal(main(table(ALL, { regions: REGIONS })).replicas, home.replicas);
  const away = table(ALL, { region: "eu-west-1", regions: REGIONS });
  assert.equal(away.errors, []);
  assert.equal(away.resources, []);
  const [outputs] = Object.values(away.outputs);
  assert.is(outputs?.tableName, home.name, "both know it by the same name");
  for (const [name, output] of [
    ["tableArn", "arn"],
    ["streamArn", "streamArn"],
  ] as const)
    assert.equal(outputs?.[name], { $lookup: { token: "aws:dynamodb/getTable:getTable", args: { name: home.name }, output } });
  const [grants] = Object.values(away.bindings).map((b) => b?.grants?.read);
  assert.equal(grants?.[0]?.resources[0], outputs?.tableArn);
});

test("without replicas each region has a table of its own, with a name of its own", () => {
  for (const region of REGIONS) assert.is(main(table({}, { region, regions: REGIONS })).name, undefined);
});

test("a region of the stack that would have no table is named, and so is a name that can't be every region's", () => {
  const found = (change: Record<string, unknown>, region: string) => table(change, { region, regions: REGIONS }).errors;
  for (const region of REGIONS) {
    const [problem, ...more] = found({ replicas: ["eu-west-1"] }, region);
    assert.equal([problem?.code, more], ["replica-missing", []], region);
    assert.match(problem?.message ?? "", /made in us-east-1 and has no replica in eu-central-1/);
    assert.equal(
      found({ ...ALL, tableName: `orders-${region}` }, region).map((e) => e.code),
      ["replica-name"],
    );
  }
  assert.equal(found({ ...ALL, tableName: "orders" }, "us-east-1"), []);
});

test.run();
