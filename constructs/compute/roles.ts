/** Roles of a task: one that the program acts as, one that starts it. Each may do what its references need, on those resources only. */
import type { ExpandContext, Grant, ResourceHandle, Value } from "../../framework/model/index.js";
import { assumeRolePolicy, policyDocument, type Statement } from "../iam.js";
import { resource } from "../base/resource.js";

const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

/** A statement that may hold under conditions only. */
export type ScopedGrant = Grant & Pick<Statement, "conditions">;

/** A role and, if it may do anything, the URN of its policy. */
export interface RoleWithPolicy {
  arn: Value;
  name: Value;
  /** What must stand before the role is used. */
  ready: string[];
}

/** Declares a role that `service` may assume, and its policy if there are grants; roles `<role>` and `<role minus -role>-policy`. */
export function workloadRole(ctx: ExpandContext, role: string, service: string, grants: readonly ScopedGrant[]): RoleWithPolicy {
  const handle: ResourceHandle = resource(ctx, role, ROLE, { assumeRolePolicy: assumeRolePolicy(service), tags: ctx.tags });
  if (grants.length === 0) return { arn: handle.out("arn"), name: handle.out("name"), ready: [] };
  const policy = resource(ctx, role.replace(/(-role)?$/, "-policy"), ROLE_POLICY, {
    role: handle.out("name"),
    policy: policyDocument(grants),
  });
  return { arn: handle.out("arn"), name: handle.out("name"), ready: [policy.urn] };
}

/** What writing to a log group takes. */
export function logGrant(group: ResourceHandle): Grant {
  return { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [{ $text: [group.out("arn"), ":*"] }] };
}
