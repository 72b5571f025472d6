import { test } from "uvu";
import * as assert from "uvu/assert";
import { rdsKind } from "../../../constructs/data/rds.js";
import { parameterFamily } from "../../../constructs/data/rds-instance.js";
import { expandAll, type Setting } from "../../support/expand.js";

const base = {
  engine: { type: "aurora-postgresql", version: "16.4" },
  instance: { class: "db.r7g.large" },
  database: { name: "users", username: "app" },
};
const aurora = (change: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/database", kind: "RDS", props: { ...base, ...change } }], setting);
const main = (out: ReturnType<typeof aurora>) => out.props("shop/database");
const codes = (change: Record<string, unknown>) => aurora(change).errors.map((e) => e.code);

test("an Aurora database is an encrypted private cluster with one instance", () => {
  const out = aurora();
  assert.is(out.find("shop/database")?.type, "aws:rds/cluster:Cluster");
  assert.is(main(out).storageEncrypted, true);
  assert.is(main(out).manageMasterUserPassword, true);
  assert.is(out.props("shop/database/instance-1").instanceClass, "db.r7g.large");
  assert.is(out.props("shop/database/instance-1").publiclyAccessible, false);
  assert.is(out.find("shop/database/instance-2"), undefined);
});

test("read replicas are further instances; multiAZ wants one at least; zones go round", () => {
  const out = aurora({ instance: { class: "db.r7g.large", readReplicas: 2, availabilityZones: ["us-east-1a", "us-east-1b"] } });
  assert.equal(
    [1, 2, 3].map((i) => out.props(`shop/database/instance-${i}`).availabilityZone),
    ["us-east-1a", "us-east-1b", "us-east-1a"],
  );
  assert.ok(aurora({ instance: { class: "db.r7g.large", multiAZ: true } }).find("shop/database/instance-2"));
});

test("serverless capacity makes serverless instances", () => {
  const out = aurora({ instance: undefined, serverless: { minACU: 0.5, maxACU: 4 } });
  assert.equal(out.errors, []);
  assert.equal(main(out).serverlessv2ScalingConfiguration, { minCapacity: 0.5, maxCapacity: 4 });
  assert.is(out.props("shop/database/instance-1").instanceClass, "db.serverless");
});

test("it is reached at the cluster's endpoints, on its engine's port", () => {
  const out = aurora();
  assert.match(JSON.stringify(out.outputs["shop/database"]?.endpoint), /"endpoint".*:5432/);
  assert.match(JSON.stringify(out.outputs["shop/database"]?.readerEndpoint), /readerEndpoint.*:5432/);
  assert.is(rdsKind.hasOutput?.("readerEndpoint", base), true);
  assert.is(
    aurora({ engine: { type: "aurora-mysql", version: "8.0.mysql_aurora.3.08.0" } }).bindings["shop/database"]?.connect?.port,
    3306,
  );
});

test("parameters make a cluster parameter group of the version's family", () => {
  const out = aurora({ engine: { ...base.engine, parameters: { max_connections: "200" } } });
  assert.is(out.props("shop/database/parameters").family, "aurora-postgresql16");
  assert.is(parameterFamily("aurora-mysql", "8.0.mysql_aurora.3.08.0"), "aurora-mysql8.0");
});

test("in production it is protected and leaves a last snapshot", () => {
  const props = main(aurora({}, { environmentClass: "production" }));
  assert.is(props.deletionProtection, true);
  assert.is(props.finalSnapshotIdentifier, "final-shop-dev-shop-database");
});

test("a password of one's own is looked up at apply and marked secret", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
  const out = aurora({ database: { ...base.database, passwordSecret: { ref: arn } } });
  assert.is(main(out).masterPassword.$secret.$lookup.args.secretId, arn);
  assert.is(main(out).manageMasterUserPassword, undefined);
});

test("what Aurora would refuse later is said now, and what it does not need", () => {
  assert.equal(codes({ instance: undefined }), ["class-missing"]);
  assert.equal(codes({ instance: { class: "db.serverless" } }), ["class-missing"]);
  assert.equal(codes({ serverless: { minACU: 1, maxACU: 2 } }), ["class-or-serverless"]);
  assert.equal(codes({ instance: undefined, serverless: { minACU: 4, maxACU: 2 } }), ["acu-range"]);
  assert.equal(codes({ instance: undefined, serverless: { minACU: 0.7, maxACU: 2 } }), ["acu-step"]);
  assert.equal(codes({ backup: { enabled: false } }), ["backup-off"]);
  assert.match(aurora({ instance: { class: "db.r7g.large", storage: { allocatedGB: 20 } } }).notices.join(), /grows by itself/);
});

test("an instance engine needs its instance, and takes no serverless capacity", () => {
  const plain = { engine: { type: "postgres", version: "16" } };
  assert.equal(codes({ ...plain, instance: undefined }), ["instance-missing"]);
  assert.equal(codes({ ...plain, instance: { class: "db.t4g.small" } }), ["instance-missing"]);
  assert.equal(
    codes({ ...plain, instance: { class: "db.t4g.small", storage: { allocatedGB: 20 } }, serverless: { minACU: 1, maxACU: 2 } }),
    ["serverless-unused"],
  );
});

test("readers are added by CPU or connections, beyond those that always stay", () => {
  const scaled = (replicaScaling: object, more: object = {}) =>
    aurora({ instance: { class: "db.r7g.large", readReplicas: 2, replicaScaling, ...more } });
  const out = scaled({ max: 5 });
  assert.equal(out.errors, []);
  const target = out.props("shop/database/scaling-readers");
  assert.equal([target.minCapacity, target.maxCapacity, target.scalableDimension], [2, 5, "rds:cluster:ReadReplicaCount"]);
  assert.match(out.find("shop/database/scaling-readers")!.extra.dependsOn!.join(" "), /instance-3/);
  const policy = (o: ReturnType<typeof aurora>) => o.props("shop/database/scaling-readers-policy").targetTrackingScalingPolicyConfiguration;
  assert.equal(
    [policy(out).targetValue, policy(out).predefinedMetricSpecification.predefinedMetricType],
    [70, "RDSReaderAverageCPUUtilization"],
  );
  assert.is(policy(scaled({ max: 5, targetConnections: 200 })).targetValue, 200);
  assert.equal(
    scaled({ max: 1 }).errors.map((e) => e.code),
    ["scaling-bounds"],
  );
  assert.equal(
    scaled({ max: 5, targetCPUPercent: 60, targetConnections: 9 }).errors.map((e) => e.code),
    ["scaling-target"],
  );
  const other = {
    engine: { type: "postgres", version: "16" },
    instance: { class: "db.t4g.small", storage: { allocatedGB: 20 }, replicaScaling: { max: 3 } },
  };
  assert.equal(codes(other), ["scaling-aurora"]);
});

test.run();
