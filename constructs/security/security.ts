/**
 * Security: rules of the platform team for a stack's keys, secrets, roles and web ACLs. Costs nothing; a key of its own is billed by KMS.
 *
 *   new Security(stack, { encryption: { kmsKey: "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", enforce: true } });
 *   new Security(stack, { iam: { permissionsBoundary: "arn:aws:iam::123456789012:policy/workloads", rolePath: "/apps/" } });
 */
import { z } from "zod";
import { bool, group, int, plainText, text } from "../../framework/model/fields.js";
import type { ExpandContext, StackFacts, Value, Verdict } from "../../framework/model/index.js";
import type { PropsOf } from "../base/common.js";
import { InfraConstruct } from "../base/infra.js";
import { defineKind } from "../base/kind.js";
import type { Stack } from "../base/stack.js";
import type { Statement } from "../iam.js";
import { openKey } from "./key-policy.js";
import { unencrypted, withoutOwnKey } from "./encryption-state.js";
import { securityOf } from "./settings.js";

const schema = () =>
  z.strictObject({
    encryption: group(
      {
        kmsKey: plainText(
          "ARN of the KMS key of whatever keeps data and names no key of its own: queues, topics, tables, buckets, databases, caches, file systems, disks, secrets, logs, Kafka. The key's policy must let the services use it that act by themselves: plans say which statements it needs. A new key replaces databases, caches, file systems and disks.",
          {
            pattern: /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
            expected: "arn:aws:kms:<region>:<account>:key/<id>",
            default: "each service's own key",
          },
        ).optional(),
        enforce: bool("Refuses what is not encrypted at rest and, with kmsKey, what is under no key of the account.", {
          default: false,
        }).optional(),
      },
      "Encryption at rest.",
    ).optional(),
    secrets: group(
      {
        rotationDays: int(
          "Days between two rotations: of database passwords that AWS manages, and of Secret components with a rotation.lambda that say none.",
          1,
          1000,
          { unit: "days", default: "7 for database passwords" },
        ).optional(),
      },
      "Secrets.",
    ).optional(),
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
export interface SecurityProps extends PropsOf<ReturnType<typeof schema>> {}

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
  summary: "Rules of the platform team for keys, secrets, roles and web ACLs of a stack.",
  schema,
  infra: [],
  outputs: {},
  stateful: false,
  complete({ encryption }: z.output<ReturnType<typeof schema>>, components, ctx) {
    const logs = components.some(({ resources }) => resources.some((r) => r.type === LOG_GROUP && r.props.kmsKeyId === encryption?.kmsKey));
    if (encryption?.kmsKey !== undefined && logs) openKey(ctx, encryption.kmsKey, [logsStatement(ctx)]);
  },
  judge: ({ encryption }: z.output<ReturnType<typeof schema>>, stack) =>
    encryption?.enforce ? encryptionFaults(stack, encryption.kmsKey !== undefined) : [],
});

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** CloudWatch Logs refuses a log group under a key that it can't use (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS"). */
function logsStatement({ regionValue, accountId }: ExpandContext): Statement {
  return {
    sid: "Logs",
    principals: { Service: { $text: ["logs.", regionValue, ".amazonaws.com"] } },
    actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
    resources: ["*"],
    conditions: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": { $text: ["arn:aws:logs:", regionValue, ":", accountId, ":log-group:*"] } },
    },
  };
}

/** What keeps data without encryption or, where the stack has a key, under AWS's own. */
function encryptionFaults(stack: StackFacts, keyed: boolean): Verdict[] {
  return stack.components.flatMap(({ address, resources }) =>
    resources.flatMap((resource) => {
      const fault = unencrypted(resource) ?? (keyed ? withoutOwnKey(resource) : undefined);
      return fault
        ? [{ ...fault, address, code: "encryption-enforced", message: `${fault.message}; Security.encryption.enforce refuses that` }]
        : [];
    }),
  );
}

/** What the stack's Security document says of every role. */
export function roleSettings(ctx: Pick<ExpandContext, "infra">): { [key: string]: Value } {
  const { iam } = securityOf(ctx);
  return {
    ...(iam?.permissionsBoundary === undefined ? {} : { permissionsBoundary: iam.permissionsBoundary }),
    ...(iam?.rolePath === undefined ? {} : { path: iam.rolePath }),
  };
}

/** The web ACL of the stack's Security document, or undefined. */
export function stackWebAcl(ctx: Pick<ExpandContext, "infra">): Value | undefined {
  const { waf } = securityOf(ctx);
  return waf?.enabled === false ? undefined : waf?.webAclArn;
}
