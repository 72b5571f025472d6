import { test } from "uvu";
import * as assert from "uvu/assert";
import { expandAll, type Setting } from "../../support/expand.js";
import { lintPolicies } from "../../support/iam-lint.js";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const COPY = "arn:aws:kms:eu-west-1:123456789012:key/abcd1234-12ab-34cd-56ef-1234567890ab";
const destinationBucket = "arn:aws:s3:::copies";

const bucket = (props: object, setting: Setting = {}) =>
  expandAll([{ address: "shop/files", kind: "S3", props: { versioning: {}, ...props } }], setting);
const keyActions = (made: ReturnType<typeof bucket>): [string, unknown][] =>
  made
    .props("shop/files/replication-policy")
    .policy.$json.Statement.filter((s: { Action: string }) => String(s.Action).startsWith("kms:"))
    .map((s: { Action: string; Resource: unknown }) => [String(s.Action), s.Resource]);

test("objects under a KMS key are copied under a key of the destination, and the role may use the two for nothing else", () => {
  const made = bucket({ encryption: { kmsKeyId: KEY }, replication: { destinationBucket, replicaKmsKeyId: COPY } });
  assert.equal(made.errors, []);
  const [rule] = made.props("shop/files/replication").rules;
  assert.equal(rule.sourceSelectionCriteria, { sseKmsEncryptedObjects: { status: "Enabled" } });
  assert.equal(rule.destination, { bucket: destinationBucket, encryptionConfiguration: { replicaKmsKeyId: COPY } });
  assert.equal(keyActions(made), [
    ["kms:Decrypt", KEY],
    ["kms:Encrypt", COPY],
  ]);
  assert.equal(lintPolicies({ resources: made.resources } as never), []);
});

test("without a KMS key there is nothing of keys", () => {
  const made = bucket({ replication: { destinationBucket } });
  assert.equal([made.errors, keyActions(made)], [[], []]);
  const [rule] = made.props("shop/files/replication").rules;
  assert.equal([rule.sourceSelectionCriteria, rule.destination.encryptionConfiguration], [undefined, undefined]);
});

test("the stack's own key counts, too", () => {
  const made = bucket({ replication: { destinationBucket } }, { infra: { Security: { encryption: { kmsKey: KEY } } } });
  assert.equal(
    made.errors.map((e) => e.code),
    ["replica-key-needed"],
  );
  const own = bucket(
    { encryption: { algorithm: "AES256" }, replication: { destinationBucket } },
    { infra: { Security: { encryption: { kmsKey: KEY } } } },
  );
  assert.equal(own.errors, []);
});

/** A bucket of a stack in two regions, as its part in one of them has it. */
const regional = (here: string, props: object = {}, regions = ["us-east-1", "eu-central-1"]) =>
  bucket({ replication: { region: "eu-central-1" }, ...props }, { region: here, regions });
/** A value as text, what is known only later by its output. */
const said = (value: any): string =>
  typeof value === "string" ? value : value.$text ? value.$text.map(said).join("") : (value.$lookup?.output ?? value.$ref?.output ?? "?");
const destination = (made: ReturnType<typeof bucket>) => said(made.props("shop/files/replication").rules[0].destination.bucket);

test("the bucket of one region copies to that of another, whose name it knows, by a role for these two alone", () => {
  const [home, other] = [regional("us-east-1"), regional("eu-central-1")];
  assert.equal([home.errors, other.errors], [[], []]);
  const name = said(other.props("shop/files").bucket);
  assert.match(name, /-eu-central-1$/);
  assert.is(destination(home), `arn:aws:s3:::${name}`);
  assert.is.not(said(home.props("shop/files").bucket), name);
  assert.is(other.find("shop/files/replication"), undefined);
  assert.equal(
    [home, other].map((made) => made.props("shop/files/versioning").versioningConfiguration.status),
    ["Enabled", "Enabled"],
  );
  const resources = home.props("shop/files/replication-policy").policy.$json.Statement.flatMap((s: any) => s.Resource);
  assert.equal([...new Set(resources.map(said))], ["arn", "arn/*", `arn:aws:s3:::${name}/*`]);
  assert.equal(lintPolicies({ resources: home.resources } as never), []);
});

test("a generated name fits, and differs by account, region and component", () => {
  const long = bucket(
    { replication: { region: "ap-southeast-1" } },
    { region: "ap-southeast-2", regions: ["ap-southeast-1", "ap-southeast-2"] },
  );
  const { $text } = long.props("shop/files").bucket;
  assert.match(JSON.stringify($text[1]), /accountId|123456789012/);
  assert.ok($text[0].length + 12 + $text[2].length <= 63, JSON.stringify($text));
});

test("both ways each copies to the other; a region that gets copies later is told of in the plan", () => {
  const both = { replication: { region: "eu-central-1", bothWays: true } };
  const [home, other] = [regional("us-east-1", both), regional("eu-central-1", both)];
  assert.is(destination(home), `arn:aws:s3:::${said(other.props("shop/files").bucket)}`);
  assert.is(destination(other), `arn:aws:s3:::${said(home.props("shop/files").bucket)}`);
  assert.match(home.notices.join(), /deploy eu-central-1 first \(--region eu-central-1\)/);
  assert.equal(other.notices, []);
});

test("a written name has the region in it, and the other's is the same with the other's", () => {
  const named = (name: string) => regional("us-east-1", { bucket: { name } });
  assert.is(destination(named("acme-files-us-east-1")), "arn:aws:s3:::acme-files-eu-central-1");
  assert.equal(
    named("acme-files").errors.map((e) => `${e.code} ${e.path}`),
    ["bucket-region bucket.name"],
  );
});

test("switched off, the buckets keep their names and copy nothing", () => {
  const off = regional("us-east-1", { replication: { region: "eu-central-1", enabled: false } });
  assert.equal(off.props("shop/files").bucket, regional("us-east-1").props("shop/files").bucket);
  assert.is(off.find("shop/files/replication"), undefined);
});

test("what the stack's regions do not fit is an error", () => {
  const codes = (replication: object, regions?: string[]) =>
    regional("us-east-1", { replication }, regions).errors.map((e) => `${e.code} ${e.path}`);
  assert.equal(codes({ region: "eu-west-1" }), ["replication-region replication.region"]);
  assert.equal(codes({ region: "us-east-1" }, ["us-east-1"]), ["replication-region replication.region"]);
  assert.equal(codes({ region: "eu-central-1", destinationBucket }), ["replication-where replication"]);
  assert.equal(codes({ destinationBucket, bothWays: true }), ["both-ways replication.bothWays"]);
  const three = ["us-east-1", "ap-south-1", "eu-central-1"];
  assert.equal(codes({ region: "eu-central-1", bothWays: true }, three), ["both-ways replication.bothWays"]);
  assert.equal(codes({ region: "eu-central-1" }, three), []);
});

test.run();
