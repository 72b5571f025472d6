import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const base = {
  engine: { type: "aurora-postgresql", version: "16.4" },
  instance: { class: "db.r7g.large" },
  database: { name: "users", username: "app", passwordSecret: { ref: "arn:aws:secretsmanager:us-east-1:123456789012:secret:app-AbCdEf" } },
  global: { enabled: true },
};
const REGIONS = ["us-east-1", "eu-central-1"];
const HOME: Setting = { region: "us-east-1", regions: REGIONS };
const AWAY: Setting = { region: "eu-central-1", regions: REGIONS };
const database = (setting: Setting, change: Record<string, unknown> = {}) =>
  expandAll([{ address: "shop/database", kind: "RDS", props: { ...base, ...change } }], setting);
const codes = (setting: Setting, change: Record<string, unknown> = {}) => database(setting, change).errors.map((e) => e.code);

test("in the stack's own region a global database is made, and the cluster that is written", () => {
  const out = database(HOME);
  assert.equal(out.errors, []);
  assert.is(out.props("shop/database/global").storageEncrypted, true);
  assert.equal(out.props("shop/database").globalClusterIdentifier, {
    $ref: { urn: out.find("shop/database/global")?.urn, output: "id" },
  });
  assert.ok("masterPassword" in out.props("shop/database"));
  assert.is(out.find("shop/database/key"), undefined);
});

test("in another region there is an encrypted copy that knows the database by its name alone", () => {
  const home = database(HOME);
  const out = database(AWAY);
  assert.equal(out.errors, []);
  const copy = out.props("shop/database");
  assert.is(copy.globalClusterIdentifier, home.props("shop/database/global").globalClusterIdentifier);
  assert.is(copy.sourceRegion, "us-east-1");
  assert.is(copy.enableGlobalWriteForwarding, true);
  assert.equal(copy.kmsKeyId, { $ref: { urn: out.find("shop/database/key")?.urn, output: "arn" } });
  for (const own of ["databaseName", "masterUsername", "masterPassword", "manageMasterUserPassword"]) assert.not.ok(own in copy, own);
  assert.equal(out.find("shop/database")?.extra.options, { ignoreChanges: ["replicationSourceIdentifier"] });
  assert.is(out.find("shop/database/global"), undefined);
});

test("a program in another region reaches the copy, under the variables of the first", () => {
  const { outputs } = database(AWAY);
  assert.match(JSON.stringify(outputs["shop/database"]?.host), /readerEndpoint/);
  assert.is(outputs["shop/database"]?.databaseName, "users");
  assert.match(JSON.stringify(database(HOME).outputs["shop/database"]?.host), /"endpoint"/);
});

test("a copy leaves no last snapshot; the first does, in production", () => {
  const production = { environmentClass: "production" } as const;
  assert.is(database({ ...AWAY, ...production }).props("shop/database").skipFinalSnapshot, true);
  assert.is(database({ ...HOME, ...production }).props("shop/database").skipFinalSnapshot, false);
});

test("what AWS refuses for a global database is said before anything is made", () => {
  assert.equal(codes({}), ["one-region"]);
  assert.equal(codes(HOME, { database: { name: "users", username: "app" } }), ["global-password"]);
  assert.equal(codes(HOME, { instance: { class: "db.t4g.medium" } }), ["global-class"]);
  assert.equal(codes(HOME, { instance: undefined, serverless: { minACU: 0.5, maxACU: 4 } }), []);
  const storage = { type: "gp3", allocatedGB: 20 };
  assert.ok(
    codes(HOME, { engine: { type: "postgres", version: "16" }, instance: { class: "db.m7g.large", storage } }).includes(
      "global-needs-aurora",
    ),
  );
  assert.equal(codes({}, { global: { enabled: false } }), []);
});

test.run();
