import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const key = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/key", kind: "KMSKey", props }], setting);

test("a key is rotated, and its alias is named by the plan unless it is given", () => {
  const out = key();
  assert.is(out.props("shop/key").enableKeyRotation, true);
  assert.is(out.props("shop/key/alias").name, undefined);
  assert.is(key({ rotation: false }).props("shop/key").enableKeyRotation, false);
});

test("an alias may be written with or without its prefix; those of AWS are refused", () => {
  for (const alias of ["shop/orders", "alias/shop/orders"]) assert.is(key({ alias }).props("shop/key/alias").name, "alias/shop/orders");
  for (const alias of ["aws/s3", "alias/aws/s3", "with space"]) assert.throws(() => key({ alias }));
});

test("a deleted key can be restored for 30 days in production, 7 elsewhere, or as written", () => {
  assert.is(key().props("shop/key").deletionWindowInDays, 7);
  assert.is(key({}, { environmentClass: "production" }).props("shop/key").deletionWindowInDays, 30);
  assert.is(key({ deletionWindowDays: 14 }).props("shop/key").deletionWindowInDays, 14);
  assert.throws(() => key({ deletionWindowDays: 6 }));
});

test("a policy is sent as structure; what is no policy is refused", () => {
  const policy = { Version: "2012-10-17", Statement: [] };
  assert.equal(key({ policy }).props("shop/key").policy, { $json: policy });
  assert.equal(key().props("shop/key").policy, undefined);
  assert.equal(
    key({ policy: "all" }).errors.map((e) => e.code),
    ["bad-policy"],
  );
});

test("who reads may decrypt, who writes may encrypt, on this key only and nothing that changes it", () => {
  const { grants, defaultAccess } = key().bindings["shop/key"] ?? {};
  assert.is(defaultAccess, "readWrite");
  const actions = (access: "read" | "write" | "readWrite") => (grants?.[access] ?? []).flatMap((g) => g.actions);
  assert.equal(actions("read"), ["kms:Decrypt", "kms:DescribeKey"]);
  assert.not(actions("write").includes("kms:Decrypt"));
  assert.ok(actions("readWrite").includes("kms:Decrypt") && actions("readWrite").includes("kms:GenerateDataKey"));
  assert.not(JSON.stringify(grants).includes("*"));
});

test.run();
