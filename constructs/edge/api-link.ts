/** The VPC link of an API of type http: its way to load balancers that have no address outside of the network. It costs nothing. */
import { hashJson } from "../../framework/base/json.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { allowAllOut, allowIn } from "../network/rules.js";
import type { NetworkHandle } from "../shared/network.js";
import type { OpenRoute } from "./openapi.js";

/** Declares it where a route needs one; roles `link`, `link-security-group`, `link-egress`, `link-to-<hash of balancer and port>`. Its id. */
export function vpcLink(ctx: ExpandContext, routes: readonly OpenRoute[]): Value | undefined {
  const doors = routes.flatMap(({ backend }) => ("inside" in backend ? [backend.inside] : []));
  if (doors.length === 0) return undefined;
  const network = ctx.shared<NetworkHandle>("network", { tier: "private" });
  const group = resource(ctx, "link-security-group", "aws:ec2/securityGroup:SecurityGroup", {
    description: `VPC link of ${ctx.address}`,
    vpcId: network.vpcId,
    tags: ctx.tags,
  }).out("id");
  allowAllOut(ctx, group, "link-egress");
  const open = new Map(
    doors.map(({ securityGroupId, port }) => [hashJson([securityGroupId, port]).slice(0, 8), { securityGroupId, port }]),
  );
  for (const [key, { securityGroupId, port }] of open)
    allowIn(
      ctx,
      `link-to-${key}`,
      securityGroupId,
      { protocol: "tcp", fromPort: port, toPort: port },
      { securityGroup: group },
      `From ${ctx.address}`,
    );
  return resource(ctx, "link", "aws:apigatewayv2/vpcLink:VpcLink", {
    securityGroupIds: [group],
    subnetIds: network.subnetIds,
    tags: ctx.tags,
  }).out("id");
}
