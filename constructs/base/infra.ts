/** InfraConstruct: documents about how a stack is run. One of each kind per stack. */
import { callSite } from "./call-site.js";
import type { Stack } from "./stack.js";

/** An infra document of a stack. */
export abstract class InfraConstruct {
  /** Records the document in its stack under the kind's name in lower case. */
  constructor(
    kind: string,
    readonly stack: Stack,
    props: object,
  ) {
    stack.record({ group: "infra", kind, name: kind.toLowerCase(), props, site: callSite(new.target) });
  }
}
