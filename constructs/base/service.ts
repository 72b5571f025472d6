/** Service: a group of components that one team owns. Makes nothing itself. */
import { callSite } from "./call-site.js";
import type { PropsOf } from "./common.js";
import type { Stack } from "./stack.js";
import type { serviceSchema } from "./stack-kind.js";

const SERVICE = Symbol.for("panka.service");

/** Spec of a service. */
export interface ServiceProps extends PropsOf<typeof serviceSchema> {}

/** A service of a stack. */
export class Service {
  readonly [SERVICE] = 1;

  constructor(
    readonly stack: Stack,
    readonly name: string,
    props: ServiceProps = {},
  ) {
    stack.record({ group: "core", kind: "Service", name, props, site: callSite(new.target) });
  }
}
