/** The role of instances: what their programs may do, and Session Manager. */
import type { ExpandContext, Grant, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { attachPolicies, SESSION_MANAGER } from "./managed-policies.js";
import { workloadRole } from "./roles.js";
import { wire } from "./wiring.js";

/** Declares role and profile; roles `role`, `role-policy`, `session-manager`, `profile`. `ready`: what must stand before an instance starts. */
export function instanceProfile(
  ctx: ExpandContext,
  permissions: readonly Grant[] | undefined,
  sessionManager: boolean,
): { name: Value; ready: string[] } {
  const wiring = wire(ctx, { permissions });
  const role = workloadRole(ctx, "role", "ec2.amazonaws.com", [...wiring.grants, ...wiring.secretGrants]);
  const ready = [...role.ready, ...(sessionManager ? attachPolicies(ctx, role.name, { "session-manager": SESSION_MANAGER }) : [])];
  const profile = resource(ctx, "profile", "aws:iam/instanceProfile:InstanceProfile", { role: role.name, tags: ctx.tags });
  return { name: profile.out("name"), ready };
}
