/**
 * Security: rules of the platform team that every role of a stack keeps. Costs nothing.
 *
 *   new Security(stack, { iam: { permissionsBoundary: "arn:aws:iam::123456789012:policy/workloads", rolePath: "/apps/" } });
 */
import { z } from "zod";
import { group, notYet, plainText, text } from "../../framework/model/fields.js";
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
  waf: notYet("A web ACL for all load balancers."),
});

/** Props of {@link Security}. */
export interface SecurityProps extends PropsOf<typeof schema> {}

/** Rules that every role of a stack keeps. */
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
