/** Flow logs of the stack's network: who talked to whom, to CloudWatch Logs. About $0.50 per GB written. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { assumeRolePolicy, policyDocument } from "../iam.js";
import { resource } from "../base/resource.js";
import { retentionDays } from "../compute/logs.js";

/** Declares log group, role and flow log; roles `flow-logs`, `flow-logs-role`, `flow-logs-policy`, `flow-logs-group`. */
export function flowLogs(ctx: ExpandContext, vpcId: Value): void {
  const group = resource(ctx, "flow-logs-group", "aws:cloudwatch/logGroup:LogGroup", {
    retentionInDays: retentionDays(ctx),
    tags: ctx.tags,
  });
  const role = resource(ctx, "flow-logs-role", "aws:iam/role:Role", {
    assumeRolePolicy: assumeRolePolicy("vpc-flow-logs.amazonaws.com"),
    tags: ctx.tags,
  });
  resource(ctx, "flow-logs-policy", "aws:iam/rolePolicy:RolePolicy", {
    role: role.out("name"),
    policy: policyDocument([
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        resources: [group.out("arn"), { $text: [group.out("arn"), ":*"] }],
      },
    ]),
  });
  resource(ctx, "flow-logs", "aws:ec2/flowLog:FlowLog", {
    vpcId,
    trafficType: "ALL",
    logDestinationType: "cloud-watch-logs",
    logDestination: group.out("arn"),
    iamRoleArn: role.out("arn"),
    tags: ctx.tags,
  });
}
