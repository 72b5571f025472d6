import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const disk = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/disk", kind: "EBS", props: { sizeGB: 200, ...props } }], setting);
const codes = (props: Record<string, unknown>) => disk(props).errors.map((e) => e.code);

test("a volume is encrypted, gp3, in the region's first zone", () => {
  const props = disk().props("shop/disk");
  assert.is(props.encrypted, true);
  assert.is(props.type, "gp3");
  assert.is(props.availabilityZone.$lookup.output, "names[0]");
  assert.is(disk({ availabilityZone: "us-east-1b" }).props("shop/disk").availabilityZone, "us-east-1b");
});

test("in production a last snapshot is taken before it goes", () => {
  assert.is(disk().props("shop/disk").finalSnapshot, undefined);
  assert.is(disk({}, { environmentClass: "production" }).props("shop/disk").finalSnapshot, true);
});

test("snapshots find this volume by a tag that no other has", () => {
  const out = disk({ snapshots: { schedule: "rate(6 hours)", retain: 3 } });
  const { targetTags, schedules } = out.props("shop/disk/snapshots").policyDetails;
  assert.equal(targetTags, { "panka:snapshots": "shop/dev/shop/disk" });
  assert.is(out.props("shop/disk").tags["panka:snapshots"], "shop/dev/shop/disk");
  assert.equal(schedules[0].createRule, { interval: 6, intervalUnit: "HOURS" });
  assert.equal(schedules[0].retainRule, { count: 3 });
  const cron = disk({ snapshots: { schedule: "cron(0 3 * * ? *)" } });
  assert.equal(cron.props("shop/disk/snapshots").policyDetails.schedules[0].createRule, { cronExpression: "cron(0 3 * * ? *)" });
  assert.is(disk().find("shop/disk/snapshots"), undefined);
});

test("the role that takes snapshots may do so on volumes and snapshots only", () => {
  const policy = JSON.stringify(disk({ snapshots: { schedule: "rate(24 hours)" } }).props("shop/disk/snapshots-policy").policy);
  assert.match(policy, /ec2:CreateSnapshot/);
  assert.not.match(policy, /"ec2:\*"|"Action":"\*"/);
});

test("what EBS would refuse later is said now", () => {
  assert.equal(codes({ type: "io2" }), ["missing-iops"]);
  assert.equal(codes({ type: "io2", iops: 1000 }), []);
  assert.equal(codes({ type: "st1", iops: 1000 }), ["iops-unused"]);
  assert.equal(codes({ iops: 100 }), ["volume-iops"]);
  assert.equal(codes({ type: "st1", sizeGB: 10 }), ["volume-size"]);
  assert.equal(codes({ type: "gp2", throughput: 200 }), ["throughput-unused"]);
  assert.equal(codes({ snapshots: { schedule: "rate(5 hours)" } }), ["snapshot-rate"]);
  assert.equal(codes({ encryption: { enabled: false } }), ["encryption-off"]);
  assert.throws(() => disk({ snapshots: { schedule: "nightly" } }));
});

test.run();
