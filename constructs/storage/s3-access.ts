/** Who may reach a bucket: public access block, ownership, ACL, policy. */
import type { z } from "zod";
import { canonicalJson } from "../../framework/base/json.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import type { Expanded } from "../base/kind.js";
import { declared, resource } from "../base/resource.js";
import { policyDocument, type Statement } from "../iam.js";
import type { s3Fields } from "./s3-schema.js";

/** Props of a bucket as expand gets them. */
export type S3Spec = Expanded<z.output<z.ZodObject<typeof s3Fields, z.core.$strict>>>;

/** The bucket that parts are made for. */
export interface BucketPlace {
  id: Value;
  arn: Value;
}

/** Declares public access block and ownership (roles `public-access`, `ownership`), and with `acl` the ACL (role `acl`). */
export function bucketAccess(props: S3Spec, ctx: ExpandContext, { id }: BucketPlace): void {
  const block = props.publicAccessBlock ?? {};
  const access = resource(ctx, "public-access", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {
    bucket: id,
    blockPublicAcls: block.blockPublicAcls ?? true,
    blockPublicPolicy: block.blockPublicPolicy ?? true,
    ignorePublicAcls: block.ignorePublicAcls ?? true,
    restrictPublicBuckets: block.restrictPublicBuckets ?? true,
  });
  const acl = props.bucket?.acl;
  const ownership = resource(ctx, "ownership", "aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
    bucket: id,
    rule: { objectOwnership: acl === undefined ? "BucketOwnerEnforced" : "BucketOwnerPreferred" },
  });
  if (acl === undefined) return;
  if (acl.startsWith("public") && block.blockPublicAcls !== false)
    ctx.error("public-acl", `the ACL ${acl} is refused while public ACLs are blocked`, "bucket.acl", {
      next: "remove bucket.acl, or set publicAccessBlock.blockPublicAcls and .ignorePublicAcls to false",
    });
  resource(ctx, "acl", "aws:s3/bucketAclV2:BucketAclV2", { bucket: id, acl }, { dependsOn: [access.urn, ownership.urn] });
}

/** What a component tells a bucket to put into its policy: what writes logs there or serves its objects. */
export interface BucketStatement {
  statement: Statement;
  /** For the policy of the bucket's key, where it is not S3's own. */
  key?: Statement;
}

/**
 * Declares the policy (role `policy`): TLS only; readable by everyone where a website is served and the block allows it; and what others
 * told the bucket. Part of `finish`: those others may refer to the bucket.
 */
export function bucketPolicy(props: S3Spec, ctx: ExpandContext, told: readonly BucketStatement[]): void {
  const bucket = declared(ctx, undefined, "aws:s3/bucketV2:BucketV2");
  const [id, arn] = [bucket.out("id"), bucket.out("arn")];
  const objects: Value = { $text: [arn, "/*"] };
  const statements: Statement[] = [
    {
      sid: "TlsOnly",
      effect: "Deny",
      principals: { AWS: "*" },
      actions: ["s3:*"],
      resources: [arn, objects],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
  const block = props.publicAccessBlock;
  const open = block?.blockPublicPolicy === false && block.restrictPublicBuckets === false;
  if (props.website && props.website.enabled !== false) {
    if (open) {
      // A website endpoint speaks HTTP only, so its readers can't be held to TLS.
      statements.splice(0, 1, { sid: "Website", principals: { AWS: "*" }, actions: ["s3:GetObject"], resources: [objects] });
    } else ctx.notice("the website is not readable from outside: public access is blocked");
  }
  const more = new Map(told.map(({ statement }) => [canonicalJson(statement as unknown as Value), statement]));
  resource(
    ctx,
    "policy",
    "aws:s3/bucketPolicy:BucketPolicy",
    { bucket: id, policy: policyDocument([...statements, ...more.values()]) },
    { dependsOn: [ctx.urn("public-access", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")] },
  );
}
