/** How kinds declare resources: typed by the token, so that a wrong property does not compile. No Pulumi code is loaded. */
import type { ExpandContext, ResourceExtra, ResourceHandle, Value } from "../../framework/model/index.js";
import type { AwsToken, PropsFor } from "../aws-types.js";
import { keyProperty } from "../security/default-key.js";
import { roleSettings } from "../security/security.js";

const ROLE = "aws:iam/role:Role";

/**
 * Declares a resource of the component being expanded. `role` undefined for the main one; roles are fixed for ever. A property that the
 * type has not, one of a wrong type, and a missing one do not compile; values typed `Value` are checked at synth.
 */
export function resource<T extends AwsToken, const P extends object>(
  ctx: Pick<ExpandContext, "resource" | "infra">,
  role: string | undefined,
  type: T,
  props: P & PropsFor<T, P>,
  extra?: ResourceExtra,
): ResourceHandle {
  const written = props as { [key: string]: Value | undefined };
  const settings = type === ROLE ? roleSettings(ctx) : keyProperty(ctx, type, written);
  return ctx.resource(role, type, { ...written, ...settings }, extra);
}

/** A resource of the component, or of the shared resource, by its role and type: for what is made apart from where it is declared. */
export function declared(ctx: Pick<ExpandContext, "urn">, role: string | undefined, type: AwsToken): ResourceHandle {
  const urn = ctx.urn(role, type);
  return { urn, out: (output) => ({ $ref: { urn, output } }) };
}
