/** How kinds declare resources: typed by the token, so that a wrong property does not compile. No Pulumi code is loaded. */
import type { ExpandContext, ResourceExtra, ResourceHandle, Value } from "../../framework/model/index.js";

/** Declares a resource of the component being expanded. `role` undefined for the main one; roles are fixed for ever. */
export function resource(
  ctx: ExpandContext,
  role: string | undefined,
  type: string,
  props: { [key: string]: Value | undefined },
  extra?: ResourceExtra,
): ResourceHandle {
  return ctx.resource(role, type, props, extra);
}
