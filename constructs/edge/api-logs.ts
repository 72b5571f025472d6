/** Access logs of APIs: one line of JSON per request or message. */
import type { ExpandContext, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { retentionDays } from "../compute/logs.js";
import type { OpenForm } from "./openapi.js";

const COMMON = { requestId: "$context.requestId", time: "$context.requestTime", ip: "$context.identity.sourceIp" };
const ANSWER = {
  path: "$context.path",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
};

/** What is logged by form (API Gateway Developer Guide, "Customizing HTTP API access logs", "Variables for access logging for API Gateway", "Set up logging for WebSocket APIs"). */
const FORMATS: { [F in OpenForm | "websocket"]: { [field: string]: string } } = {
  http: { ...COMMON, method: "$context.httpMethod", route: "$context.routeKey", ...ANSWER, error: "$context.integrationErrorMessage" },
  rest: { ...COMMON, method: "$context.httpMethod", route: "$context.resourcePath", ...ANSWER, error: "$context.error.message" },
  websocket: {
    ...COMMON,
    event: "$context.eventType",
    route: "$context.routeKey",
    connection: "$context.connectionId",
    status: "$context.status",
    milliseconds: "$context.integrationLatency",
    error: "$context.error.message",
  },
};

/**
 * Declares the log group, role `access-logs`; undefined where no logs are wanted. Those of rest and websocket APIs are written by a role
 * that an account has once for each region, which no stack may own (Developer Guide, "Set up CloudWatch logging for REST APIs").
 */
export function accessLogs(
  ctx: ExpandContext,
  wanted: boolean | undefined,
  form: keyof typeof FORMATS,
): { destinationArn: Value; format: string } | undefined {
  if (!wanted) return undefined;
  if (form !== "http")
    ctx.notice(`API Gateway writes access logs by the CloudWatch role in its settings of the account and region; it must be set`);
  const group = resource(ctx, "access-logs", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: retentionDays(ctx), tags: ctx.tags });
  return { destinationArn: group.out("arn"), format: JSON.stringify(FORMATS[form]) };
}
