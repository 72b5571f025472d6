import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const CODE = { runtime: "nodejs22.x", handler: "index.handler", code: { zipFile: "exports.handler = async () => 1" } };
const POINTS = { accessPoints: [{ name: "up", path: "/up" }] };

/** A function, and a file system that it may mount. */
const fn = (props: object, files: object = POINTS) =>
  expandAll([
    { address: "shop/files", kind: "EFS", props: { ...files } },
    { address: "shop/jobs", kind: "SQS", props: {} },
    { address: "shop/fn", kind: "Lambda", props: { ...CODE, ...props } },
  ]);
const mount = (more: object = {}) => ({ volumes: [{ source: "files/up", mountPath: "/mnt/up", ...more }] });
const statements = (out: ReturnType<typeof fn>): any[] => out.props("shop/fn/role-policy").policy.$json.Statement;
const ofFiles = (out: ReturnType<typeof fn>) => statements(out).filter((s) => JSON.stringify(s.Action).includes("elasticfilesystem"));

test("a folder is mounted by its access point, from within the network, once the mount targets stand", () => {
  const out = fn(mount());
  assert.equal(out.errors, []);
  const { fileSystemConfig, vpcConfig } = out.props("shop/fn");
  assert.is(fileSystemConfig.localMountPath, "/mnt/up");
  assert.match(JSON.stringify(fileSystemConfig.arn), /shop\/files\/access-up/);
  assert.ok(vpcConfig.subnetIds);
  assert.match(JSON.stringify(out.find("shop/fn")?.extra.dependsOn), /mount-a.*mount-b/);
});

test("the port of NFS is open from the function to the file system, and the function may open connections", () => {
  const out = fn(mount());
  const { fromPort, toPort, securityGroupId, referencedSecurityGroupId } = out.props("shop/fn/to-shop-files");
  assert.equal([fromPort, toPort], [2049, 2049]);
  assert.match(JSON.stringify(securityGroupId), /shop\/files\/security-group/);
  assert.match(JSON.stringify(referencedSecurityGroupId), /shop\/fn\/security-group/);
  assert.match(JSON.stringify(out.props("shop/fn/egress").securityGroupId), /shop\/fn\/security-group/);
});

test("the role may mount and write that file system by that access point only; only mount what is read", () => {
  const [one, ...more] = ofFiles(fn(mount()));
  assert.equal(more, []);
  assert.equal(one.Action, ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]);
  assert.match(JSON.stringify(one.Resource), /fileSystem:FileSystem::shop\/files"/);
  assert.match(JSON.stringify(one.Condition.StringEquals["elasticfilesystem:AccessPointArn"]), /access-up/);
  assert.is(ofFiles(fn(mount({ readOnly: true })))[0].Action, "elasticfilesystem:ClientMount");
});

test("what a function can't mount is an error that names what it can", () => {
  const said = (props: object, files?: object) => fn(props, files).errors.map((e) => `${e.code} ${e.path} ${e.next ?? ""}`.trim());
  assert.equal(said(mount({ source: "files" })), ["no-access-point volumes[0].source"]);
  assert.equal(said(mount({ source: "files" }), {}), [
    "no-access-point volumes[0].source give shop/files accessPoints: [{ name: files, path: /files }]",
  ]);
  assert.equal(said(mount({ source: "files/upp" })), ["unknown-access-point volumes[0].source"]);
  assert.equal(said(mount({ source: "jobs" })), ["not-mountable volumes[0].source"]);
  const two = [...mount().volumes, ...mount({ mountPath: "/mnt/b" }).volumes];
  assert.equal(said({ volumes: two }), ["one-volume volumes[1] mount an access point whose path holds both folders"]);
  assert.equal(said({ ...mount(), vpc: { enabled: false } }), ["not-in-vpc vpc.enabled"]);
  assert.equal(said({ uses: [{ component: "files" }] }), ["no-mount uses[0]"]);
  assert.throws(() => fn(mount({ mountPath: "/data" })), /mnt/);
});

test.run();
