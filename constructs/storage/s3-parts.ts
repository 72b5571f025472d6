/** Parts of a bucket that are resources of their own: encryption, versioning, lifecycle, CORS, website, replication. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { refuseUnencrypted } from "../base/encryption.js";
import { resource } from "../base/resource.js";
import { targetOf } from "../base/target-of.js";
import { stackKey } from "../security/default-key.js";
import { keyArn } from "../security/key-ref.js";
import { assumeRolePolicy, policyDocument } from "../iam.js";
import type { BucketPlace, S3Spec } from "./s3-access.js";

/** Declares the parts; gives the website's endpoint if there is one. */
export function bucketParts(props: S3Spec, ctx: ExpandContext, place: BucketPlace): Value | undefined {
  encryption(props, ctx, place);
  const versioning = versions(props, ctx, place);
  if (props.lifecycle?.length) lifecycle(props.lifecycle, ctx, place, versioning);
  if (props.cors) {
    resource(ctx, "cors", "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2", { bucket: place.id, corsRules: [props.cors] });
  }
  if (props.replication && props.replication.enabled !== false) replication(props, ctx, place, versioning);
  if (!props.website || props.website.enabled === false) return undefined;
  return resource(ctx, "website", "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2", {
    bucket: place.id,
    indexDocument: { suffix: props.website.indexDocument ?? "index.html" },
    errorDocument: props.website.errorDocument === undefined ? undefined : { key: props.website.errorDocument },
    routingRuleDetails: props.website.routingRules === undefined ? undefined : { $json: props.website.routingRules as Value },
  }).out("websiteEndpoint");
}

/** The KMS key of a bucket: its own, else the stack's unless it asks for S3's own key; undefined for S3's, or AWS's. */
export function bucketKey(wanted: S3Spec["encryption"], ctx: ExpandContext): Value | undefined {
  const own = keyArn(ctx, wanted?.kmsKeyId, "encryption.kmsKeyId");
  return own ?? (wanted?.algorithm === "AES256" ? undefined : stackKey(ctx));
}

function encryption({ encryption: wanted = {} }: S3Spec, ctx: ExpandContext, { id }: BucketPlace): void {
  refuseUnencrypted(wanted, ctx, "a bucket");
  const kmsMasterKeyId = bucketKey(wanted, ctx);
  const sseAlgorithm = wanted.algorithm ?? (kmsMasterKeyId === undefined ? "AES256" : "aws:kms");
  if (sseAlgorithm === "AES256" && wanted.kmsKeyId !== undefined)
    ctx.error("key-unused", "the algorithm AES256 takes no kmsKeyId", "encryption.kmsKeyId", {
      next: "set algorithm: aws:kms, or remove kmsKeyId",
    });
  const byDefault = { sseAlgorithm, kmsMasterKeyId };
  resource(ctx, "encryption", "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", {
    bucket: id,
    rules: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: sseAlgorithm === "aws:kms" }],
  });
}

function versions({ versioning }: S3Spec, ctx: ExpandContext, { id }: BucketPlace): ResourceHandle | undefined {
  if (!versioning) return undefined;
  return resource(ctx, "versioning", "aws:s3/bucketVersioningV2:BucketVersioningV2", {
    bucket: id,
    versioningConfiguration: { status: versioning.enabled === false ? "Suspended" : "Enabled" },
  });
}

function lifecycle(
  rules: NonNullable<S3Spec["lifecycle"]>,
  ctx: ExpandContext,
  { id }: BucketPlace,
  versioning: ResourceHandle | undefined,
): void {
  const list = rules.map((rule, i) => {
    const { expiration, transitions, noncurrentVersionExpiration: old, abortIncompleteMultipartDays: abort } = rule;
    if (!expiration && !transitions?.length && !old && abort === undefined)
      ctx.error("empty-rule", `the lifecycle rule "${rule.id}" does nothing`, `lifecycle[${i}]`, {
        expected: "expiration, transitions, noncurrentVersionExpiration or abortIncompleteMultipartDays",
      });
    return {
      id: rule.id,
      status: rule.enabled === false ? "Disabled" : "Enabled",
      filter: { prefix: rule.prefix ?? "" },
      expiration: expiration && { days: expiration.days },
      transitions: transitions?.map(({ days, storageClass }) => ({ days, storageClass })),
      noncurrentVersionExpiration: old && { noncurrentDays: old.days },
      abortIncompleteMultipartUpload: abort === undefined ? undefined : { daysAfterInitiation: abort },
    };
  });
  resource(
    ctx,
    "lifecycle",
    "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
    { bucket: id, rules: list },
    versioning ? { dependsOn: [versioning.urn] } : {},
  );
}

function replication(props: S3Spec, ctx: ExpandContext, { id, arn }: BucketPlace, versioning: ResourceHandle | undefined): void {
  const wanted = props.replication as NonNullable<S3Spec["replication"]>;
  if (!versioning || props.versioning?.enabled === false)
    ctx.error("versioning-needed", "replication needs versioning", "replication", { next: "add versioning: {enabled: true}" });
  const keys = replicationKeys(props, ctx);
  const copies = destination(wanted.destinationBucket, ctx);
  const before = [...(versioning ? [versioning.urn] : []), ...copies.ready];
  let role = wanted.roleArn;
  if (role === undefined) {
    const made = resource(ctx, "replication-role", "aws:iam/role:Role", {
      assumeRolePolicy: assumeRolePolicy("s3.amazonaws.com"),
      tags: ctx.tags,
    });
    const policy = resource(ctx, "replication-policy", "aws:iam/rolePolicy:RolePolicy", {
      role: made.out("name"),
      policy: policyDocument([
        { actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [arn] },
        {
          actions: ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
          resources: [{ $text: [arn, "/*"] }],
        },
        {
          actions: ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
          resources: [{ $text: [copies.arn, "/*"] }],
        },
        ...keyGrants(keys),
      ]),
    });
    before.push(policy.urn);
    role = made.out("arn");
  }
  resource(
    ctx,
    "replication",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    {
      bucket: id,
      role,
      rules: [
        {
          id: "all",
          status: "Enabled",
          priority: 0,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: keys.copy === undefined ? undefined : { sseKmsEncryptedObjects: { status: "Enabled" } },
          destination: {
            bucket: copies.arn,
            encryptionConfiguration: keys.copy === undefined ? undefined : { replicaKmsKeyId: keys.copy },
          },
        },
      ],
    },
    { dependsOn: before },
  );
}

/** The bucket that gets the copies, and the URNs that must stand before: S3 looks at its versioning. */
function destination(written: Value, ctx: ExpandContext): { arn: Value; ready: string[] } {
  const path = "replication.destinationBucket";
  const target = targetOf(ctx, written, "bucketArn") ?? targetOf(ctx, written, "bucketName");
  if (!target && (typeof written !== "string" || /^arn:[a-z-]+:s3:::[a-z0-9.-]+$/.test(written))) return { arn: written, ready: [] };
  const arn = target?.outputs.bucketArn;
  if (!target || arn === undefined) {
    const what = target ? `"${target.address}", a ${target.kind},` : JSON.stringify(written);
    ctx.error("no-bucket", `${what} is no bucket`, path, { expected: "an S3 component, or arn:aws:s3:::<bucket>" });
    return { arn: "", ready: [] };
  }
  const ready = target.urns.filter((urn) => urn.includes(":s3/bucketVersioningV2:"));
  if (ready.length === 0)
    ctx.error("versioning-needed", `S3 copies only to a bucket with versioning, which ${target.address} has not`, path, {
      next: `add versioning: {enabled: true} to ${target.address}`,
    });
  return { arn, ready };
}

/** Keys of a replication: what the bucket's objects are encrypted with, and their copies; undefined where it is none of ours. */
interface ReplicationKeys {
  source: Value | undefined;
  copy: Value | undefined;
}

/** S3 leaves out objects under a KMS key unless it is told to take them, and the key of the copies (S3 User Guide, "Replicating encrypted objects"). */
function replicationKeys({ encryption: wanted, replication: given }: S3Spec, ctx: ExpandContext): ReplicationKeys {
  const source = bucketKey(wanted, ctx);
  const copy = replicaKey(given?.replicaKmsKeyId, ctx);
  if (copy === undefined && (source !== undefined || wanted?.algorithm === "aws:kms"))
    ctx.error("replica-key-needed", "S3 copies no object under a KMS key without a key for the copies", "replication", {
      expected: "replicaKmsKeyId, a key in the region of the destination",
      next: "add replication.replicaKmsKeyId, or set encryption.algorithm: AES256",
    });
  return { source, copy };
}

/** An id or alias means a key of this region; the copies may lie in another. */
function replicaKey(written: Value | undefined, ctx: ExpandContext): Value | undefined {
  const path = "replication.replicaKmsKeyId";
  if (typeof written !== "string" || written.startsWith("arn:") || ctx.target(written)) return keyArn(ctx, written, path);
  ctx.error("no-key", `${JSON.stringify(written)} names no key`, path, { expected: "a KMSKey component, or the ARN of a key" });
  return undefined;
}

function keyGrants({ source, copy }: ReplicationKeys): { actions: string[]; resources: Value[] }[] {
  return [
    ...(copy === undefined || source === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [source] }]),
    ...(copy === undefined ? [] : [{ actions: ["kms:Encrypt"], resources: [copy] }]),
  ];
}
