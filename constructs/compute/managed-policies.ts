/** Policies that AWS keeps for its own services: attached as they are, so that they grow with the services. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";

/** Lets the agent of Session Manager work (Systems Manager User Guide, "AWS managed policies"). */
export const SESSION_MANAGER = "AmazonSSMManagedInstanceCore";

/** Attaches them to a role, by the resource's role: `{"node-role-cni": "AmazonEKS_CNI_Policy"}`. Gives the URNs. */
export function attachPolicies(ctx: ExpandContext, roleName: Value, policies: { [role: string]: string }): string[] {
  return Object.entries(policies).map(
    ([role, name]) =>
      resource(ctx, role, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        role: roleName,
        policyArn: `arn:aws:iam::aws:policy/${name}`,
      }).urn,
  );
}
