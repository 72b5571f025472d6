/** Where what keeps data stands: private subnets, behind a security group of its own that lets nobody in until a component refers to it. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import type { NetworkHandle } from "../shared/network.js";

/** Subnets and firewall of one component. */
export interface PrivatePlace {
  network: NetworkHandle;
  /** Ids of two private subnets or more: a list, or a look-up of one. */
  subnetIds: Value;
  /** Its own security group. */
  securityGroupId: Value;
  /** Its own and those that every component of the stack gets. */
  securityGroupIds: Value[];
}

/** Declares the security group, role `security-group`. `what`: "Database", "Cache", for its description. */
export function privatePlace(ctx: ExpandContext, what: string): PrivatePlace {
  const network = ctx.shared<NetworkHandle>("network", { tier: "private" });
  const securityGroupId = resource(ctx, "security-group", "aws:ec2/securityGroup:SecurityGroup", {
    description: `${what} ${ctx.address}`,
    vpcId: network.vpcId,
    tags: ctx.tags,
  }).out("id");
  return { network, subnetIds: network.subnetIds, securityGroupId, securityGroupIds: [securityGroupId, ...network.sharedGroups] };
}
