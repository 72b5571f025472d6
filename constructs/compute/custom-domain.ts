/** The host names of a service behind the stack's load balancer: their certificate and their records. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { aliasFor, certificateFor } from "../edge/certificate.js";
import type { LoadBalancerHandle } from "../shared/load-balancer.js";
import type { ServiceProps } from "./ecs-service.js";

/** The hosts as written, the main one first; none where the ingress is off. */
export function hostsOf(ingress: NonNullable<ServiceProps["networking"]>["ingress"]): string[] {
  if (ingress?.enabled === false) return [];
  return [...(ingress?.hostname ? [ingress.hostname] : []), ...(ingress?.aliases ?? [])];
}

/**
 * The certificate of the listener: the one given, or with a zone one that is made for all hosts (roles `certificate`, `certificate-record`,
 * `certificate-validation`). A network load balancer speaks TLS only with a certificate that is given.
 */
export function hostCertificate(ctx: ExpandContext, props: ServiceProps, type: "application" | "network"): Value | undefined {
  const { loadBalancer, ingress } = props.networking ?? {};
  const [name, ...alternatives] = hostsOf(ingress);
  if (ingress?.zoneId !== undefined && name === undefined)
    ctx.error("no-hostname", "a zone without a host name gets no record", "networking.ingress.zoneId", { expected: "hostname beside it" });
  if (loadBalancer?.certificateArn !== undefined || ingress?.zoneId === undefined || name === undefined || type === "network")
    return loadBalancer?.certificateArn;
  return certificateFor(ctx, "certificate", { name, zoneId: ingress.zoneId }, "networking.ingress.hostname", alternatives);
}

/** Points the hosts at the load balancer, where their zone is named; roles `record`, `record-2`. */
export function hostRecords(ctx: ExpandContext, props: ServiceProps, { dnsName, zoneId }: LoadBalancerHandle): void {
  const ingress = props.networking?.ingress;
  if (ingress?.zoneId === undefined) return;
  for (const [i, name] of hostsOf(ingress).entries())
    aliasFor(ctx, i === 0 ? "record" : `record-${i + 1}`, { zoneId: ingress.zoneId, name }, { name: dnsName, zoneId, checked: true });
}
