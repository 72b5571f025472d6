import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "../../../../../framework/base/diagnostics.js";
import { type TypeSchema, UNKNOWN } from "../../../../../framework/model/index.js";
import { decodeObject } from "../../../../../framework/providers/aws/bridge/decode.js";
import { encodeObject } from "../../../../../framework/providers/aws/bridge/encode.js";
import { shippedSchema } from "../../../../support/plugin.js";

const index = shippedSchema();
const type = (token: string): TypeSchema => index.type(token) as TypeSchema;
const QUEUE = "aws:sqs/queue:Queue";
const VERSIONING = "aws:s3/bucketVersioningV2:BucketVersioningV2";

function config(token: string, inputs: { [name: string]: unknown }, timeouts = {}): any {
  const problems: Diagnostic[] = [];
  const out = encodeObject(type(token), inputs, "config", problems, timeouts);
  assert.equal(problems, []);
  return out;
}

function problemsOf(token: string, inputs: { [name: string]: unknown }): Diagnostic[] {
  const problems: Diagnostic[] = [];
  encodeObject(type(token), inputs, "config", problems);
  return problems;
}

test("every attribute and block is present, unset ones as null or an empty list", () => {
  const out = config(QUEUE, { name: "q" });
  assert.is(out.name, "q");
  assert.is(out.delay_seconds, null);
  assert.is(out.id, null);
  assert.is(out.timeouts, null);
  assert.equal(config("aws:s3/bucketV2:BucketV2", { bucket: "b" }).versioning, []);
});

test("a one-element list is wrapped, deeply", () => {
  const out = config(VERSIONING, { bucket: "b", versioningConfiguration: { status: "Enabled" } });
  assert.equal(out.versioning_configuration, [{ mfa_delete: null, status: "Enabled" }]);
});

test("scalars are converted to the wire's type", () => {
  assert.is(config("aws:lb/targetGroup:TargetGroup", { deregistrationDelay: 30 }).deregistration_delay, "30");
  assert.is(config(QUEUE, { delaySeconds: "5" }).delay_seconds, 5);
  assert.is(config(QUEUE, { fifoQueue: "true" }).fifo_queue, true);
  assert.is(config("aws:ecs/taskDefinition:TaskDefinition", { family: "f", cpu: 256, containerDefinitions: "[]" }).cpu, "256");
});

test("a JSON document may be given as an object, and is unknown while a part of it is", () => {
  const role = "aws:iam/role:Role";
  assert.is(config(role, { assumeRolePolicy: { Version: "1" } }).assume_role_policy, '{"Version":"1"}');
  assert.equal(config(role, { assumeRolePolicy: { Version: UNKNOWN } }).assume_role_policy, UNKNOWN);
  assert.match(problemsOf(QUEUE, { name: { a: 1 } })[0]?.message ?? "", /name is an object/);
});

test("unknown scalars, lists, blocks and map values stay unknown where they stand", () => {
  const out = config(QUEUE, { name: UNKNOWN, tags: { a: UNKNOWN, b: "c" } });
  assert.equal([out.name, out.tags], [UNKNOWN, { a: UNKNOWN, b: "c" }]);
  assert.equal(config(VERSIONING, { bucket: "b", versioningConfiguration: UNKNOWN }).versioning_configuration, UNKNOWN);
});

test("timeouts become durations, for the keys that the type has", () => {
  const { timeouts } = config(QUEUE, {}, { create: 90, read: 5 });
  assert.equal(timeouts, { create: "90s", delete: null, update: null });
});

test("all problems are reported at once, with Pulumi paths, the nearest name, and never the value", () => {
  const problems = problemsOf(VERSIONING, { bukket: "x", versioningConfiguration: { statsu: "hush", status: ["hush"] } });
  assert.equal(
    problems.map((p) => [p.code, p.path, p.suggestion, p.expected]),
    [
      ["wrong-type", "versioningConfiguration.status", undefined, "text"],
      ["unknown-property", "versioningConfiguration.statsu", "status", undefined],
      ["unknown-property", "bukket", "bucket", undefined],
    ],
  );
  assert.not.match(JSON.stringify(problems), /hush/);
});

test("what only the provider sets is refused in a config and accepted in a state", () => {
  assert.is(problemsOf(QUEUE, { arn: "a" })[0]?.code, "read-only");
  const problems: Diagnostic[] = [];
  assert.is(encodeObject(type(QUEUE), { arn: "a", id: "i" }, "state", problems).id, "i");
  assert.equal(problems, []);
});

test("attributes that the SDK lacks are sent empty", () => {
  assert.is(config("aws:rds/instance:Instance", { instanceClass: "db.t3.micro" }).password_wo, null);
});

test("a state that was decoded encodes to itself again", () => {
  const state = {
    ...encodeObject(type("aws:lb/targetGroup:TargetGroup"), {}, "state", []),
    id: "arn",
    name: "tg",
    deregistration_delay: "30",
    health_check: [{ ...healthCheck(), path: "/h", port: "80", interval: 30, enabled: true }],
    tags: { a: "b" },
  };
  const { outputs } = decodeObject(type("aws:lb/targetGroup:TargetGroup").properties, state);
  assert.is(outputs.deregistrationDelay, 30);
  assert.equal(encodeObject(type("aws:lb/targetGroup:TargetGroup"), { ...outputs, id: "arn" }, "state", []), state);
});

function healthCheck(): { [name: string]: null } {
  const fields = type("aws:lb/targetGroup:TargetGroup").properties.healthCheck?.fields ?? {};
  return Object.fromEntries(Object.values(fields).map((p) => [p.wire, null]));
}

test("every shipped type encodes an empty config with all its names once", () => {
  for (const token of index.shipped()) {
    const t = type(token);
    const out = encodeObject(t, {}, "config", []);
    const extra = (t.hidden?.length ?? 0) + (t.idFrom ? 0 : 1) + (t.timeouts ? 1 : 0);
    assert.is(Object.keys(out).length, Object.keys(t.properties).length + extra, token);
  }
});

test.run();
