/** Where resources stand in Pulumi's tree: below a component each, as this engine registers them, or all below the root. */
import { componentOf } from "../../base/names.js";
import type { PulumiPackage } from "./deployment.js";
import {
  COMPONENT_TYPE,
  componentUrn,
  defaultProviderUrn,
  flatUrn,
  providerUrn,
  rootUrn,
  SERVICE_TYPE,
  serviceUrn,
  toPulumiUrn,
} from "./urns.js";

/** Component resources between the root and the resources. */
export interface Branch {
  urn: string;
  type: string;
  parent: string;
}

/** A tree. */
export interface Layout {
  root: string;
  /** The provider of all resources; without a parent it is the default one of its version. */
  provider: { urn: string; parent?: string };
  urn(urn: string): string;
  parentOf(urn: string): string;
  /** Parents that are not the root, each after its own. */
  branches(urns: readonly string[]): Branch[];
}

/** As the engine registers them: service, component, resource. */
export function treeLayout(environment: string, stack: string, of: PulumiPackage): Layout {
  const root = rootUrn(environment, stack);
  return {
    root,
    provider: { urn: providerUrn(environment, stack, of.name), parent: root },
    urn: toPulumiUrn,
    parentOf: (urn) => componentUrn(environment, stack, componentOf(urn)),
    branches: (urns) => {
      const addresses = [...new Set(urns.map(componentOf))].sort();
      const above = (address: string): string => serviceUrn(environment, stack, address.slice(0, address.indexOf("/")));
      return [
        ...[...new Set(addresses.map(above))].map((urn) => ({ urn, type: SERVICE_TYPE, parent: root })),
        ...addresses.map((a) => ({ urn: componentUrn(environment, stack, a), type: COMPONENT_TYPE, parent: above(a) })),
      ];
    },
  };
}

/** All below the root, with the default provider: as a plain program registers them. */
export function flatLayout(environment: string, stack: string, of: PulumiPackage): Layout {
  const root = rootUrn(environment, stack);
  return {
    root,
    provider: { urn: defaultProviderUrn(environment, stack, of) },
    urn: flatUrn,
    parentOf: () => root,
    branches: () => [],
  };
}
