/** Replication of a bucket: to a bucket that is there, or to the same component's bucket in another region of the stack. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { targetOf } from "../base/target-of.js";
import { assumeRolePolicy, policyDocument } from "../iam.js";
import { keyArn } from "../security/key-ref.js";
import type { BucketPlace, S3Spec } from "./s3-access.js";
import { bucketKey } from "./s3-key.js";
import { copiesTo, regionalCopies } from "./s3-regions.js";

/** Declares what copies the bucket's objects; roles `replication`, `replication-role`, `replication-policy`. Nothing where this region's bucket only gets copies. */
export function replication(props: S3Spec, ctx: ExpandContext, { id, arn }: BucketPlace, versioning: ResourceHandle | undefined): void {
  const wanted = props.replication as NonNullable<S3Spec["replication"]>;
  if (!versioning || props.versioning?.enabled === false)
    ctx.error("versioning-needed", "replication needs versioning", "replication", { next: "add versioning: {enabled: true}" });
  if (wanted.region !== undefined && copiesTo(props, ctx) === undefined) return;
  const keys = replicationKeys(props, ctx);
  const copies = wanted.region === undefined ? destination(wanted.destinationBucket ?? "", ctx) : regionalCopies(props, ctx);
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
