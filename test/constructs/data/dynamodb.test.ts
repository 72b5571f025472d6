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

test.run();
