/** Certificates and DNS records of custom domains. Public certificates of ACM are free. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { isHome } from "../base/all-regions.js";
import { resource } from "../base/resource.js";
import { isOfAllRegions, nearestRegion } from "./dns-regions.js";

/** A custom domain as written. */
export interface DomainSpec {
  name: string;
  zoneId?: Value | undefined;
  certificateArn?: Value | undefined;
}

/** Seconds that resolvers may keep the record that proves a domain. */
const PROOF_TTL = 60;

/**
 * The ARN of a certificate for the domain, usable when it is known: the one given, or one that is made and proved by a record in the
 * zone; roles `<role>`, `<role>-record` (of alternatives `-2` and on), `<role>-validation`. Undefined, and reported, where there is neither certificate nor zone.
 */
export function certificateFor(
  ctx: ExpandContext,
  role: string,
  domain: DomainSpec,
  path: string,
  alternatives: readonly string[] = [],
): Value | undefined {
  const { name, zoneId, certificateArn } = domain;
  if (certificateArn !== undefined) return certificateArn;
  if (zoneId === undefined) {
    ctx.error("no-certificate", `the domain ${name} needs a certificate`, path, {
      expected: "certificateArn, or zoneId for a new certificate that is proved by a record",
    });
    return undefined;
  }
  const certificate = resource(ctx, role, "aws:acm/certificate:Certificate", {
    domainName: name,
    subjectAlternativeNames: alternatives.length > 0 ? [...alternatives] : undefined,
    validationMethod: "DNS",
    tags: ctx.tags,
  });
  const records = [name, ...alternatives].map((host, i) => {
    const proof = (field: string): Value => certificate.out(`domainValidationOptions[${i}].resourceRecord${field}`);
    // All regions' certificates of a name are proved by one record (ACM User Guide, "DNS validation"): the stack's own region deletes it.
    const kept = isOfAllRegions(host, ctx) && !isHome(ctx);
    const proving = {
      zoneId,
      name: proof("Name"),
      type: proof("Type"),
      ttl: PROOF_TTL,
      records: [proof("Value")],
      allowOverwrite: true,
    };
    const options = kept ? { options: { retainOnDelete: true } } : {};
    return resource(ctx, `${role}-record${i === 0 ? "" : `-${i + 1}`}`, "aws:route53/record:Record", proving, options);
  });
  return resource(ctx, `${role}-validation`, "aws:acm/certificateValidation:CertificateValidation", {
    certificateArn: certificate.out("arn"),
    validationRecordFqdns: records.map((r) => r.out("fqdn")),
  }).out("certificateArn");
}

/** Points a name in a zone at something that has a zone of its own; the role as given. Of several regions the nearest is answered. */
export function aliasFor(
  ctx: ExpandContext,
  role: string,
  at: { zoneId: Value; name: string },
  target: { name: Value; zoneId: Value; checked: boolean },
  type: "A" | "AAAA" = "A",
): void {
  resource(ctx, role, "aws:route53/record:Record", {
    zoneId: at.zoneId,
    name: at.name,
    type,
    aliases: [{ name: target.name, zoneId: target.zoneId, evaluateTargetHealth: target.checked }],
    ...nearestRegion(at.name, ctx),
  });
}
