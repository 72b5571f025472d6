/**
 * The kinds ComponentInfra, ServiceInfraDefaults and InfraDefaults: the sections of sections.ts, for one component, for all of a
 * service or for all of a stack.
 *
 *   new InfraDefaults(stack, { resources: { cpu: "256m", memory: "512Mi" }, scaling: { replicas: 2 } });
 */
import { z } from "zod";
import { callSite } from "./call-site.js";
import type { PropsOf } from "./common.js";
import { InfraConstruct } from "./infra.js";
import { defineKind } from "./kind.js";
import { sections } from "./sections.js";
import type { Service } from "./service.js";
import type { Stack } from "./stack.js";

/** Spec of ComponentInfra and InfraDefaults. */
export const infraSchema = z.strictObject(sections);

/** Props of {@link InfraDefaults}. */
export interface InfraDefaultsProps extends PropsOf<typeof infraSchema> {}

/** Defaults for all components of a stack; a component's own value wins. */
export class InfraDefaults extends InfraConstruct {
  constructor(stack: Stack, props: InfraDefaultsProps) {
    super("InfraDefaults", stack, props);
  }
}

/** Defaults for all components of a service, over those of the stack; a component's own value wins. */
export class ServiceInfraDefaults {
  constructor(
    readonly service: Service,
    props: InfraDefaultsProps,
  ) {
    const { name, stack } = service;
    stack.record({ group: "infra", kind: "ServiceInfraDefaults", service: name, name, props, site: callSite(new.target) });
  }
}

const ALL = ["resources", "scaling", "networking", "storage", "capacity", "deployment"] as const;

/** Kind `ComponentInfra`. */
export const componentInfraKind = defineKind({
  name: "ComponentInfra",
  group: "infra",
  summary: "How one component is run: size, scaling, network, disk, deployment.",
  schema: infraSchema,
  infra: ALL,
  outputs: {},
  stateful: false,
});

/** Kind `InfraDefaults`. */
export const infraDefaultsKind = defineKind({
  name: "InfraDefaults",
  group: "infra",
  summary: "How all components of the stack are run unless they say otherwise.",
  schema: infraSchema,
  infra: ALL,
  outputs: {},
  stateful: false,
});

/** Kind `ServiceInfraDefaults`. */
export const serviceInfraDefaultsKind = defineKind({
  name: "ServiceInfraDefaults",
  group: "infra",
  summary: "How all components of one service are run unless they say otherwise; metadata.service or metadata.name names the service.",
  schema: infraSchema,
  infra: ALL,
  outputs: {},
  stateful: false,
});
