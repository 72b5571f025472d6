/**
 * Security: rules of the platform team that every role of a stack keeps. Costs nothing.
 *
 *   new Security(stack, { iam: { permissionsBoundary: "arn:aws:iam::123456789012:policy/workloads", rolePath: "/apps/" } });
 */
import { z } from "zod";
import { bool, group, notYet, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, Value } from "../../framework/model/index.js";
import type { PropsOf } from "../base/common.js";
import { InfraConstruct } from "../base/infra.js";
import { defineKind } from "../base/kind.js";
import type { Stack } from "../base/stack.js";

const schema = z.strictObject({
  encryption: notYet("A key for everything, and whether less is refused."),
  secrets: notYet("How often secrets are rotated."),
  iam: group(
    {
      permissionsBoundary: text("ARN of a policy that no role of the stack may go beyond.").optional(),
      rolePath: plainText("Path of the stack's roles, such as /apps/.", {
        pattern: /^\/([!-.0-~]+\/)*$/,
        expected: "a path that begins and ends with /",
        max: 512,
        default: "/",
      }).optional(),
    },
    "All roles that the stack makes.",
  ).optional(),
  waf: group(
    {
      enabled: bool("On or off.", { default: true }).optional(),
      webAclArn: text("ARN of a web ACL (AWS WAF, scope REGIONAL, in the stack's region)."),
    },
    "A web ACL that requests to the stack's load balancers, ALBs and rest APIs must pass, unless these name another.",
  ).optional(),
});

/** Props of {@link Security}. */
export interface SecurityProps extends PropsOf<typeof schema> {}

/** Rules that every role of a stack keeps, and every load balancer. */
export class Security extends InfraConstruct {
  constructor(stack: Stack, props: SecurityProps) {
    super("Security", stack, props);
  }
}

/** Kind `Security`. */
export const securityKind = defineKind({
  name: "Security",
  group: "infra",
  summary: "Rules of the platform team that every role of the stack keeps.",
  schema,
  infra: [],
  outputs: {},
  stateful: false,
});

/** What the stack's Security document says of every role. */
export function roleSettings(ctx: Pick<ExpandContext, "infra">): { [key: string]: Value } {
  const { iam } = (ctx.infra("Security") ?? {}) as { iam?: { permissionsBoundary?: Value; rolePath?: string } };
  return {
    ...(iam?.permissionsBoundary === undefined ? {} : { permissionsBoundary: iam.permissionsBoundary }),
    ...(iam?.rolePath === undefined ? {} : { path: iam.rolePath }),
  };
}

/** The web ACL of the stack's Security document, or undefined. */
export function stackWebAcl(ctx: Pick<ExpandContext, "infra">): Value | undefined {
  const { waf } = (ctx.infra("Security") ?? {}) as { waf?: { enabled?: boolean; webAclArn: Value } };
  return waf?.enabled === false ? undefined : waf?.webAclArn;
}
