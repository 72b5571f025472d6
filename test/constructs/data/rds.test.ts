import { test } from "uvu";
import * as assert from "uvu/assert";
import { rdsKind } from "../../../constructs/data/rds.js";
import { parameterFamily } from "../../../constructs/data/rds-instance.js";
import { expandAll, type Setting } from "../../support/expand.js";

const base = {
  engine: { type: "postgres", version: "16" },
  instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } },
  database: { name: "users", username: "app" },
};

/** Expands one database; `change` is merged one level deep. */
function database(change: { [key: string]: unknown } = {}, setting: Setting = {}) {
  const props: { [key: string]: unknown } = { ...base };
  for (const [key, value] of Object.entries(change))
    props[key] = typeof value === "object" ? { ...(props[key] as object | undefined), ...value } : value;
  return expandAll([{ address: "shop/database", kind: "RDS", props }], setting);
}
const main = (out: ReturnType<typeof database>) => out.props("shop/database");

test("a database is encrypted, private, and its password never passes through Panka", () => {
  const props = main(database());
  assert.is(props.storageEncrypted, true);
  assert.is(props.publiclyAccessible, false);
  assert.is(props.manageMasterUserPassword, true);
  assert.is(props.password, undefined);
  assert.is(props.storageType, "gp3");
});

test("a database stands in private subnets, which cost no NAT gateway", () => {
  const out = database({}, { environmentClass: "production" });
  assert.match(JSON.stringify(out.props("shop/database/subnets").subnetIds), /private-a.*private-b/);
  assert.is(out.find("_stack/network/nat-a"), undefined);
});

test("in production it is protected by AWS and by Panka, and leaves a last snapshot; in development not", () => {
  const production = database({}, { environmentClass: "production" });
  assert.is(main(production).deletionProtection, true);
  assert.is(main(production).skipFinalSnapshot, false);
  assert.is(production.find("shop/database")?.extra.options?.protect, true);
  const development = database();
  assert.is(main(development).deletionProtection, false);
  assert.is(main(development).skipFinalSnapshot, true);
  assert.is(development.find("shop/database")?.extra.options?.protect, undefined);
  assert.is(
    main(database({ deletionProtection: false, finalSnapshot: false }, { environmentClass: "production" })).deletionProtection,
    false,
  );
});

test("nobody may come in until a component refers to it", () => {
  assert.not(database().resources.some((r) => r.type.endsWith("IngressRule")));
});

test("it is reached on its engine's port, or the one given", () => {
  assert.is(main(database()).port, 5432);
  assert.is(main(database({ engine: { type: "mysql", version: "8.0" } })).port, 3306);
  assert.is(database({ database: { port: 6000 } }).bindings["shop/database"]?.connect?.port, 6000);
});

test("parameters make a group of the version's family; those that need a restart wait for it", () => {
  const out = database({ engine: { parameters: { max_connections: "200", log_min_duration_statement: "500" } } });
  const group = out.props("shop/database/parameters");
  assert.is(group.family, "postgres16");
  assert.equal(
    group.parameters.map((p: { name: string; applyMethod: string }) => [p.name, p.applyMethod]),
    [
      ["log_min_duration_statement", "immediate"],
      ["max_connections", "pending-reboot"],
    ],
  );
  assert.is(parameterFamily("postgres", "9.6.24"), "postgres9.6");
  assert.is(parameterFamily("mysql", "8.0.36"), "mysql8.0");
  assert.is(parameterFamily("mariadb", "10.11"), "mariadb10.11");
});

test("backups are kept 7 days unless told otherwise", () => {
  assert.is(main(database()).backupRetentionPeriod, 7);
  assert.is(main(database({ backup: { retentionDays: 30, preferredWindow: "03:00-04:00" } })).backupRetentionPeriod, 30);
  assert.is(main(database({ backup: { enabled: false } })).backupRetentionPeriod, 0);
});

test("enhanced monitoring brings its role", () => {
  const out = database({ monitoring: { enhancedMonitoring: true, monitoringInterval: 15, performanceInsights: true } });
  assert.is(main(out).monitoringInterval, 15);
  assert.is(main(out).performanceInsightsEnabled, true);
  assert.ok(out.find("shop/database/monitoring-role"));
  assert.is(database().find("shop/database/monitoring-role"), undefined);
});

test("a password of one's own is looked up at apply and marked secret", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
  const out = database({ database: { passwordSecret: { ref: arn, envVar: "PGPASSWORD" } } });
  assert.is(main(out).manageMasterUserPassword, undefined);
  assert.is(main(out).password.$secret.$lookup.args.secretId, arn);
  const inject = out.bindings["shop/database"]?.inject ?? {};
  assert.equal(inject["=PGPASSWORD"], { secretArn: arn });
  assert.is(inject._PASSWORD, undefined);
});

test("read replicas follow the main instance and give a reader endpoint", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
  const out = database({ instance: { readReplicas: 2 }, database: { passwordSecret: { ref: arn } } });
  assert.equal(out.errors, []);
  assert.ok(out.find("shop/database/replica-2"));
  assert.match(JSON.stringify(out.outputs["shop/database"]?.readerEndpoint), /replica-1/);
  assert.is(rdsKind.hasOutput?.("readerEndpoint", base), false);
});

test("what AWS would refuse later is said now", () => {
  const codes = (change: Parameters<typeof database>[0]) => database(change).errors.map((e) => e.code);
  assert.equal(codes({ instance: { readReplicas: 1 } }), ["replica-password"]);
  assert.equal(codes({ instance: { storage: { allocatedGB: 20, type: "io1" } } }), ["missing-iops"]);
  assert.equal(codes({ instance: { storage: { allocatedGB: 20, maxAllocatedGB: 20 } } }), ["max-below-size"]);
  assert.equal(codes({ engine: { parameterGroup: "x", parameters: { a: "b" } } }), ["two-parameter-groups"]);
  assert.equal(codes({ instance: { multiAZ: true, availabilityZones: ["us-east-1a"] } }), ["zones"]);
  assert.equal(codes({ monitoring: { enhancedMonitoring: true, monitoringInterval: 7 } }), ["bad-interval"]);
});

test.run();
