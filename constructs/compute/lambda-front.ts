/** A function behind application load balancers that are components (kind ALB) and name it in their rules. */
import type { ExpandContext } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { forwardingRules, frontsOf } from "../edge/front.js";
import type { MadeFunction } from "./lambda-function.js";
import { permitCall } from "./lambda-permission.js";

/**
 * Declares target group, permission, attachment and rules; roles `targets-<balancer>`, `permission-<balancer>`, `target-<balancer>`,
 * `rule-<balancer>-...`. No health check: it would call the function, and a function is there or is not (Elastic Load Balancing,
 * "Use Lambda functions as targets").
 */
export function behindBalancers(ctx: ExpandContext, made: MadeFunction): void {
  for (const fronting of frontsOf(ctx)) {
    const { balancer, address } = fronting;
    const fronts = fronting.fronts.filter((f) => f.type === "application");
    if (fronts.length < fronting.fronts.length)
      ctx.error("function-behind-nlb", `${address} hands over connections, and a function answers requests`, "", {
        next: "put the function behind an ALB or an APIGateway",
      });
    if (fronts.length === 0) continue;
    const targetGroupArn = resource(ctx, `targets-${balancer}`, "aws:lb/targetGroup:TargetGroup", {
      targetType: "lambda",
      tags: ctx.tags,
    }).out("arn");
    const principal = "elasticloadbalancing.amazonaws.com";
    const permission = permitCall(ctx, `permission-${balancer}`, made, { principal, sourceArn: targetGroupArn });
    resource(
      ctx,
      `target-${balancer}`,
      "aws:lb/targetGroupAttachment:TargetGroupAttachment",
      { targetGroupArn, targetId: made.arn },
      { dependsOn: [permission] },
    );
    forwardingRules(ctx, fronting, fronts, targetGroupArn);
  }
}
