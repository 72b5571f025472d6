import { test } from "uvu";
import * as assert from "uvu/assert";
import { memorydbKind } from "../../../constructs/data/memorydb.js";
import { registry } from "../../../constructs/registry.js";
import { expandAll, type Setting } from "../../support/expand.js";

const NODE = { nodeType: "db.t4g.small" };
const database = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/ledger", kind: "MemoryDB", props: { cluster: NODE, ...props } }], setting);
const codes = (props: Record<string, unknown>) => database(props).errors.map((e) => e.code);

test("a database speaks TLS, is private, and its one user logs in with IAM", () => {
  const out = database();
  assert.is(out.props("shop/ledger").tlsEnabled, true);
  assert.equal(out.props("shop/ledger/user").authenticationMode, { type: "iam" });
  assert.match(JSON.stringify(out.props("shop/ledger").aclName), /shop\/ledger\/acl/);
  assert.match(JSON.stringify(out.props("shop/ledger/subnets").subnetIds), /private-a.*private-b/);
});

test("who connects may log in as that user, on this cluster", () => {
  const [grant] = database().bindings["shop/ledger"]?.grants.connect ?? [];
  assert.equal(grant?.actions, ["memorydb:Connect"]);
  assert.match(JSON.stringify(grant?.resources), /shop\/ledger".*shop\/ledger\/user"/);
});

test("an existing ACL brings no user, and no permission to log in", () => {
  const out = database({ security: { acl: "open-access" } });
  assert.is(out.props("shop/ledger").aclName, "open-access");
  assert.is(out.find("shop/ledger/user"), undefined);
  assert.equal(out.bindings["shop/ledger"]?.grants.connect, []);
  assert.is(memorydbKind.hasOutput?.("username", { security: { acl: "x" } }), false);
});

test("snapshots are kept in production, where a last one is taken before it goes", () => {
  assert.is(database().props("shop/ledger").snapshotRetentionLimit, 0);
  const props = database({}, { environmentClass: "production" }).props("shop/ledger");
  assert.is(props.snapshotRetentionLimit, 7);
  assert.is(props.finalSnapshotName, "final-shop-dev-shop-ledger");
});

test("what MemoryDB would refuse later is said now", () => {
  assert.equal(codes({ security: { tls: false } }), ["tls-needed"]);
  assert.equal(codes({ security: { tls: false, acl: "open-access" } }), []);
  assert.equal(codes({ engine: { version: "6.2" } }), ["iam-version"]);
});

test("AWSMemoryDB is another name of the kind", () => {
  assert.is(registry.find("AWSMemoryDB"), memorydbKind);
});

test.run();
