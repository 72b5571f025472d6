/** Origins of a distribution: buckets that only it may read, and hosts that answer over HTTP. */
import type { Backend, BoundTarget, ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { BucketStatement } from "../storage/s3-access.js";
import type { CloudFrontSpec } from "./cloudfront.js";

type OriginSpec = CloudFrontSpec["origins"][number];

/** An origin with its component found. */
export interface Origin {
  spec: OriginSpec;
  domainName: Value;
  path: string | undefined;
  /** A bucket of the stack. */
  bucket: BoundTarget | undefined;
  protocol: "http" | "https";
  port: number | undefined;
}

/** The origin that a spec means; undefined, and reported, where it means none. */
export function originOf(ctx: ExpandContext, spec: OriginSpec, path: string): Origin | undefined {
  const { component, domainName } = spec;
  if ((component === undefined) === (domainName === undefined)) {
    ctx.error("origin-source", `the origin "${spec.id}" is either a component or a host`, path, { expected: "component, or domainName" });
    return undefined;
  }
  const usual = { spec, path: spec.path, bucket: undefined, port: undefined, protocol: spec.protocol ?? ("https" as const) };
  if (component === undefined) return { ...usual, domainName: domainName as Value };
  const target = ctx.target(component);
  const bucketDomain = target?.outputs.bucketName === undefined ? undefined : target.outputs.domainName;
  if (target && bucketDomain !== undefined) {
    for (const field of ["protocol", "headers"] as const)
      if (spec[field] !== undefined) ctx.error("origin-unused", `a bucket takes no ${field}`, `${path}.${field}`, { next: "remove it" });
    return { ...usual, domainName: bucketDomain, bucket: target };
  }
  const backend = target?.bindings?.backend;
  const place = backend && "url" in backend ? placeOf(backend) : undefined;
  if (!place) {
    const inside = backend && "inside" in backend ? ": its load balancer is internal" : "";
    ctx.error("no-origin", `"${component}" answers no requests from outside${inside}`, `${path}.component`, {
      expected: "an S3 bucket, a service behind a public load balancer, an ALB, or an APIGateway",
    });
    return undefined;
  }
  const tail = `${place.path}${spec.path ?? ""}`;
  return { ...usual, domainName: place.host, path: tail || undefined, port: place.port, protocol: spec.protocol ?? place.protocol };
}

/** Host, port and path of a URL that is text, or text around a reference; `host` where the URL is one reference. */
function placeOf({
  url,
  host,
  path,
}: Extract<Backend, { url: Value }>): { protocol: "http" | "https"; host: Value; port: number | undefined; path: string } | undefined {
  if (host !== undefined) return { protocol: "https", host, port: undefined, path: path ?? "" };
  const parts = typeof url === "string" ? [url] : (url as { $text?: Value[] }).$text;
  const [first, ...rest] = parts ?? [];
  const match = typeof first === "string" ? /^(https?):\/\/(.*)$/.exec(first) : null;
  if (!match) return undefined;
  const whole = /^([^/:]+)(.*)$/.exec(match[2] ?? "");
  const name = whole ? (whole[1] as string) : rest[0];
  const tail = whole ? (whole[2] as string) : (rest[1] ?? "");
  const end = typeof tail === "string" ? /^(?::(\d+))?(\/.*)?$/.exec(tail) : null;
  if (name === undefined || !end) return undefined;
  return {
    protocol: match[1] as "http" | "https",
    host: name,
    port: end[1] === undefined ? undefined : Number(end[1]),
    path: end[2] ?? "",
  };
}

/** The origin as the distribution takes it. A bucket is read with signed requests, role `access-<id>`. */
export function originProps(ctx: ExpandContext, origin: Origin) {
  const { spec, domainName, path, bucket, protocol, port } = origin;
  const common = { originId: spec.id, domainName, originPath: path };
  if (bucket) {
    const access = resource(ctx, `access-${spec.id}`, "aws:cloudfront/originAccessControl:OriginAccessControl", {
      description: `${ctx.address} reads ${bucket.address}`,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    return { ...common, originAccessControlId: access.out("id") };
  }
  return {
    ...common,
    customHeaders: spec.headers && Object.entries(spec.headers).map(([name, value]) => ({ name, value })),
    customOriginConfig: {
      httpPort: (protocol === "http" ? port : undefined) ?? 80,
      httpsPort: (protocol === "https" ? port : undefined) ?? 443,
      originProtocolPolicy: `${protocol}-only`,
      originSslProtocols: ["TLSv1.2"],
    },
  };
}

/** Tells a bucket to let this distribution, and no other, read its objects (CloudFront Developer Guide, "Restrict access to an Amazon S3 origin"). */
export function shareBucket(ctx: ExpandContext, { bucket }: Origin, distributionArn: Value): void {
  if (!bucket) return;
  const sid = `CloudFront${ctx.address.replaceAll(/[^A-Za-z0-9]/g, "")}`;
  const allowed = {
    sid,
    principals: { Service: "cloudfront.amazonaws.com" },
    conditions: { StringEquals: { "AWS:SourceArn": distributionArn } },
  };
  ctx.tell(bucket.address, {
    statement: { ...allowed, actions: ["s3:GetObject"], resources: [{ $text: [bucket.outputs.bucketArn as Value, "/*"] }] },
    key: { ...allowed, actions: ["kms:Decrypt"], resources: ["*"] },
  } satisfies BucketStatement);
}
