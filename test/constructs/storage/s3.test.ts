import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Given, type Setting } from "../../support/expand.js";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const bucket = (props: Record<string, unknown> = {}, setting: Setting = {}, ...others: Given[]) =>
  expandAll([...others, { address: "shop/files", kind: "S3", props }], { finish: true, ...setting });
const actions = (out: ReturnType<typeof bucket>, access: "read" | "write" | "readWrite") =>
  out.bindings["shop/files"]?.grants[access]?.flatMap((g) => g.actions) ?? [];

test("a bucket is private, encrypted, and takes requests over TLS only", () => {
  const out = bucket();
  const block = out.resources.find((r) => r.type.endsWith("BucketPublicAccessBlock"))?.props;
  assert.equal(
    [block?.blockPublicAcls, block?.blockPublicPolicy, block?.ignorePublicAcls, block?.restrictPublicBuckets],
    [true, true, true, true],
  );
  assert.is(out.props("shop/files/encryption").rules[0].applyServerSideEncryptionByDefault.sseAlgorithm, "AES256");
  assert.match(JSON.stringify(out.resources.find((r) => r.type.endsWith(":BucketPolicy"))?.props), /"Deny".*SecureTransport/);
});

test("with a key objects are encrypted under it, and who uses the bucket may use the key", () => {
  const out = bucket({ encryption: { kmsKeyId: KEY } });
  const [rule] = out.props("shop/files/encryption").rules;
  assert.equal(rule, { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }, bucketKeyEnabled: true });
  for (const access of ["read", "write", "readWrite"] as const) assert.ok(actions(out, access).includes("kms:GenerateDataKey"), access);
  assert.is(out.bindings["shop/files"]?.encryptedWith, KEY);
});

test("the key of Security is that of a bucket which asks for none, unless it asks for S3's own", () => {
  const infra = { Security: { encryption: { kmsKey: KEY } } };
  const key = (props: Record<string, unknown>) =>
    bucket(props, { infra }).props("shop/files/encryption").rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId;
  assert.is(key({}), KEY);
  assert.is(key({ encryption: { algorithm: "AES256" } }), undefined);
});

test("who reads may not write, who writes may not read, and nobody changes the bucket", () => {
  const out = bucket();
  assert.ok(actions(out, "read").includes("s3:GetObject") && !actions(out, "read").includes("s3:PutObject"));
  assert.ok(actions(out, "write").includes("s3:PutObject") && !actions(out, "write").includes("s3:GetObject"));
  assert.not(actions(out, "readWrite").some((action) => /Policy|Acl|DeleteBucket|PutBucket/.test(action)));
});

test("a lifecycle waits for versioning, which it depends on", () => {
  const out = bucket({
    versioning: { enabled: true },
    lifecycle: [{ id: "old", prefix: "logs/", expiration: { days: 30 }, noncurrentVersionExpiration: { days: 7 } }],
  });
  const [rule] = out.props("shop/files/lifecycle").rules;
  assert.equal([rule.filter.prefix, rule.expiration.days, rule.noncurrentVersionExpiration.noncurrentDays], ["logs/", 30, 7]);
  assert.equal(out.find("shop/files/lifecycle")?.extra.dependsOn, [out.find("shop/files/versioning")?.urn]);
});

test("a website has an address, and none is promised where there is no website", () => {
  assert.ok(bucket({ website: { indexDocument: "start.html" } }).outputs["shop/files"]?.websiteUrl);
  for (const props of [{}, { website: { enabled: false } }]) assert.is(bucket(props).outputs["shop/files"]?.websiteUrl, undefined);
});

test("a queue that is told of new objects lets this bucket send, before the bucket does", () => {
  const out = bucket(
    { notifications: [{ component: "jobs", events: ["s3:ObjectCreated:*"] }] },
    {},
    { address: "shop/jobs", kind: "SQS", props: {} },
  );
  const told = out.resources.find((r) => r.type.endsWith("BucketNotification"));
  assert.ok(told?.extra.dependsOn?.includes(out.find("shop/jobs/policy")?.urn ?? "nothing"));
  assert.match(JSON.stringify(out.props("shop/jobs/policy").policy), /s3\.amazonaws\.com.*aws:SourceArn/);
});

test.run();
