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

test.run();
