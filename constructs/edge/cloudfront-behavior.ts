/** What a distribution does with requests: methods, cache, headers. By the policies that CloudFront itself keeps. */
import type { ExpandContext } from "../../framework/model/index.js";
import type { CloudFrontSpec } from "./cloudfront.js";
import type { Origin } from "./cloudfront-origin.js";

/** CloudFront Developer Guide, "Use managed cache policies". */
const CACHE = {
  /** CachingOptimized. */
  static: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  /** CachingDisabled. */
  off: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
} as const;

/** "Use managed origin request policies": AllViewerExceptHostHeader; all that the client said but the host, by which origins know themselves. */
const ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
/** "Use managed response headers policies": SecurityHeadersPolicy. */
const SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03";

/** The sets that CloudFront knows (API reference, AllowedMethods). */
const SETS = [
  ["GET", "HEAD"],
  ["GET", "HEAD", "OPTIONS"],
  ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
] as const;

type BehaviorSpec = CloudFrontSpec["defaultBehavior"];

/** A behavior as the distribution takes it. A bucket is asked without the client's headers and query: they would spoil its signature. */
export function behaviorProps(ctx: ExpandContext, spec: BehaviorSpec, origin: Origin | undefined, path: string) {
  const bucket = origin?.bucket !== undefined;
  if (spec.cache !== undefined && spec.cachePolicy !== undefined)
    ctx.error("cache-twice", "how long answers are kept is said twice", `${path}.cache`, { expected: "cache, or cachePolicy" });
  return {
    targetOriginId: spec.origin,
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: methods(ctx, spec.methods, bucket, `${path}.methods`),
    cachedMethods: ["GET", "HEAD"],
    compress: spec.compress ?? true,
    cachePolicyId: spec.cachePolicy ?? CACHE[spec.cache ?? (bucket ? "static" : "off")],
    originRequestPolicyId: bucket ? undefined : ALL_BUT_HOST,
    responseHeadersPolicyId: (spec.securityHeaders ?? true) ? SECURITY_HEADERS : undefined,
  };
}

function methods(ctx: ExpandContext, written: readonly string[] | undefined, bucket: boolean, path: string): string[] {
  if (!written) return [...SETS[bucket ? 0 : 2]];
  const wanted = new Set(written);
  const set = SETS.find((s) => s.length === wanted.size && s.every((m) => wanted.has(m)));
  if (!set)
    ctx.error("methods", `CloudFront can't let through just ${[...wanted].join(", ")}`, path, {
      expected: "GET and HEAD, these and OPTIONS, or all seven",
    });
  return [...(set ?? SETS[2])];
}
