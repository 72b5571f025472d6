/** Origins of a distribution: buckets that only it may read, and hosts that answer over HTTP. */
import type { Backend, BoundTarget, ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { calledFunction, permitCall } from "../compute/lambda-permission.js";
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
  /** A function whose URL takes signed requests only. */
  signed?: BoundTarget;
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
  if (component === undefined) {
    checkHost(ctx, domainName as Value, `${path}.domainName`);
    return { ...usual, domainName: domainName as Value };
  }
  const target = ctx.target(component);
  const bucketDomain = target?.outputs.bucketName === undefined ? undefined : target.outputs.domainName;
  if (target && bucketDomain !== undefined) {
    for (const field of ["protocol", "headers"] as const)
      if (spec[field] !== undefined) ctx.error("origin-unused", `a bucket takes no ${field}`, `${path}.${field}`, { next: "remove it" });
    return { ...usual, domainName: bucketDomain, bucket: target };
  }
  const own = target && calledFunction(target)?.url;
  if (own) return { ...usual, domainName: own.host, protocol: "https", ...(own.open ? {} : { signed: target }) };
  const backend = target?.bindings?.backend;
  const place = backend && "url" in backend ? placeOf(backend) : undefined;
  if (!place) {
    const inside = backend && "inside" in backend ? ": its load balancer is internal" : "";
    ctx.error("no-origin", `"${component}" answers no requests from outside${inside}`, `${path}.component`, {
      expected: "an S3 bucket, a service behind a public load balancer, an ALB, an NLB, an APIGateway, or a Lambda with url",
    });
    return undefined;
  }
  const tail = `${place.path}${spec.path ?? ""}`;
  return { ...usual, domainName: place.host, path: tail || undefined, port: place.port, protocol: spec.protocol ?? place.protocol };
}

/** A host name has no scheme; the outputs that have one are called url. */
function checkHost(ctx: ExpandContext, domainName: Value, path: string): void {
  const { $text } = domainName as { $text?: Value[] };
  const first = $text ? $text[0] : domainName;
  const { $ref } = first as { $ref?: { output: string } };
  const scheme = typeof first === "string" ? /^\w+:\/\//.test(first) : $ref !== undefined && /url$/i.test($ref.output);
  if (scheme || (typeof first === "string" && first.includes("/")))
    ctx.error("origin-host", "a URL is no host name", path, { expected: "a host name such as api.example.com, or component" });
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

/** The origin as the distribution takes it. A bucket is read, and a function that wants it called, with signed requests. */
export function originProps(ctx: ExpandContext, origin: Origin) {
  const { spec, domainName, path, bucket, signed, protocol, port } = origin;
  const common = { originId: spec.id, domainName, originPath: path };
  if (bucket) return { ...common, ...signedAccess(ctx, spec.id, "s3", `reads ${bucket.address}`) };
  return {
    ...common,
    ...(signed && signedAccess(ctx, spec.id, "lambda", `calls ${signed.address}`)),
    customHeaders: spec.headers && Object.entries(spec.headers).map(([name, value]) => ({ name, value })),
    customOriginConfig: {
      httpPort: (protocol === "http" ? port : undefined) ?? 80,
      httpsPort: (protocol === "https" ? port : undefined) ?? 443,
      originProtocolPolicy: `${protocol}-only`,
      originSslProtocols: ["TLSv1.2"],
    },
  };
}

/** Signs all requests to an origin; role `access-<id>`. */
function signedAccess(ctx: ExpandContext, id: string, type: "s3" | "lambda", does: string) {
  const access = resource(ctx, `access-${id}`, "aws:cloudfront/originAccessControl:OriginAccessControl", {
    description: `${ctx.address} ${does}`,
    originAccessControlOriginType: type,
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });
  return { originAccessControlId: access.out("id") };
}

/** Lets this distribution, and no other, call a function by its URL (CloudFront Developer Guide, "Restrict access to an AWS Lambda function URL origin"). */
export function shareFunction(ctx: ExpandContext, { spec, signed }: Origin, sourceArn: Value): void {
  const called = signed && calledFunction(signed);
  if (!called) return;
  for (const [role, action] of [
    [`call-${spec.id}`, "lambda:InvokeFunctionUrl"],
    [`invoke-${spec.id}`, "lambda:InvokeFunction"],
  ] as const)
    permitCall(ctx, role, called, { principal: "cloudfront.amazonaws.com", sourceArn, action });
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
