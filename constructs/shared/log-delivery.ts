/** The role with which CloudWatch Logs hands the stack's logs to a stream of Amazon Data Firehose: `_stack/log-delivery`. Costs nothing. */
import type { SharedKind, Value } from "../../framework/model/index.js";
import { assumeRolePolicy, policyDocument } from "../iam.js";
import { declared, resource } from "../base/resource.js";
import { logStream } from "../compute/logs.js";

/** What a log group gets. */
export interface LogDeliveryHandle {
  roleArn: Value;
  /** URNs that must stand before a subscription is made: CloudWatch Logs tries the stream. */
  ready: string[];
}

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

/** The shared resource `log-delivery`. */
export const sharedLogDelivery: SharedKind = {
  name: "log-delivery",
  handle: (_request, ctx): LogDeliveryHandle => ({
    roleArn: declared(ctx, undefined, ROLE).out("arn"),
    ready: [ctx.urn("policy", POLICY)],
  }),
  expand(_requests, ctx) {
    // CloudWatch Logs User Guide, "Subscription filters with Amazon Data Firehose": only for log groups of this account.
    const source: Value = { $text: ["arn:aws:logs:", ctx.regionValue, ":", ctx.accountId, ":*"] };
    const role = resource(ctx, undefined, ROLE, {
      assumeRolePolicy: assumeRolePolicy("logs.amazonaws.com", { StringLike: { "aws:SourceArn": source } }),
      tags: ctx.tags,
    });
    resource(ctx, "policy", POLICY, {
      role: role.out("name"),
      policy: policyDocument([{ actions: ["firehose:PutRecord", "firehose:PutRecordBatch"], resources: [logStream(ctx) ?? ""] }]),
    });
    return { outputs: {} };
  },
};
