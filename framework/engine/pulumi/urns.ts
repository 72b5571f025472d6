/** Pulumi's URNs: Panka's with the types of the parents in front of the resource's own. */
import { parseUrn } from "../../base/names.js";

/** Type of the Pulumi component that stands for a service. */
export const SERVICE_TYPE = "panka:index:Service";
/** Type of the Pulumi component that stands for a component. */
export const COMPONENT_TYPE = "panka:index:Component";
/** Type of Pulumi's root. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

/** The name of a resource in Pulumi: `<service>/<component>[/<role>]`. */
export function pulumiName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** A resource's URN in Pulumi. */
export function toPulumiUrn(urn: string): string {
  const { environment, stack, type } = parseUrn(urn);
  return `urn:pulumi:${environment}::${stack}::${SERVICE_TYPE}$${COMPONENT_TYPE}$${type}::${pulumiName(urn)}`;
}

/** The reverse of {@link toPulumiUrn}; undefined for what is not a resource of Panka's: the root, providers, components. */
export function fromPulumiUrn(urn: string): string | undefined {
  const parents = `::${SERVICE_TYPE}$${COMPONENT_TYPE}$`;
  const at = urn.indexOf(parents);
  return at < 0 ? undefined : `${urn.slice(0, at)}::${urn.slice(at + parents.length)}`;
}

/** URN of a service's Pulumi component. */
export function serviceUrn(environment: string, stack: string, service: string): string {
  return `urn:pulumi:${environment}::${stack}::${SERVICE_TYPE}::${service}`;
}

/** URN of a component's Pulumi component; `component` is `service/component`. */
export function componentUrn(environment: string, stack: string, component: string): string {
  return `urn:pulumi:${environment}::${stack}::${SERVICE_TYPE}$${COMPONENT_TYPE}::${component}`;
}

/** URN of the root. */
export function rootUrn(environment: string, stack: string): string {
  return `urn:pulumi:${environment}::${stack}::${STACK_TYPE}::${stack}-${environment}`;
}

/** URN of the one provider that all resources use. */
export function providerUrn(environment: string, stack: string, name: string): string {
  return `urn:pulumi:${environment}::${stack}::pulumi:providers:${name}::${name}`;
}

/** URN of the default provider: the one that Pulumi makes by itself for classes of a package, or of one version of it. */
export function defaultProviderUrn(environment: string, stack: string, of: { name: string; version?: string }): string {
  const version = of.version === undefined ? "" : `_${of.version.replace(/[^A-Za-z0-9]/g, "_")}`;
  return `urn:pulumi:${environment}::${stack}::pulumi:providers:${of.name}::default${version}`;
}

/** URN of a resource that stands below the root. */
export function flatUrn(urn: string): string {
  const { environment, stack, type } = parseUrn(urn);
  return `urn:pulumi:${environment}::${stack}::${type}::${pulumiName(urn)}`;
}
