/**
 * CloudFront: content from a bucket or a service, answered near those who ask, over HTTPS.
 * Nothing while idle; $0.085 per GB and $0.01 per 10,000 requests in Europe and North America, the first TB a month free (2026-11).
 *
 *   const site = new S3(shop, "site");
 *   new CloudFront(shop, "web", { origins: [{ id: "site", component: "site" }], defaultBehavior: { origin: "site" }, spa: true });
 */
import type { z } from "zod";
import { nearest } from "../../framework/base/nearest.js";
import type { ExpandContext, Expansion, Link, Ref, ResourceHandle, Value } from "../../framework/model/index.js";
import type { PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind, type Expanded } from "../base/kind.js";
import { metricsOf } from "../base/metrics.js";
import { resource } from "../base/resource.js";
import type { Service } from "../base/service.js";
import { targetOf } from "../base/target-of.js";
import { bucketLinks } from "../storage/log-bucket.js";
import { behaviorProps } from "./cloudfront-behavior.js";
import { type Origin, originOf, originProps, shareBucket, shareFunction } from "./cloudfront-origin.js";
import { cloudFrontSchema } from "./cloudfront-schema.js";
import { aliasFor, certificateFor } from "./certificate.js";

/** Props of {@link CloudFront}. */
export interface CloudFrontProps extends PropsOf<ReturnType<typeof cloudFrontSchema>> {}

/** A distribution. */
export class CloudFront extends Component {
  constructor(service: Service, name: string, props: CloudFrontProps) {
    super("CloudFront", service, name, props);
  }
  /** Where it is reached: its first alias, else its own domain. */
  get url(): Ref {
    return this.output("url");
  }
  /** Its own domain. */
  get domainName(): Ref {
    return this.output("domainName");
  }
  /** Id, for invalidations. */
  get distributionId(): Ref {
    return this.output("distributionId");
  }
  /** A `uses` entry: lets the user drop what is cached. */
  write(): Use {
    return this.use("write");
  }
}

/** Props as expand gets them. */
export type CloudFrontSpec = Expanded<z.output<ReturnType<typeof cloudFrontSchema>>>;

/** The region whose certificates and metrics CloudFront knows. */
const HOME = "us-east-1";
/** Seconds that an error of the origin is remembered. */
const ERROR_TTL = 10;

/** Kind `CloudFront`. */
export const cloudFrontKind = defineKind({
  name: "CloudFront",
  group: "components",
  summary: "Content from a bucket or a service, answered near those who ask.",
  schema: cloudFrontSchema,
  infra: [],
  outputs: {
    url: "Where it is reached: its first alias, else its own domain.",
    domainName: "Its own domain.",
    distributionId: "Id, for invalidations.",
  },
  stateful: false,
  links: (props): Link[] => [
    ...props.origins.flatMap((o, i): Link[] =>
      o.component === undefined ? [] : [{ component: o.component, path: `origins[${i}].component`, orderOnly: true, late: "back" }],
    ),
    ...bucketLinks(props.logging?.bucket, "logging.bucket"),
  ],
  expand(props, ctx): Expansion {
    const origins = originsOf(props, ctx);
    const made = distribution(props, ctx, origins);
    for (const origin of origins.values()) {
      shareBucket(ctx, origin, made.out("arn"));
      shareFunction(ctx, origin, made.out("arn"));
    }
    const domainName = made.out("domainName");
    records(props, ctx, { name: domainName, zoneId: made.out("hostedZoneId") });
    const dimensions = { DistributionId: made.out("id"), Region: "Global" };
    const counted = { Requests: "Sum", "5xxErrorRate": "Average", "4xxErrorRate": "Average" };
    return {
      outputs: {
        url: { $text: ["https://", props.aliases?.find((a) => !a.startsWith("*")) ?? domainName] },
        domainName,
        distributionId: made.out("id"),
      },
      bindings: {
        grants: { write: [{ actions: ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"], resources: [made.out("arn")] }] },
        inject: { _DISTRIBUTION: { value: made.out("id") } },
        dns: { name: domainName, zoneId: made.out("hostedZoneId") },
        ...(ctx.region === HOME ? { metrics: metricsOf("AWS/CloudFront", dimensions, counted) } : {}),
      },
    };
  },
});

function originsOf(props: CloudFrontSpec, ctx: ExpandContext): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const [i, spec] of props.origins.entries()) {
    const origin = originOf(ctx, spec, `origins[${i}]`);
    if (origin) origins.set(spec.id, origin);
  }
  return origins;
}

/** The distribution, the main resource; `access-<id>` lets it read a bucket. */
function distribution(props: CloudFrontSpec, ctx: ExpandContext, origins: ReadonlyMap<string, Origin>): ResourceHandle {
  const usual = origins.get(props.defaultBehavior.origin);
  const seen = new Set<string>();
  const behaviors = (props.behaviors ?? []).map((behavior, i) => {
    const path = `behaviors[${i}]`;
    if (seen.has(behavior.path)) ctx.error("behavior-twice", `two behaviors are for ${behavior.path}`, `${path}.path`);
    seen.add(behavior.path);
    checkOrigin(ctx, behavior.origin, origins, props, `${path}.origin`);
    return { pathPattern: behavior.path, ...behaviorProps(ctx, behavior, origins.get(behavior.origin), path) };
  });
  checkOrigin(ctx, props.defaultBehavior.origin, origins, props, "defaultBehavior.origin");
  if (props.spa && usual && !usual.bucket)
    ctx.error("spa-origin", "spa is for a bucket: what a service has not, it answers itself", "spa", {
      expected: "a bucket as the default origin",
    });
  const index = props.index ?? (usual?.bucket ? "index.html" : undefined);
  return resource(ctx, undefined, "aws:cloudfront/distribution:Distribution", {
    enabled: true,
    comment: `${ctx.address} of ${ctx.stack} in ${ctx.environment}`,
    isIpv6Enabled: true,
    httpVersion: "http2and3",
    priceClass: props.priceClass === undefined || props.priceClass === "all" ? "PriceClass_All" : `PriceClass_${props.priceClass}`,
    aliases: props.aliases,
    defaultRootObject: index,
    origins: [...origins.values()].map((origin) => originProps(ctx, origin)),
    defaultCacheBehavior: behaviorProps(ctx, props.defaultBehavior, usual, "defaultBehavior"),
    orderedCacheBehaviors: behaviors.length > 0 ? behaviors : undefined,
    customErrorResponses: errors(props, index),
    viewerCertificate: certificate(props, ctx),
    restrictions: { geoRestriction: countries(props, ctx) },
    loggingConfig: props.logging && {
      bucket: { $text: [logBucketName(props.logging.bucket, ctx), ".s3.amazonaws.com"] },
      prefix: props.logging.prefix,
      includeCookies: props.logging.cookies,
    },
    webAclId: props.waf,
    tags: ctx.tags,
  });
}

function checkOrigin(ctx: ExpandContext, id: string, origins: ReadonlyMap<string, Origin>, props: CloudFrontSpec, path: string): void {
  const ids = props.origins.map((o) => o.id);
  if (origins.has(id) || ids.includes(id)) return;
  const suggestion = nearest(id, ids);
  ctx.error("unknown-origin", `there is no origin "${id}"`, path, {
    expected: ids.length > 0 ? ids.join(", ") : "an origin in origins",
    ...(suggestion ? { suggestion } : {}),
  });
}

/** A bucket that may not be listed says 403 where there is nothing, too. */
function errors(props: CloudFrontSpec, index: string | undefined) {
  const errorCachingMinTtl = props.errorCacheSeconds ?? ERROR_TTL;
  if (props.spa)
    return [403, 404].map((errorCode) => ({
      errorCode,
      errorCachingMinTtl,
      responseCode: 200,
      responsePagePath: `/${index ?? "index.html"}`,
    }));
  if (props.errorCacheSeconds === undefined) return undefined;
  return [403, 404, 500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl }));
}

/** Certificates of other regions are unknown to CloudFront; roles as {@link certificateFor} gives them, `certificate`. */
function certificate(props: CloudFrontSpec, ctx: ExpandContext) {
  const [name, ...alternatives] = props.aliases ?? [];
  if (name === undefined) {
    for (const field of ["certificateArn", "zoneId"] as const)
      if (props[field] !== undefined)
        ctx.error("no-alias", `${field} is for host names of its own, of which there is none`, field, {
          next: "add aliases, or remove it",
        });
    return { cloudfrontDefaultCertificate: true };
  }
  if (props.certificateArn === undefined && props.zoneId !== undefined && ctx.region !== HOME)
    ctx.error("certificate-region", `CloudFront takes certificates of ${HOME} only, and this stack is elsewhere`, "certificateArn", {
      expected: `the ARN of a certificate in ${HOME}`,
    });
  const domain = { name, zoneId: props.zoneId, certificateArn: props.certificateArn };
  return {
    acmCertificateArn: certificateFor(ctx, "certificate", domain, "aliases", alternatives),
    sslSupportMethod: "sni-only",
    minimumProtocolVersion: "TLSv1.2_2021",
  };
}

function countries(props: CloudFrontSpec, ctx: ExpandContext) {
  const { only, never } = props.countries ?? {};
  if (props.countries && Boolean(only?.length) === Boolean(never?.length))
    ctx.error("countries", "countries are either named or left out", "countries", { expected: "only, or never" });
  if (!only && !never) return { restrictionType: "none" };
  return { restrictionType: only ? "whitelist" : "blacklist", locations: only ?? never ?? [] };
}

function logBucketName(bucket: Value, ctx: ExpandContext): Value {
  const target = targetOf(ctx, bucket, "bucketName");
  if (target && target.outputs.bucketName === undefined)
    ctx.error("no-bucket", `"${target.address}" has no bucket`, "logging.bucket", { expected: "an S3 component" });
  return target?.outputs.bucketName ?? bucket;
}

/** Records for IPv4 and IPv6; roles `record-<n>`, `record-<n>-v6`. */
function records(props: CloudFrontSpec, ctx: ExpandContext, target: { name: Value; zoneId: Value }): void {
  if (props.zoneId === undefined) return;
  for (const [i, name] of (props.aliases ?? []).entries())
    for (const type of ["A", "AAAA"] as const)
      aliasFor(ctx, `record-${i + 1}${type === "A" ? "" : "-v6"}`, { zoneId: props.zoneId, name }, { ...target, checked: false }, type);
}
