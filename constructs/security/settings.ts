/** What the stack's Security document says, for those who keep it. */
import type { ExpandContext, Value } from "../../framework/model/index.js";

/** The spec of a Security document, with its references resolved. */
export interface SecuritySpec {
  encryption?: { kmsKey?: Value };
  secrets?: { rotationDays?: number };
  iam?: { permissionsBoundary?: Value; rolePath?: string };
  waf?: { enabled?: boolean; webAclArn: Value };
}

/** It, or an empty one. */
export function securityOf(ctx: Pick<ExpandContext, "infra">): SecuritySpec {
  return (ctx.infra("Security") ?? {}) as SecuritySpec;
}
