import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const base = { cluster: { instanceClass: "db.t4g.medium" }, database: { username: "app" } };
const database = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/catalog", kind: "DocumentDB", props: { ...base, ...props } }], setting);
const main = (out: ReturnType<typeof database>) => out.props("shop/catalog");

test("a cluster is encrypted, private, speaks TLS, and its password never passes through Panka", () => {
  const out = database();
  assert.is(main(out).storageEncrypted, true);
  assert.is(main(out).manageMasterUserPassword, true);
  assert.equal(out.props("shop/catalog/parameters").parameters, [{ name: "tls", value: "enabled", applyMethod: "pending-reboot" }]);
  assert.is(out.props("shop/catalog/parameters").family, "docdb5.0");
  assert.match(JSON.stringify(out.props("shop/catalog/subnets").subnetIds), /private-a.*private-b/);
});

test("one instance unless asked for more; the first writes, the others take over in order", () => {
  assert.ok(database().find("shop/catalog/instance-1"));
  assert.is(database().find("shop/catalog/instance-2"), undefined);
  const three = database({ cluster: { instanceClass: "db.r6g.large", instances: 3 } });
  assert.equal(
    [1, 2, 3].map((i) => three.props(`shop/catalog/instance-${i}`).promotionTier),
    [0, 1, 2],
  );
});

test("in production it is protected by AWS and leaves a last snapshot; in development not", () => {
  const production = main(database({}, { environmentClass: "production" }));
  assert.is(production.deletionProtection, true);
  assert.is(production.finalSnapshotIdentifier, "final-shop-dev-shop-catalog");
  assert.is(main(database()).deletionProtection, false);
  assert.is(main(database()).skipFinalSnapshot, true);
});

test("backups are kept 7 days unless told otherwise", () => {
  assert.is(main(database()).backupRetentionPeriod, 7);
  assert.is(main(database({ backup: { retentionDays: 30 } })).backupRetentionPeriod, 30);
});

test("a password of one's own is looked up at apply and marked secret", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
  const out = database({ database: { username: "app", passwordSecret: { ref: arn } } });
  assert.is(main(out).manageMasterUserPassword, undefined);
  assert.is(main(out).masterPassword.$secret.$lookup.args.secretId, arn);
  assert.is(out.outputs["shop/catalog"]?.secretArn, arn);
});

test("it is reached on its port by those who refer to it; who reads may also read the password's secret", () => {
  const bound = database({ database: { username: "app", port: 27_018 } }).bindings["shop/catalog"];
  assert.is(bound?.connect?.port, 27_018);
  assert.equal(bound?.grants.connect, []);
  assert.equal(bound?.grants.read?.[0]?.actions, ["secretsmanager:GetSecretValue"]);
});

test("what DocumentDB would refuse later is said now", () => {
  assert.equal(
    database({ encryption: { enabled: false } }).errors.map((e) => e.code),
    ["encryption-off"],
  );
  assert.throws(() => database({ backup: { retentionDays: 36 } }));
  assert.throws(() => database({ engine: { version: "5" } }));
});

test.run();
