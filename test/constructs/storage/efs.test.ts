import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";

const files = (props: Record<string, unknown> = {}, setting: Setting = {}) =>
  expandAll([{ address: "shop/files", kind: "EFS", props }], setting);
const codes = (props: Record<string, unknown>) => files(props).errors.map((e) => e.code);

test("a file system is encrypted, takes TLS only, and has a mount target in each private subnet behind its own group", () => {
  const out = files();
  assert.is(out.props("shop/files").encrypted, true);
  assert.match(JSON.stringify(out.props("shop/files/policy").policy), /"Deny".*SecureTransport/);
  assert.match(JSON.stringify(out.props("shop/files/mount-a")), /private-a/);
  assert.match(JSON.stringify(out.props("shop/files/mount-b")), /private-b.*/);
  assert.match(JSON.stringify(out.props("shop/files/mount-b").securityGroups), /security-group/);
  assert.not(out.resources.some((r) => r.type.endsWith("IngressRule")));
});

test("backups are on in production only, unless said otherwise", () => {
  const backed = (out: ReturnType<typeof files>) => out.find("shop/files/backup") !== undefined;
  assert.is(backed(files()), false);
  assert.is(backed(files({}, { environmentClass: "production" })), true);
  assert.is(backed(files({ backup: false }, { environmentClass: "production" })), false);
  assert.is(backed(files({ backup: true })), true);
});

test("each access point has a user and a folder of its own", () => {
  const out = files({
    accessPoints: [
      { name: "up", path: "/up", uid: 7, permissions: "750" },
      { name: "down", path: "/down" },
    ],
  });
  assert.equal(out.props("shop/files/access-up").posixUser, { uid: 7, gid: 1000 });
  assert.is(out.props("shop/files/access-up").rootDirectory.creationInfo.permissions, "0750");
  assert.is(out.props("shop/files/access-down").rootDirectory.creationInfo.permissions, "0755");
  assert.equal(Object.keys(out.outputs["shop/files"]?.accessPointArns ?? {}), ["0", "1"]);
});

test("each transition of the lifecycle is an entry of its own", () => {
  const out = files({ lifecycle: { toInfrequentAccessDays: 1, toArchiveDays: 90, backOnAccess: true } });
  assert.equal(out.props("shop/files").lifecyclePolicies, [
    { transitionToIa: "AFTER_1_DAY" },
    { transitionToArchive: "AFTER_90_DAYS" },
    { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
  ]);
});

test("who reads may mount, who writes may also write, on this file system, through port 2049", () => {
  const bound = files().bindings["shop/files"];
  assert.equal(bound?.grants.read?.[0]?.actions, ["elasticfilesystem:ClientMount"]);
  assert.ok(bound?.grants.readWrite?.[0]?.actions.includes("elasticfilesystem:ClientWrite"));
  assert.is(bound?.connect?.port, 2049);
});

test("a task that uses it is let in, and only it", () => {
  const out = expandAll([
    { address: "shop/files", kind: "EFS", props: {} },
    { address: "shop/packer", kind: "Worker", props: { image: "packer:1", uses: [{ component: "files", access: "read" }] } },
  ]);
  const rules = out.resources.filter((r) => r.type.endsWith("IngressRule"));
  assert.equal(
    rules.map((r) => [r.at, r.props.fromPort]),
    [["shop/packer/to-shop-files", 2049]],
  );
});

test("what EFS would refuse later is said now", () => {
  assert.equal(codes({ throughputMode: "provisioned" }), ["throughput"]);
  assert.equal(codes({ provisionedThroughput: 5 }), ["throughput"]);
  assert.equal(codes({ performanceMode: "maxIO" }), ["max-io-elastic"]);
  assert.equal(codes({ performanceMode: "maxIO", throughputMode: "bursting" }), []);
  assert.equal(codes({ lifecycle: { toInfrequentAccessDays: 5 } }), ["lifecycle-days"]);
  assert.equal(codes({ lifecycle: { toInfrequentAccessDays: 90, toArchiveDays: 30 } }), ["archive-first"]);
  assert.equal(codes({ encryption: { enabled: false } }), ["encryption-off"]);
});

test("in a VPC of the user's own its private subnets must be named", () => {
  const own = (networking: { [key: string]: unknown }) => files({}, { infra: { Networking: networking } });
  assert.equal(
    own({ vpc: { id: "vpc-1" } }).errors.map((e) => e.code),
    ["subnets-unknown"],
  );
  const named = own({ vpc: { id: "vpc-1" }, subnets: { private: [{ id: "subnet-1" }, { id: "subnet-2" }] } });
  assert.is(named.props("shop/files/mount-b").subnetId, "subnet-2");
});

test.run();
