/** Parts of a bucket that are resources of their own: encryption, versioning, lifecycle, CORS, website, replication. */
import type { ExpandContext, ResourceHandle, Value } from "../../framework/model/index.js";
import { refuseUnencrypted } from "../base/encryption.js";
import { resource } from "../base/resource.js";
import type { BucketPlace, S3Spec } from "./s3-access.js";
import { bucketKey } from "./s3-key.js";
import { replication } from "./s3-replication.js";

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
