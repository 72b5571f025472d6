/** Buckets that AWS services write their logs to. */
import { makeUrn } from "../../framework/base/names.js";
import type { BoundTarget, ExpandContext, Link, Value } from "../../framework/model/index.js";
import { targetOf } from "../base/target-of.js";
import type { Statement } from "../iam.js";
import type { BucketStatement } from "./s3-access.js";

/** Links of a field that names an S3 component or an existing bucket. A reference makes its own edge. */
export function bucketLinks(bucket: unknown, path: string): Link[] {
  return typeof bucket === "string" ? [{ component: bucket, path, optional: true, orderOnly: true }] : [];
}

/** The bucket's name, and the URNs that must stand before anyone writes. */
export interface LogBucket {
  name: Value;
  ready: string[];
}

/** Who delivers, as a bucket's policy names it. */
const DELIVERY = {
  // Elastic Load Balancing, "Enable access logs": one principal for all regions.
  balancer: { principal: "logdelivery.elasticloadbalancing.amazonaws.com", sid: "BalancerLogs" },
} as const;

/** The bucket for logs. One of the stack's gets a statement in its policy; an existing one must have it. Reports a component without a bucket. */
export function logBucket(
  ctx: ExpandContext,
  bucket: Value,
  by: keyof typeof DELIVERY,
  prefix: string | undefined,
  path: string,
): LogBucket {
  const target = targetOf(ctx, bucket, "bucketName");
  if (!target) return { name: bucket, ready: [] };
  const { bucketName, bucketArn } = target.outputs;
  if (bucketName === undefined || bucketArn === undefined) {
    ctx.error("no-bucket", `"${target.address}" has no bucket`, path, { expected: "an S3 component" });
    return { name: "", ready: [] };
  }
  if (target.bindings?.encryptedWith !== undefined)
    ctx.error("log-bucket-key", `load balancers write no logs to "${target.address}", which is encrypted with a KMS key`, path, {
      next: `set encryption.algorithm: AES256 of ${target.address}`,
    });
  const { principal, sid } = DELIVERY[by];
  const folder = prefix === undefined ? "" : `${prefix}/`;
  const statement: Statement = {
    sid: `${sid}${prefix === undefined ? "" : prefix.replaceAll(/[^A-Za-z0-9]/g, "")}`,
    principals: { Service: principal },
    actions: ["s3:PutObject"],
    resources: [{ $text: [bucketArn, `/${folder}AWSLogs/`, ctx.accountId, "/*"] }],
  };
  ctx.tell(target.address, { statement } satisfies BucketStatement);
  return { name: bucketName, ready: [bucketPolicyUrn(ctx, target)] };
}

/** The URN of the policy of a bucket of this stack. */
function bucketPolicyUrn({ stack, environment }: ExpandContext, { service, component }: BoundTarget): string {
  return makeUrn({ environment, stack, type: "aws:s3/bucketPolicy:BucketPolicy", service, component, role: "policy" });
}
