/** What a bucket's objects are encrypted with. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { stackKey } from "../security/default-key.js";
import { keyArn } from "../security/key-ref.js";
import type { S3Spec } from "./s3-access.js";

/** The KMS key of a bucket: its own, else the stack's unless it asks for S3's own key; undefined for S3's, or AWS's. */
export function bucketKey(wanted: S3Spec["encryption"], ctx: ExpandContext): Value | undefined {
  const own = keyArn(ctx, wanted?.kmsKeyId, "encryption.kmsKeyId");
  return own ?? (wanted?.algorithm === "AES256" ? undefined : stackKey(ctx));
}
