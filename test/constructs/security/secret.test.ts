import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given, type Setting } from "../../support/expand.js";

const TURN = "arn:aws:lambda:us-east-1:123456789012:function:turn";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const secret = (props: Record<string, unknown> = {}, setting: Setting = {}, ...others: Given[]) =>
  expandAll([...others, { address: "shop/token", kind: "Secret", props }], setting);
const codes = (out: ReturnType<typeof secret>) => out.errors.map((e) => e.code);

test("a secret is declared without a value; one is generated only where asked for", () => {
  assert.not(JSON.stringify(secret().resources).includes("generate-secret"));
  const made = secret({ generate: { length: 40, excludeChars: "/@", template: { user: "app" } } }).find("shop/token");
  assert.equal(made?.extra.actions, [{ name: "generate-secret", args: { length: 40, excludeChars: "/@", template: { user: "app" } } }]);
  assert.not(Object.keys(made?.props ?? {}).some((key) => /value|string/i.test(key)));
});

test("who reads may read this secret, and use its key", () => {
  const grants = (props: Record<string, unknown>) => secret(props).bindings["shop/token"]?.grants.read ?? [];
  assert.equal(
    grants({}).map((g) => g.actions),
    [["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]],
  );
  assert.equal(grants({ kmsKey: KEY })[1], { actions: ["kms:Decrypt"], resources: [KEY] });
  assert.equal(Object.keys(secret().bindings["shop/token"]?.inject ?? {}), ["_SECRET_ARN"]);
});

test("a deleted secret can be had back for 30 days in production, for 7 elsewhere", () => {
  const days = (setting: Setting) => secret({}, setting).props("shop/token").recoveryWindowInDays;
  assert.is(days({}), 7);
  assert.is(days({ environmentClass: "production" }), 30);
});

test("a function that rotates is called by Secrets Manager of this account only, after it is allowed to", () => {
  const out = secret({ rotation: { days: 30, lambda: TURN } });
  const permission = out.find("shop/token/rotation-permission");
  assert.is(permission?.props.principal, "secretsmanager.amazonaws.com");
  assert.match(JSON.stringify(permission?.props.sourceAccount), /accountId/);
  assert.equal(out.props("shop/token/rotation").rotationRules, { automaticallyAfterDays: 30 });
  assert.equal(out.find("shop/token/rotation")?.extra.dependsOn, [permission?.urn]);
});

test("the days of Security hold where a rotation says none, and a secret without a function is told of", () => {
  const infra = { Security: { secrets: { rotationDays: 90 } } };
  assert.equal(secret({ rotation: { lambda: TURN } }, { infra }).props("shop/token/rotation").rotationRules, {
    automaticallyAfterDays: 90,
  });
  assert.match(secret({}, { infra }).notices.join(), /no rotation\.lambda/);
});

test("a rotation that could not run is said now", () => {
  assert.equal(codes(secret({ rotation: { lambda: TURN } })), ["rotation-days"]);
  assert.equal(codes(secret({ rotation: { days: 1, lambda: "turner" } })), ["rotation-lambda"]);
  assert.equal(codes(secret({ rotation: { days: 1, lambda: "jobs" } }, {}, { address: "shop/jobs", kind: "SQS", props: {} })), [
    "rotation-lambda",
  ]);
});

test.run();
