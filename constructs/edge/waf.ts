/** Web ACLs of AWS WAF in front of what takes requests. An ACL is the platform team's: it is named, not made. */
import { text } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { stackWebAcl } from "../security/security.js";

/** The field `waf`. */
export const wafField = text("ARN of a web ACL (AWS WAF, scope REGIONAL, in the stack's region) that requests must pass.").optional();

/** Puts a regional ACL in front of a load balancer or an API's stage: the one given, else that of the stack's Security document; none without either. */
export function attachWaf(ctx: ExpandContext, own: Value | undefined, resourceArn: Value, role = "waf"): void {
  const webAclArn = own ?? stackWebAcl(ctx);
  if (webAclArn === undefined) return;
  resource(ctx, role, "aws:wafv2/webAclAssociation:WebAclAssociation", { webAclArn, resourceArn });
}
