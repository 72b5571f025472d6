/** The custom domain of an API: certificate, domain, mapping, record. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { aliasFor, certificateFor, type DomainSpec } from "./certificate.js";

/** Declares it; roles `certificate...`, `domain`, `domain-mapping`, `domain-record`. */
export function apiDomain(ctx: ExpandContext, spec: DomainSpec, apiId: Value, stage: Value) {
  const certificateArn = certificateFor(ctx, "certificate", spec, "domain") ?? "";
  const domain = resource(ctx, "domain", "aws:apigatewayv2/domainName:DomainName", {
    domainName: spec.name,
    domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    tags: ctx.tags,
  });
  resource(ctx, "domain-mapping", "aws:apigatewayv2/apiMapping:ApiMapping", { apiId, domainName: domain.out("id"), stage });
  const target = (output: string): Value => domain.out(`domainNameConfiguration.${output}`);
  const dns = { name: target("targetDomainName"), zoneId: target("hostedZoneId") };
  if (spec.zoneId !== undefined) aliasFor(ctx, "domain-record", { zoneId: spec.zoneId, name: spec.name }, { ...dns, checked: false });
  return { url: `https://${spec.name}`, dns };
}

/** The host of an API's own URL. */
export function apiHost(ctx: ExpandContext, apiId: Value): Value {
  return { $text: [apiId, ".execute-api.", ctx.regionValue, ".amazonaws.com"] };
}
