/** One component's buckets in several regions of a stack: their names, which each region must know of the others, and which copies to which. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { nameForAll } from "../base/all-regions.js";
import type { S3Spec } from "./s3-access.js";

/**
 * What is made of the URN in a name, at most: a bucket's name has 63 characters (S3 User Guide, "General purpose bucket naming rules"), of
 * which account (12), region (14) and what joins them are others.
 */
const FRONT = { property: "bucket", max: 35, lower: true };
const PATH = "replication.region";

/** True where the bucket takes part in copying between the stack's own regions. */
function isRegional({ replication }: S3Spec): boolean {
  return replication?.region !== undefined && replication.enabled !== false;
}

/**
 * The name of the component's bucket in this region, where other regions must know it: the written one, else one of account and region, as
 * a name that holds a state's lineage is known to that region alone. Undefined for a generated one.
 */
export function bucketName(props: S3Spec, ctx: ExpandContext): Value | undefined {
  return props.replication?.region === undefined ? props.bucket?.name : nameIn(ctx.region, props, ctx);
}

function nameIn(region: string, { bucket }: S3Spec, ctx: ExpandContext): Value {
  if (bucket?.name !== undefined) return bucket.name.replaceAll(ctx.region, region);
  const front = nameForAll(FRONT, ctx.urn(undefined, "aws:s3/bucketV2:BucketV2"));
  return { $text: [`${front}-`, ctx.accountId, `-${region}`] };
}

/** The region that gets this one's objects; undefined where this one only gets those of others. */
export function copiesTo(props: S3Spec, ctx: ExpandContext): string | undefined {
  const to = isRegional(props) ? props.replication?.region : undefined;
  if (to !== ctx.region) return to;
  return props.replication?.bothWays ? ctx.regions.find((region) => region !== to) : undefined;
}

/** Reports what the regions of the stack do not fit. */
export function checkRegional(props: S3Spec, ctx: ExpandContext): void {
  const { replication, bucket } = props;
  if (!replication) return;
  const { region, destinationBucket, bothWays } = replication;
  if ((region === undefined) === (destinationBucket === undefined))
    ctx.error("replication-where", "copies go either to a bucket or to a region of the stack", "replication", {
      expected: "destinationBucket, or region",
    });
  if (region === undefined) {
    if (bothWays !== undefined)
      ctx.error("both-ways", "bothWays is for a region of the stack", "replication.bothWays", { expected: "region" });
    return;
  }
  if (ctx.regions.length < 2 || !ctx.regions.includes(region))
    ctx.error("replication-region", `${region} is no other region of the stack`, PATH, {
      expected: ctx.regions.length < 2 ? "provider.regions with two regions at least" : ctx.regions.join(", "),
    });
  if (bothWays && ctx.regions.length > 2)
    ctx.error("both-ways", `${region} would copy to one region only, and the stack has ${ctx.regions.length}`, "replication.bothWays", {
      expected: "a stack of two regions",
    });
  if (bucket?.name !== undefined && !bucket.name.includes(ctx.region))
    ctx.error("bucket-region", "each region needs the name of the other's bucket, and this one says no region", "bucket.name", {
      next: `put \${REGION} into it, or leave it out`,
    });
}

/** The bucket that gets this region's copies, by its name; the reader of the plan is told where it is deployed later than this one. */
export function regionalCopies(props: S3Spec, ctx: ExpandContext): { arn: Value; ready: string[] } {
  const to = copiesTo(props, ctx) ?? "";
  if (ctx.regions.indexOf(to) > ctx.regions.indexOf(ctx.region))
    ctx.notice(
      `its copies go to ${to}, which is deployed after ${ctx.region}; S3 copies only to a bucket that is there: the first time, deploy ${to} first (--region ${to})`,
    );
  const name = nameIn(to, props, ctx);
  const arn: Value =
    typeof name === "string" ? `arn:aws:s3:::${name}` : { $text: ["arn:aws:s3:::", ...(name as { $text: Value[] }).$text] };
  return { arn, ready: [] };
}
