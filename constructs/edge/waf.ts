/** Web ACLs of AWS WAF in front of what takes requests. An ACL is the platform team's: it is named, not made. */
import { text } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";

/** The field `waf`. */
export const wafField = text("ARN of a web ACL (AWS WAF, scope REGIONAL, in the stack's region) that requests must pass.").optional();

/** Puts a regional ACL in front of a load balancer or an API's stage; role `waf`. */
export function attachWaf(ctx: ExpandContext, webAclArn: Value, resourceArn: Value): void {
  resource(ctx, "waf", "aws:wafv2/webAclAssociation:WebAclAssociation", { webAclArn, resourceArn });
}
