/** Fields that name a key: what each form comes to in the resource and in the policies of those who use it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll } from "../../support/expand.js";

const ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const ARN = `arn:aws:kms:us-east-1:123456789012:key/${ID}`;
const ACCOUNT = { $lookup: { token: "aws:index/getCallerIdentity:getCallerIdentity", args: {}, output: "accountId" } };

/** A key, and a queue with it. */
const queue = (kmsKey: unknown) =>
  expandAll([
    { address: "shop/key", kind: "KMSKey", props: {} },
    { address: "shop/bucket", kind: "S3", props: {} },
    { address: "shop/jobs", kind: "SQS", props: { encryption: { kmsKey } } },
  ]);

test("a name, an ARN, an id and an alias all come to the ARN, in the queue and in what its users are granted", () => {
  const alias = (keyId: string) => ({ $lookup: { token: "aws:kms/getKey:getKey", args: { keyId }, output: "arn" } });
  const own = { $ref: { urn: queue("key").find("shop/key")?.urn, output: "arn" } };
  const forms: [unknown, unknown][] = [
    ["key", own],
    ["shop/key", own],
    [ARN, ARN],
    [ID, { $text: ["arn:aws:kms:", "us-east-1", ":", ACCOUNT, `:key/${ID}`] }],
    ["alias/mine", alias("alias/mine")],
    ["arn:aws:kms:us-east-1:123456789012:alias/mine", alias("arn:aws:kms:us-east-1:123456789012:alias/mine")],
  ];
  for (const [written, meant] of forms) {
    const made = queue(written);
    assert.equal(made.errors, [], String(written));
    assert.equal(made.props("shop/jobs").kmsMasterKeyId, meant);
    assert.equal(made.bindings["shop/jobs"]?.grants.send?.[1]?.resources, [meant]);
  }
});

test("what names no key is refused, a key of AWS's own too", () => {
  const refused = (kmsKey: unknown) => queue(kmsKey).errors.map((e) => [e.code, e.path]);
  for (const wrong of ["kye", "bucket", "arn:aws:s3:::bucket"]) assert.equal(refused(wrong), [["no-key", "encryption.kmsKey"]], wrong);
  assert.equal(refused("alias/aws/sqs"), [["aws-key", "encryption.kmsKey"]]);
});

test("every field that names a key takes a component's name", () => {
  const key = { address: "shop/key", kind: "KMSKey", props: {} };
  const table = { billingMode: "PAY_PER_REQUEST", hashKey: { name: "id", type: "S" } };
  const fields: [string, object, string, string][] = [
    ["Secret", { kmsKey: "key" }, "shop/x", "kmsKeyId"],
    ["EBS", { sizeGB: 10, encryption: { kmsKey: "key" } }, "shop/x", "kmsKeyId"],
    ["EFS", { encryption: { kmsKey: "key" } }, "shop/x", "kmsKeyId"],
    ["SNS", { encryption: { kmsKey: "key" } }, "shop/x", "kmsMasterKeyId"],
    ["DynamoDB", { ...table, encryption: { kmsKey: "key" } }, "shop/x", "serverSideEncryption"],
    ["S3", { encryption: { kmsKeyId: "key" } }, "shop/x/encryption", "rules"],
  ];
  for (const [kind, props, at, property] of fields) {
    const made = expandAll([key, { address: "shop/x", kind, props: props as Record<string, unknown> }]);
    assert.equal(made.errors, [], kind);
    assert.ok(JSON.stringify(made.props(at)[property]).includes(`"urn":"${made.find("shop/key")?.urn}","output":"arn"`), kind);
  }
});

test("copies of a bucket go to a component with versioning, or to an ARN", () => {
  const copies = (destinationBucket: string) =>
    expandAll([
      { address: "shop/b3", kind: "S3", props: { versioning: {} } },
      { address: "shop/jobs", kind: "SQS", props: {} },
      { address: "shop/a", kind: "S3", props: { versioning: {}, replication: { destinationBucket } } },
    ]);
  const [rule] = copies("b3").props("shop/a/replication").rules;
  assert.equal(rule.destination.bucket, { $ref: { urn: copies("b3").find("shop/b3")?.urn, output: "arn" } });
  assert.equal(copies("arn:aws:s3:::elsewhere").errors, []);
  for (const wrong of ["b4", "jobs"])
    assert.equal(
      copies(wrong).errors.map((e) => e.code),
      ["no-bucket"],
    );
});

test.run();
