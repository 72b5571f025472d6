import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const FILES = {
  address: "shop/files",
  kind: "EFS",
  props: { accessPoints: [{ name: "up", path: "/up" }] },
};
/** A task of a kind with these volumes. */
const task = (volumes: object[], kind = "Worker", more: object = {}) =>
  expandAll([FILES, { address: "shop/api", kind, props: { image: "api:1", storage: { volumes }, ...more } }]);
const statements = (out: ReturnType<typeof task>) => out.props("shop/api/task-policy").policy.$json.Statement;
const definition = (out: ReturnType<typeof task>) => out.props("shop/api/task-definition");
const container = (out: ReturnType<typeof task>) => definition(out).containerDefinitions.$json[0];

test("a volume without a source is empty space of the task", () => {
  const out = task([{ name: "work", mountPath: "/work" }]);
  assert.equal(out.errors, []);
  assert.equal(definition(out).volumes, [{ name: "work" }]);
  assert.equal(container(out).mountPoints, [{ sourceVolume: "work", containerPath: "/work" }]);
  assert.is(out.find("shop/api/to-shop-files"), undefined);
  assert.is(out.find("shop/api/task-policy"), undefined);
});

test("a file system is mounted over TLS by the task's role, once its mount targets stand, through a port that is open to the task", () => {
  for (const kind of ["Worker", "MicroService", "CronJob"]) {
    const out = task([{ name: "data", mountPath: "/data", source: "files" }], kind, kind === "CronJob" ? { schedule: "rate(1 day)" } : {});
    assert.equal(out.errors, []);
    const efs = definition(out).volumes[0].efsVolumeConfiguration;
    assert.is(efs.transitEncryption, "ENABLED");
    assert.equal(efs.authorizationConfig, { iam: "ENABLED" });
    assert.match(JSON.stringify(efs.fileSystemId), /fileSystem:FileSystem::shop\/files"/);
    assert.is(out.props("shop/api/to-shop-files").fromPort, 2049);
    assert.match(JSON.stringify(out.find("shop/api")?.extra.dependsOn), /mount-a.*mount-b/);
    assert.not(container(out).environment, kind);
  }
});

test("through an access point the role may mount and write by that point only", () => {
  const out = task([{ name: "up", mountPath: "/up", source: "files/up" }]);
  assert.match(
    JSON.stringify(definition(out).volumes[0].efsVolumeConfiguration.authorizationConfig.accessPointId),
    /access-up","output":"id"|access-up.*"id"/,
  );
  const [statement, ...more] = statements(out);
  assert.equal(more, []);
  assert.equal(statement.Action, ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]);
  assert.match(JSON.stringify(statement.Condition.StringEquals["elasticfilesystem:AccessPointArn"]), /access-up/);
});

test("what is mounted for reading may not be written", () => {
  const out = task([{ name: "up", mountPath: "/up", source: "shop/files/up", readOnly: true }]);
  assert.equal(container(out).mountPoints, [{ sourceVolume: "up", containerPath: "/up", readOnly: true }]);
  assert.is(statements(out)[0].Action, "elasticfilesystem:ClientMount");
});

test("what does not fit together, or can't be mounted, is an error at the volume", () => {
  const problems = (volumes: object[]) => task(volumes).errors.map((e) => `${e.code} ${e.path}`);
  const at = (more: object) => [{ name: "a", mountPath: "/a", ...more }];
  assert.equal(problems(at({ type: "efs" })), ["volume-source storage.volumes[0].source"]);
  assert.equal(problems(at({ type: "emptyDir", source: "files" })), ["volume-source storage.volumes[0].source"]);
  assert.equal(problems(at({ source: "files/upp" })), ["unknown-access-point storage.volumes[0].source"]);
  assert.equal(problems([...at({}), ...at({ mountPath: "/b" })]), ["duplicate-volume storage.volumes[1].name"]);
  assert.equal(problems([...at({}), ...at({ name: "b" })]), ["duplicate-volume storage.volumes[1].mountPath"]);
  const queue = { address: "shop/jobs", kind: "SQS", props: {} };
  const volumes = at({ source: "jobs" });
  const out = expandAll([queue, { address: "shop/api", kind: "Worker", props: { image: "api:1", storage: { volumes } } }]);
  assert.equal(
    out.errors.map((e) => `${e.code}: ${e.message}`),
    ['not-mountable: SQS "shop/jobs" can\'t be mounted'],
  );
});

test("a use of the file system beside the volume gives what it always gives", () => {
  const out = task([{ name: "up", mountPath: "/up", source: "files/up" }], "Worker", { uses: [{ component: "files" }] });
  assert.is(out.resources.filter((r) => r.at === "shop/api/to-shop-files").length, 1);
  assert.is(statements(out).length, 2);
  assert.is(container(out).environment[0].name, "FILES_FILE_SYSTEM_ID");
});

test.run();
